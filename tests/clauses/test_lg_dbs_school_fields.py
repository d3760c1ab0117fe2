"""LG-DBs: of a school's pupils only what the annex lists is kept.

The rest of the file is dropped and said.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from classrooms.models import Guardian, ImportBatch, Student
from classrooms.policy.annex import student_columns
from classrooms.policy.onde import FIELDS
from isolation.context import inside
from tests.clauses.processors import TENANT, head
from tests.clauses.stage import later, plain
from tests.conftest import open_school

SCHOOL = frozenset(
    {"first_name", "last_name", "birth_on", "handedness", "class", "group", "results", "progress"}
)


def test_a_school_keeps_names_birth_date_and_class():
    columns = student_columns(FIELDS, fields=FIELDS, allowed=SCHOOL)
    assert set(columns.kept.values()) == {
        "last_name",
        "preferred_last_name",
        "first_name",
        "birth_on",
        "class_name",
        "class_code",
    }


def test_never_the_national_number_the_sex_or_an_address():
    columns = student_columns(
        FIELDS, fields=FIELDS, allowed=frozenset({*SCHOOL, "level", "ine", "address", "sex"})
    )
    assert {"INE", "Sexe", "Adresse1", "Cp1", "Commune1", "Adresse2", "Autorisation photo"} <= set(
        columns.dropped
    )


@given(
    allowed=st.frozensets(st.sampled_from(sorted({*SCHOOL, "level"}))),
    extra=st.lists(st.text(min_size=1), max_size=3),
)
def test_each_column_is_kept_dropped_or_ignored(allowed, extra):
    header = [*FIELDS, *(name for name in extra if name not in FIELDS)]
    columns = student_columns(header, fields=FIELDS, allowed=allowed)
    assert sorted([*columns.kept, *columns.dropped, *columns.ignored]) == sorted(set(header))
    assert ("Niveau" in columns.kept) == ("level" in allowed)


ADULTS = "Nom responsable;Prénom responsable;Courriel;Nom de famille enfant;Prénom enfant;Classes enfants"
PUPILS = "Nom élève;Prénom élève;Date naissance;Sexe;INE;Libellé classe"


@pytest.mark.story(
    "LG-DBs",
    "LG-DBk",
    door="page",
    fr="Une école dépose ses deux fichiers : le numéro national, le sexe et tout ce qui est des "
    "responsables sont écartés, et c’est dit. Elle ajoute les responsables à son annexe : déposé à "
    "nouveau, le fichier donne leur adresse, jamais leur nom.",
)
def test_what_the_annex_does_not_list_is_dropped_and_said_until_it_is_added(browse, clock, now, db):
    """A school drops its two files: the national number, the sex and all of the guardians are left out, and
    said to be. It adds guardians to its annex: dropped again, the file gives their address, never their name.
    """
    place = open_school("bouleaux", "École des Bouleaux", ["school"], licences=20)
    office = head(browse, place, now)
    first = dropped(office)
    words = plain(office.get(first).content.decode())
    for column in ("INE", "Sexe", "Courriel", "Nom responsable"):
        assert column in words
    confirm(office, first, clock)
    with inside(place):
        assert [str(each) for each in Student.objects.all()] == ["Noé Calvet"]
        assert not Guardian.objects.exists()
    added = {"subject": "guardian", "add": "1"}
    assert office.post(reverse("dpa:annex_change", urlconf=TENANT), added).status_code == 302
    again = dropped(office)
    words = plain(office.get(again).content.decode())
    assert "lise@famille.example" in words
    assert "Roux" not in words
    confirm(office, again, clock)
    with inside(place):
        assert [each.email for each in Guardian.objects.all()] == ["lise@famille.example"]
        stored = str(list(ImportBatch.objects.values()))
    assert "Roux" not in stored
    assert "123456789AB" not in stored


def dropped(office):
    """Return the page that shows what the two files would do."""
    pupils = f"{PUPILS}\nCalvet;Noé;03/02/2018;F;123456789AB;CE1 A\n"
    adults = f"{ADULTS}\nRoux;Lise;lise@famille.example;Calvet;Noé;CE1 A\n"
    files = {
        "pupils": SimpleUploadedFile("eleves.csv", pupils.encode("latin-1")),
        "guardians": SimpleUploadedFile("responsables.csv", adults.encode("latin-1")),
    }
    answer = office.post(reverse("classrooms:imports", urlconf=TENANT), files)
    assert answer.status_code == 302, plain(answer.content.decode())
    return answer.url


def confirm(office, preview, clock):
    """Confirm what a page shows, and let it be done."""
    shown = re.search(r'name="shown" value="([^"]+)"', office.get(preview).content.decode())
    assert office.post(f"{preview}confirm/", {"shown": shown[1]}).status_code == 302
    later(clock, minutes=1)
