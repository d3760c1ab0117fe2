"""Files from elsewhere: what is shifted, cut, misread or unknown changes nothing, and says why."""

from __future__ import annotations

from datetime import date
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from classrooms.actions.prepare_import import is_address
from classrooms.forms.words import refusal_words
from classrooms.gateways.photos import PhotoTooLarge, reencoded
from classrooms.policy.guardians import read_guardians
from classrooms.policy.matching import Known
from classrooms.policy.onde import read_students
from classrooms.policy.plan import NEW, plan_import

TODAY = date(2026, 11, 16)
ALL = frozenset({"last_name", "first_name", "birth_on", "level", "class", "group"})
HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Adresse1;Cp1;Commune1;Niveau;Libellé classe;"
    "Décision de passage"
)
OANEZ = "KERVADEC;;Oanez;04/03/2018;3 quai Neuf;29000;QUIMPER;CE1;CE1 Mouette;"
BRIAC = "TALHOUARN;;Briac;09/07/2018;5 quai Neuf;29000;QUIMPER;CE1;CE1 Mouette;"
ADULTS = "Courriel;Nom de famille enfant;Prénom enfant;Classes enfants"
BESIDE = "KERVADEC;Oanez;CE1 Mouette"


def read(*lines, header=HEADER, encoding="utf-8"):
    return read_students("\n".join([header, *lines]).encode(encoding), allowed=ALL, today=TODAY)


def adults(*lines, header=ADULTS):
    data = "\n".join([header, *lines]).encode()
    return read_guardians(data, allowed=frozenset({"email"}), is_address=is_address)


def refused(file):
    return [(each.file, each.line, each.column, each.reason) for each in file.refused]


def known_of(file):
    return [
        Known(uuid4(), row.last_name, row.first_name, row.birth_on, "", row.level, row.class_name)
        for row in file.rows
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (OANEZ.replace("CE1;", "Cours élémentaire première année;"), "too_long"),
        (OANEZ.replace("CE1;", "QUIMPER;"), "unknown_level"),
        (OANEZ.replace("3 quai Neuf", "3 quai Neuf;bâtiment A"), "cells_beyond"),
        ("KERVADEC;;Oanez;04/03/2018;3 quai Neuf;29000;QUIMPER;CE1;CE1 Mou", "cut_short"),
        ("KERVADEC;;Oanez;04/03/2018;3 quai Ne", "cut_short"),
        ('"KERVADEC;;Oanez;04/03/2018;3 quai Neuf;29000;QUIMPER;CE1;CE1 Mouette;', "cut_short"),
        (OANEZ.replace("Oanez", "Oa\u200bnez"), "unreadable"),
        (OANEZ.replace("Oanez", "Oa\u202enez"), "unreadable"),
    ],
)
def test_one_line_that_is_wrong_is_refused_by_its_number_and_the_others_are_read(line, reason):
    file = read(BRIAC, line)
    assert [(each.line, each.reason) for each in file.refused] == [(3, reason)]
    assert [row.first_name for row in file.rows] == ["Briac"]
    assert refusal_words(file.refused[0])


def test_a_level_too_long_says_the_limit():
    (found,) = read(OANEZ.replace("CE1;", "Cours élémentaire première année;")).refused
    assert (found.column, found.facts["longest"]) == ("Niveau", 20)


def test_one_empty_cell_more_on_every_line_shifts_nothing():
    assert len(read(f"{OANEZ};", f"{BRIAC};").rows) == 2
    assert len(read(OANEZ, f"{BRIAC};").rows) == 1


def test_a_hint_to_a_spreadsheet_is_passed_over():
    file = read(HEADER, OANEZ, header="sep=;")
    assert [row.line for row in file.rows] == [3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"{HEADER}\n{OANEZ}".encode("cp850"), "old_encoding"),
        (f"{HEADER}\n{OANEZ}".encode("mac_roman"), "old_encoding"),
        (f"{HEADER}\n{OANEZ}".encode().decode("cp1252").encode(), "encoded_twice"),
        (f"{HEADER}\n".encode() + OANEZ.replace("Oanez", "Éloïse").encode()[:16] + b"\xe9\n", "damaged_text"),
        (f"{HEADER}\n{OANEZ}".encode("utf-16")[:-1], "unknown_encoding"),
        (b"<?xml version='1.0'?><BEE_ELEVES></BEE_ELEVES>", "siecle"),
        ("Code MEF;Nom de famille;Prénom".encode(), "siecle"),
        (b"sourcedId;status;givenName;familyName", "oneroster"),
        (b"PK\x03\x04....manifest.csv", "oneroster"),
        (b"PK\x03\x04....xl/workbook.xml", "not_csv"),
        (f"{ADULTS}\nmere@exemple.test;{BESIDE}".encode(), "guardians_file"),
        (f"{HEADER}\n{OANEZ.replace('Oanez', 'Oa' + chr(0) + 'nez')}".encode(), "nul"),
    ],
)
def test_a_file_that_is_another_is_refused_as_a_whole_by_its_name(content, reason):
    file = read_students(content, allowed=ALL, today=TODAY)
    assert [each.reason for each in file.refused] == [reason]
    assert not file.rows
    assert refusal_words(file.refused[0])


def test_old_encodings_are_named():
    (found,) = read_students(f"{HEADER}\n{OANEZ}".encode("cp850"), allowed=ALL, today=TODAY).refused
    assert "MS-DOS" in refusal_words(found)


def test_nobody_is_missing_from_a_file_that_can_not_be_read():
    everybody = known_of(read(OANEZ, BRIAC))
    assert plan_import((), everybody).missing == ()


def test_a_turkish_letter_without_its_dot_is_the_same_pupil():
    before = known_of(read("YILDIRIM;;Nazlı;12/05/2018;;;;CE1;CE1 Mouette;"))
    plan = plan_import(read("YILDIRIM;;NAZLI;12/05/2018;;;;CE1;CE1 Mouette;").rows, before)
    assert (len(plan.created), len(plan.unchanged), len(plan.missing)) == (0, 1, 0)


def test_letters_in_two_pieces_are_stored_as_one_and_change_nothing():
    composed = read("HÉNAFF;;Maëlle;12/05/2018;;;;CE1;CE1 Mouette;")
    parted = read("HE\u0301NAFF;;Mae\u0308lle;12/05/2018;;;;CE1;CE1 Mouette;")
    assert composed.rows == parted.rows
    plan = plan_import(parted.rows, known_of(composed))
    assert (len(plan.changed), len(plan.unchanged)) == (0, 1)


TWINS = ("TRAN;;Hoa;12/05/2018;;;;CE1;CE1 Mouette;", "TRAN;;Hoà;12/05/2018;;;;CE1;CE1 Mouette;")


def test_twins_who_differ_by_an_accent_are_asked_about_once():
    file = read(*TWINS)
    asked = plan_import(file.rows, [])
    assert [(each.line, each.reason) for each in asked.refused] == [(3, "twice_in_file")]
    answered = plan_import(file.rows, [], choices={3: NEW})
    assert (len(answered.created), len(answered.refused)) == (2, 0)
    both = known_of(file)
    for rows in (file.rows, file.rows[::-1], read(*(line.upper() for line in TWINS)).rows):
        plan = plan_import(rows, both)
        assert (len(plan.unchanged), len(plan.refused), len(plan.ambiguous)) == (2, 0, 0)


def test_the_same_line_twice_is_still_refused():
    file = read(OANEZ, OANEZ)
    plan = plan_import(file.rows, known_of(read(OANEZ)))
    assert [(each.line, each.reason) for each in plan.refused] == [(3, "twice_in_file")]


@pytest.mark.parametrize(
    "email",
    [
        "zoé.prénom@exemple.test",
        "mailto:nom@exemple.test",
        "nom2@exemple.test\u200b",
        ".nom3@exemple.test",
        "nom..deux@exemple.test",
        "nom@exemple",
    ],
)
def test_an_address_that_a_form_would_refuse_is_refused(email):
    file = adults(f"mere@exemple.test;{BESIDE}", f"{email};{BESIDE}")
    assert [row.email for row in file.rows] == ["mere@exemple.test"]
    ((where, line, column, _reason),) = refused(file)
    assert (where, line, column) == ("guardians", 3, "Courriel")


@pytest.mark.parametrize(
    ("header", "line", "reason"),
    [
        (ADULTS, f"mere@exemple.test;{BESIDE};;TALHOUARN;Briac;CE1 Mouette", "cells_beyond"),
        (f"Courriel;{ADULTS}", f";mere@exemple.test;{BESIDE}", "column_twice"),
        (HEADER, OANEZ, "pupils_file"),
    ],
)
def test_nothing_of_the_guardians_file_is_lost_in_silence(header, line, reason):
    file = adults(line, header=header)
    assert not file.rows
    ((where, _line, _column, said),) = refused(file)
    assert (where, said) == ("guardians", reason)


@pytest.mark.usefixtures("db")
def test_the_command_fails_on_a_file_of_which_nothing_can_be_used(school, tmp_path):
    file = tmp_path / "eleves.csv"
    file.write_bytes(f"{ADULTS}\nmere@exemple.test;{BESIDE}".encode())
    out = StringIO()
    with pytest.raises(CommandError, match="nothing was done"):
        call_command("import_students", tenant=school.slug, pupils=file, stdout=out)
    assert "missing: 0" in out.getvalue()
    assert "pupils: 1" in out.getvalue()


def picture(image, **options):
    out = BytesIO()
    image.save(out, **options)
    return out


def pixel(made, x, y):
    with Image.open(BytesIO(made.file.read())) as drawn:
        return drawn.getpixel((x, y))


@pytest.mark.parametrize(("x", "level"), [(0, 0), (32, 128), (63, 255)])
def test_a_grey_picture_of_16_bits_keeps_its_greys(x, level):
    scan = Image.new("I;16", (64, 8))
    for column in range(64):
        for row in range(8):
            scan.putpixel((column, row), column * 1040)
    red, green, blue = pixel(reencoded(picture(scan, format="PNG")), x, 4)
    assert max(abs(red - level), abs(green - level), abs(blue - level)) <= 6


def test_a_picture_for_print_keeps_its_colours():
    red, green, blue = pixel(
        reencoded(picture(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), format="JPEG")), 9, 9
    )
    assert red > 240
    assert max(green, blue) < 20


def test_a_picture_that_measures_too_much_is_refused_before_it_is_read_and_says_how_many_pixels():
    with pytest.raises(PhotoTooLarge) as refusal:
        reencoded(picture(Image.new("1", (6000, 5000)), format="PNG"))
    assert refusal.value.megapixels == 24
