"""Back to school: the file is read, shown and applied, the cards are printed, the teachers invited."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from classrooms.models import SchoolClass, Student
from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.people import PASSWORD, person_with
from isolation.context import inside
from people.models import Person, Role
from tests.clauses.stage import later, plain, read

FILE = """Nom élève;Prénom élève;Date naissance;Niveau;Libellé classe;INE
Abadie;Inès;01/01/2018;CE1;CE1 Aubry;111111111AA
Béraud;Élan;02/02/2018;CE2;CE2 Roy;222222222BB
Vandevyvère;Zoé;03/03/2018;CE1;CE1 Aubry;333333333CC
Zola;;04/04/2018;CE1;CE1 Aubry;444444444DD
"""
LAST_YEARS = (("Abadie", "Inès"), ("Béraud", "Élan"), ("Calvet", "Noé"))
TOLD = {"informed_on": "2026-09-07", "how": "letter", "covers": ["purpose", "access", "categories"]}


@pytest.fixture
def head(school: Any, now: Any, db: None) -> Any:
    """Return the head of a school that has three pupils in one class."""
    with inside(school):
        ours = ClassFactory(name="CE1 Aubry")
        for number, (last, first) in enumerate(LAST_YEARS, start=1):
            born = date(2018, number, number)
            StudentFactory(last_name=last, first_name=first, birth_on=born, school_class=ours)
        return person_with("administrator", now=now, email="direction@ecole.example")


def drop(office: Client) -> str:
    """Return the address of the page that shows what the file would do."""
    file = SimpleUploadedFile("eleves.csv", FILE.encode("latin-1"))
    return office.post(reverse("classrooms:imports"), {"pupils": file}).url  # type: ignore[attr-defined, no-any-return]


def part(office: Client, preview: str, name: str) -> str:
    """Return the words of one part of what the file would do."""
    page = office.get(f"{preview}?part={name}").content.decode()
    return plain(page.split('id="results">')[1].split("<aside")[0]).strip()


def by_card(browse: Any, school: Any, words: str) -> Client:
    """Return the browser of a pupil who typed what their card says."""
    found = re.search(r"Identifiant\s?:\s*(\S+)\s+Phrase de passe\s?:\s*((?:[a-zà-ÿ]+\s*)+)", words)
    assert found, words
    typed = {"login": found[1], "password": " ".join(found[2].split())}
    pupil: Client = browse(school)
    assert pupil.post(reverse("account_login"), typed).status_code == 302
    return pupil


def accept(browser: Client, page: str, **more: str) -> None:
    """Tick the terms a page asks to accept, and send it."""
    boxes = re.findall(r'name="(terms_[^"]+)"', browser.get(page).content.decode())
    assert browser.post(page, more | dict.fromkeys(boxes, "on")).status_code == 302


@pytest.mark.paper
def test_from_the_file_to_the_pupils_their_cards_and_the_teachers(browse, clock, school, head):
    office = browse(school, head)

    # what would be created, changed, left alone, missed; what is refused, with its line, column and reason
    preview = drop(office)
    assert "Vandevyvère Zoé" in part(office, preview, "create")
    assert "Béraud Élan Niveau : CE1 → CE2 Classe : CE1 Aubry → CE2 Roy" in part(office, preview, "update")
    assert "Abadie Inès" in part(office, preview, "unchanged")
    assert "Calvet Noé" in part(office, preview, "missing")
    assert "5 Prénom élève" in part(office, preview, "refused")
    shown = re.search(r'name="shown" value="([^"]+)"', office.get(preview).content.decode())
    assert shown
    assert office.post(f"{preview}confirm/", {"shown": shown[1]}).status_code == 302
    later(clock, minutes=1)
    assert "Vandevyvère Zoé" in read(office.get("/pupils/?q=vandevyvere"))
    assert "Calvet Noé" in read(office.get("/pupils/?q=calvet"))

    # dropped a second time, the same file changes nothing
    again = drop(office)
    assert "Vandevyvère Zoé" in part(office, again, "unchanged")
    assert [part(office, again, name) for name in ("create", "update")] == ["Aucun.", "Aucun."]
    office.post(f"{again}give-up/")

    # once the guardians were informed, a class has its cards, and a pupil comes in with theirs
    with inside(school):
        ours = SchoolClass.objects.get(name="CE1 Aubry")
        zoe = Student.objects.get(last_name="Vandevyvère")
    assert office.post(reverse("classrooms:class_informed", args=[ours.pk]), TOLD).status_code == 302
    sheet = office.post(
        reverse("classrooms:class_cards", args=[ours.pk]), {"students": [zoe.pk], "declares": "on"}
    )
    words = PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()
    assert "Zoé" in words
    assert "Zoé" in read(by_card(browse, school, words).get("/"))

    # her teacher is invited, chooses a password, accepts the terms, and finds her class
    with inside(school):
        teacher = Role.objects.get(shipped="teacher")
    asked = {"email": "claire@ecole.example", "role": str(teacher.pk), "language": "fr"}
    assert office.post(reverse("people:invite"), asked).status_code == 302
    later(clock, minutes=1)
    told = next(each for each in mail.outbox if each.to == ["claire@ecole.example"])
    door = re.search(r"/invitation/[^\s/]+/", told.body)
    assert door
    claire = browse(school)
    accept(claire, door[0], first_name="Claire", last_name="Aubry", password=PASSWORD)
    assert "Vandevyvère" not in read(claire.get("/pupils/"))
    with inside(school):
        person = Person.objects.get(email="claire@ecole.example")
    edit = {"name": "CE1 Aubry", "level": "CE1", "teachers": [person.pk]}
    assert office.post(reverse("classrooms:class_edit", args=[ours.pk]), edit).status_code == 302
    assert "Vandevyvère Zoé" in read(claire.get("/pupils/"))
