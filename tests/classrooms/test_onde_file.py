"""Reading the pupils' file: encodings, columns in any order, and what is wrong where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.forms.words import refusal_words
from classrooms.policy.names import name_key
from classrooms.policy.onde import FIELDS, read_students

HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date "
    "naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;"
    "Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;"
    "Autorisation photo;Décision de passage"
)
ROW = "BÉRAUD;;Élan;03/02/2018;M;123456789AB;1 rue X;35000;RENNES;FRANCE;;;;;CYCLE II;CE1;CE1 A;77;O;N;O;"
TODAY = date(2026, 11, 16)
ALL = frozenset({"last_name", "first_name", "birth_on", "level", "class", "group"})
SCHOOL = ALL - {"level"}


def read(text: str, encoding: str = "utf-8", allowed: frozenset[str] = ALL):
    return read_students(text.encode(encoding), allowed=allowed, today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_reads_the_same_in_every_encoding(encoding, newline):
    file = read(newline.join([HEADER, ROW, ""]), encoding)
    assert not file.refused
    (row,) = file.rows
    assert (row.line, row.last_name, row.first_name, row.birth_on) == (2, "BÉRAUD", "Élan", date(2018, 2, 3))
    assert (row.preferred_last_name, row.level, row.class_name, row.class_code) == ("", "CE1", "CE1 A", "77")


def test_columns_may_be_headed_as_places_of_children_do():
    file = read("Nom enfant;Prénom enfant;Date naissance;Section\nBéraud;Élan;03/02/2018;Les Coccinelles")
    assert not file.refused
    assert (file.rows[0].last_name, file.rows[0].class_name) == ("Béraud", "Les Coccinelles")


def test_what_the_annex_does_not_list_is_dropped_and_said():
    file = read(f"{HEADER};Cantine\n{ROW};oui", allowed=SCHOOL)
    assert file.rows[0].level is None
    assert "Niveau" in file.dropped
    assert {"INE", "Adresse1", "Sexe", "Cycle", "Autorisation photo"} <= set(file.dropped)
    assert file.ignored == ("Cantine",)
    assert "Libellé classe" not in file.dropped


@given(order=st.permutations(list(FIELDS)))
def test_columns_come_in_any_order(order):
    cells = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True))
    cells["Cycle"] = cells.pop(" Cycle")
    mixed = read(";".join(order) + "\n" + ";".join(cells[name] for name in order))
    assert mixed.rows == read(f"{HEADER}\n{ROW}").rows


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        (("BÉRAUD", ""), "Nom élève", "empty"),
        (("BÉRAUD", "?!"), "Nom élève", "not_a_name"),
        (("Élan", " "), "Prénom élève", "empty"),
        (("Élan", "É" * 101), "Prénom élève", "too_long"),
        (("03/02/2018", ""), "Date naissance", "empty"),
        (("03/02/2018", "hier"), "Date naissance", "not_a_date"),
        (("03/02/2018", "31/02/2018"), "Date naissance", "no_such_day"),
        (("03/02/2018", "03/02/2028"), "Date naissance", "in_the_future"),
        (("03/02/2018", "03/02/1018"), "Date naissance", "too_long_ago"),
    ],
)
def test_a_bad_row_says_its_line_its_column_and_why_and_the_others_are_read(change, column, reason):
    file = read("\n".join([HEADER, ROW, "", ROW.replace(*change), ROW.replace("Élan", "Noé")]))
    assert [(r.line, r.column, r.reason) for r in file.refused] == [(4, column, reason)]
    assert [row.line for row in file.rows] == [2, 5]


@pytest.mark.parametrize(
    ("data", "column", "reason"),
    [
        (b"", "", "empty_file"),
        (b"\xef\xbb\xbf\n", "", "empty_file"),
        (b"PK\x03\x04xxxx", "", "not_csv"),
        (b"Nom,Prenom,Date\nA,B,C", "", "separator"),
        ("Nom élève;Date naissance\nA;01/01/2018".encode(), "Prénom élève", "column_missing"),
        (f"{HEADER};Niveau\n{ROW};CP".encode(), "Niveau", "column_twice"),
    ],
)
def test_a_file_that_is_no_pupils_file_is_one_refusal(data, column, reason):
    file = read_students(data, allowed=ALL, today=TODAY)
    assert not file.rows
    assert [(r.line, r.column, r.reason) for r in file.refused] == [(1, column, reason)]


def test_days_are_read_as_the_french_and_the_machines_write_them():
    for text in ("03/02/2018", "3/2/2018", "03-02-2018", "2018-02-03"):
        assert read(f"{HEADER}\n{ROW.replace('03/02/2018', text)}").rows[0].birth_on == date(2018, 2, 3)


def test_a_quote_left_open_is_refused_rather_than_swallowing_what_follows_in_silence():
    file = read("\n".join([HEADER, '"' + ROW, ROW.replace("Élan", "Noé")]))
    assert file.refused
    assert file.refused[0].line == 2


@pytest.mark.parametrize("end", ["", '"Avenue Y";35000'])
def test_a_quote_left_open_in_a_column_that_is_not_kept_loses_no_pupil(end):
    opened = ROW.replace("1 rue X", '"1 rue X')
    file = read("\n".join([HEADER, ROW, opened, ROW.replace("Élan", "Noé"), ROW.replace("1 rue X", end)]))
    assert not file.rows
    assert [(r.line, r.reason) for r in file.refused] == [(3, "open_quote")]


def test_an_address_on_two_lines_is_read():
    file = read(
        "\n".join([HEADER, ROW.replace("1 rue X", '"1 rue X\nBâtiment B"'), ROW.replace("Élan", "Noé")])
    )
    assert [row.line for row in file.rows] == [2, 4]


def test_a_nul_far_into_the_file_is_refused_with_its_line():
    file = read("\n".join([HEADER, ROW, ROW.replace("Élan", "É\x00lan")]))
    assert [(r.line, r.reason) for r in file.refused] == [(3, "nul")]
    assert not file.rows


def test_a_line_cut_short_or_too_long_changes_nothing():
    short = ROW.split(";CYCLE II")[0]
    file = read("\n".join([HEADER, short, f"{ROW};;", f"{ROW};CM2"]))
    assert [(r.line, r.column, r.reason) for r in file.refused] == [
        (2, "", "cut_short"),
        (3, "", "cells_beyond"),
        (4, "", "cells_beyond"),
    ]
    assert not file.rows


@given(data=st.binary(max_size=400))
def test_any_bytes_give_an_answer(data):
    assert read_students(data, allowed=ALL, today=TODAY).rows == ()  # no heading, no pupil
    file = read_students(HEADER.encode() + b"\n" + data, allowed=ALL, today=TODAY)
    assert all(row.last_name and row.first_name and row.birth_on <= TODAY for row in file.rows)
    assert {row.line for row in file.rows}.isdisjoint(error.line for error in file.refused)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Élan", "ELAN"),
        ("Jean-Pierre", "Jean Pierre"),
        ("D’Artagnan", "d'artagnan"),
        ("Cœur", "COEUR"),
        ("Łucja", "lucja"),
    ],
)
def test_spellings_of_a_name_that_are_one(one, other):
    assert name_key(one) == name_key(other)


@given(name=st.text(max_size=40))
def test_a_names_key_has_a_key_of_its_own_which_is_itself(name):
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("cell", "reason", "code"),
    [
        ("É\u202enal", "unreadable", "U+202E"),
        ("É\u200blan", "unreadable", "U+200B"),
        ("\ufffdlan", "lost_letter", "U+FFFD"),
    ],
)
@pytest.mark.parametrize("column", ["Prénom élève", "Nom élève", "Libellé classe"])
def test_a_name_nobody_can_read_is_refused_with_its_line_and_place(cell, reason, code, column):
    cells = ROW.split(";")
    cells[HEADER.split(";").index(column)] = cell
    file = read("\n".join([HEADER, ROW.replace("Élan", "Noé"), ";".join(cells)]))
    (refusal,) = file.refused
    assert (refusal.line, refusal.column, refusal.reason) == (3, column, reason)
    assert refusal.facts == {"place": cell.index(chr(int(code[2:], 16))) + 1, "code": code}
    assert code in refusal_words(refusal)
    assert len(file.rows) == 1
