"""The files of the invented school: what the issue of any school software begins with."""

import csv
from collections import Counter
from datetime import date

from demo.onde import GUARDIANS, LATER, PUPILS, onde_file
from demo.onde.generate import GUARDIANS as GUARDIANS_HEADER
from demo.onde.generate import PUPILS as PUPILS_HEADER
from demo.onde.generate import as_file, families, guardian_rows, student_rows
from demo.onde.nursery import nursery_files

TODAY = date(2026, 11, 16)
HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date "
    "naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;Commune2;"
    "Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;"
    "Autorisation photo;Décision de passage"
)


def rows(name: str, today: date = TODAY) -> list[list[str]]:
    return list(csv.reader(onde_file(name, today=today).decode("utf-8-sig").splitlines(), delimiter=";"))


def test_the_shipped_files_are_what_the_generator_writes():
    assert as_file(PUPILS_HEADER, student_rows(families())) == onde_file(PUPILS, today=TODAY)
    assert as_file(GUARDIANS_HEADER, guardian_rows(families())) == onde_file(GUARDIANS, today=TODAY)


def test_the_header_is_the_registers_own():
    assert ";".join(rows(PUPILS)[0]) == HEADER


def test_there_are_210_pupils_in_eight_classes_and_nobody_twice():
    pupils = rows(PUPILS)[1:]
    assert len(pupils) == 210
    assert len({row[16] for row in pupils}) == 8
    assert max(Counter((row[0], row[2], row[3]) for row in pupils).values()) == 1


def test_there_are_twins_a_pupil_in_two_homes_and_accents():
    pupils = rows(PUPILS)[1:]
    assert sum(count == 2 for count in Counter((row[0], row[3]) for row in pupils).values()) == 2
    assert any(row[10] and row[10] != row[6] for row in pupils)
    assert any(not row[2].isascii() for row in pupils)


def test_every_guardian_has_an_address_of_their_own():
    addresses = [row[8] for row in rows(GUARDIANS)[1:]]
    assert len(addresses) == len(set(addresses)) > 200
    assert all(address.isascii() and address.endswith(".example") for address in addresses)


def test_birthdays_move_with_the_years():
    assert rows(PUPILS, date(2029, 10, 1))[1][3][-4:] == str(int(rows(PUPILS)[1][3][-4:]) + 3)
    assert rows(PUPILS, date(2027, 3, 1)) == rows(PUPILS)


def test_the_later_file_brings_two_and_misses_three():
    before, after = ({(row[0], row[2]) for row in rows(name)[1:]} for name in (PUPILS, LATER))
    assert len(after - before) == 2
    assert len(before - after) == 3


def test_the_nursery_lists_each_child_with_a_parent():
    children, parents = nursery_files(TODAY)
    assert children.count(b"\r\n") == parents.count(b"\r\n") == 19
