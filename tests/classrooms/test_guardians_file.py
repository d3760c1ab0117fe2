"""Reading the guardians' file: three children beside an adult, and nothing of the adult but the address."""

from classrooms.actions.prepare_import import is_address
from classrooms.policy.guardians import read_guardians

ADULT = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP "
    "responsable;"
    "Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable"
)
CHILD = "Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
HEADER = ";".join([ADULT, CHILD, CHILD, CHILD])
EMAIL = frozenset({"email"})


def adult(email: str, *children: str) -> str:
    return ";".join(
        [
            f"Mme;;Calvet;Lise;1 rue X;35000;RENNES;FRANCE;{email};;;",
            *children,
            *[";;;"] * (3 - len(children)),
        ]
    )


def read(*rows: str, allowed: frozenset[str] = EMAIL):
    return read_guardians(
        "\n".join([HEADER, *rows]).encode("latin-1"), allowed=allowed, is_address=is_address
    )


def test_each_adult_keeps_the_address_and_up_to_three_children():
    file = read(
        adult("Lise.Calvet@example.org", ";Calvet;Noé;CE1 A", ";Calvet;Zoé;CE1 A", "Roux;Calvet;Élie;CP")
    )
    (row,) = file.rows
    assert (row.line, row.email) == (2, "lise.calvet@example.org")
    assert [(c.last_name, c.preferred_last_name, c.first_name, c.classes) for c in row.children] == [
        ("Calvet", "", "Noé", "CE1 A"),
        ("Calvet", "", "Zoé", "CE1 A"),
        ("Calvet", "Roux", "Élie", "CP"),
    ]
    assert "Calvet" not in file.dropped
    assert {"Nom responsable", "Prénom responsable", "Adresse responsable", "Téléphone portable"} <= set(
        file.dropped
    )


def test_where_the_annex_has_no_guardians_nothing_is_kept_and_it_is_said():
    file = read(adult("lise@example.org", ";Calvet;Noé;CE1 A"), allowed=frozenset())
    assert file.rows == ()
    assert {"Courriel", "Nom responsable", "Prénom enfant"} <= set(file.dropped)


def test_an_adult_without_a_usable_address_or_without_child_is_refused():
    file = read(adult("", ";A;B;C"), adult("lise at example", ";A;B;C"), adult("lise@example.org"))
    assert [(r.line, r.column, r.reason) for r in file.refused] == [
        (2, "Courriel", "no_address"),
        (3, "Courriel", "not_an_address"),
        (4, "Prénom enfant", "no_child"),
    ]


def test_a_pupils_file_given_as_the_guardians_one_is_refused_by_its_header():
    file = read_guardians("Nom élève;Prénom élève\nA;B".encode(), allowed=EMAIL, is_address=is_address)
    assert [(r.line, r.column, r.reason) for r in file.refused] == [(1, "", "pupils_file")]


def test_a_quote_left_open_or_a_child_beyond_the_columns_loses_nobody_in_silence():
    file = read(adult("a@example.org", ';Fabre;Tom;"CP'), adult("b@example.org", ";Roux;Léa;CE1"))
    assert not file.rows
    assert [(r.line, r.reason) for r in file.refused] == [(2, "open_quote")]
    beyond = adult("a@example.org", *[";Fabre;Tom;CP"] * 4)
    file = read(beyond, adult("b@example.org", ";Roux;Léa;CE1"))
    assert [(r.line, r.reason) for r in file.refused] == [(2, "cells_beyond")]
    assert [row.line for row in file.rows] == [3]


def test_a_guardian_beside_a_name_nobody_can_read_is_refused():
    rows = [
        adult("a\u202eb@example.org", ";Calvet;Noé;CE1 A"),
        adult("c@example.org", ";Cal\ufffdet;Noé;CE1 A"),
    ]
    file = read_guardians("\n".join([HEADER, *rows]).encode(), allowed=EMAIL, is_address=is_address)
    assert [(each.line, each.column, each.reason) for each in file.refused] == [
        (2, "Courriel", "unreadable"),
        (3, "Prénom enfant", "lost_letter"),
    ]
    assert not file.rows
