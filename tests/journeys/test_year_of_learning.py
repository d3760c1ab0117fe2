"""A year of learning: seen, written down, shared, read at home; results come in, progress is a picture."""

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from classrooms.models import Competency, Observation
from demo.factories.classrooms import ClassFactory, GuardianFactory, StudentFactory, TeachingFactory
from demo.factories.people import PASSWORD, person_with
from demo.world.pictures import picture
from isolation.context import inside
from tests.clauses.stage import later, plain, read

SEEN = "A porté seule l’arrosoir jusqu’au bout du potager."


class Room:
    """A teacher's class of ten, and the parent of one of them, who reads English."""

    def __init__(self, browse: Any, school: Any, now: Any) -> None:
        with inside(school):
            self.pupils = StudentFactory.create_batch(10, school_class=ClassFactory(name="CE1 Aubry"))
            self.lina = self.pupils[0]
            teacher = person_with("teacher", now=now, email="claire@ecole.example", first_name="Claire")
            TeachingFactory(person=teacher, school_class=self.lina.enrolments.get().school_class)
            parent = person_with("guardian", now=now, email="amy@famille.example", language="en")
            other = person_with("guardian", now=now, email="sami@famille.example")
            GuardianFactory(email=parent.email, person=parent, of=[self.lina], joined_at=now)
            GuardianFactory(email=other.email, person=other, of=[self.pupils[1]], joined_at=now)
            skills = list(Competency.objects.filter(cycle=2)[:2])
            self.levels = {f"level-{skill.pk}": "acquired" for skill in skills}
            self.skill = skills[0].name
        self.school = school
        self._browse = browse
        self._people = {"desk": teacher, "home": parent, "next_door": other}

    def at(self, place: str) -> Client:
        """Return the browser of the teacher (desk), the parent (home) or another parent (next_door), who
        just signed in.
        """
        browser: Client = self._browse(self.school)
        typed = {"login": self._people[place].email, "password": PASSWORD}
        assert browser.post(reverse("account_login"), typed).status_code == 302
        return browser

    def write(self, pupils: list[Any], act: str, text: str = SEEN) -> None:
        """Write down what was seen of these pupils, with a photo, against competencies."""
        photo = SimpleUploadedFile("arrosoir.jpg", picture(7).getvalue(), content_type="image/jpeg")
        form = {"draft": str(uuid4()), "text": text, "observed_on": "2026-11-16", "act": act}
        form |= {"students": [pupil.pk for pupil in pupils], "photos": [photo]} | self.levels
        assert self.at("desk").post(reverse("classrooms:observation_new"), form).status_code == 302

    def score(self, activity: str, score: int, day: str) -> None:
        """Note what the child reached in an activity."""
        form = {"student": self.lina.pk, "new_activity": activity, "score": score, "done_on": day}
        assert self.at("desk").post(reverse("learning:result_new"), form).status_code == 302


@pytest.fixture
def room(browse: Any, school: Any, now: Any) -> Room:
    """Return the class."""
    return Room(browse, school, now)


def paper(answer: Any) -> str:
    """Return the words of a PDF."""
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return plain(" ".join(page.extract_text() for page in pages))


@pytest.mark.paper
def test_what_a_teacher_saw_is_shared_read_at_home_and_drawn(room, clock):
    # at the sink, on a tablet: kept for now, no family sees it
    room.write([room.lina], "save")
    assert SEEN not in read(room.at("home").get(reverse("classrooms:family")))
    with inside(room.school):
        draft = Observation.objects.get()
    assert room.at("desk").post(reverse("classrooms:observation_share", args=[draft.pk])).status_code == 302

    # the parent is told in their own language, reads it with its photo, and answers
    later(clock, minutes=30)
    told = next(each for each in mail.outbox if each.to == ["amy@famille.example"])
    assert SEEN not in told.body
    link = re.search(r"tilleuls\.localhost(?::\d+)?(/\S+)", told.body)
    assert link
    page = room.at("home").get(link[1])
    assert '<html lang="en"' in page.content.decode()
    assert SEEN in read(page)
    source = re.search(r'src="([^"]*/photos/[^"]+)"', page.content.decode())
    assert source
    assert room.at("home").get(source[1]).headers["Content-Type"] == "image/jpeg"
    assert room.at("next_door").get(source[1]).status_code == 404
    answer = reverse("classrooms:family_answer", args=[draft.pk])
    assert room.at("home").post(answer, {"answer": "She waters at home too."}).status_code == 302
    assert "She waters at home too." in read(room.at("desk").get(reverse("classrooms:record")))

    # ten at once: each family reads it of its own child
    room.write(room.pupils, "share", text="Ont planté des fèves.")
    later(clock, minutes=30)
    assert len({each.to[0] for each in mail.outbox}) == 2
    assert "Ont planté des fèves." in read(room.at("next_door").get(reverse("classrooms:family")))

    # results come in; progress is the same picture on the screen and on paper
    room.score("Lecture", 41, "2026-11-03")
    room.score("Lecture", 78, "2026-11-12")
    for page in (
        room.at("home").get(reverse("classrooms:family_progress")),
        room.at("desk").get(reverse("classrooms:student", args=[room.lina.pk])),
    ):
        assert "<svg" in page.content.decode()
        assert "78" in read(page)
    assert "78" in read(room.at("desk").get(reverse("learning:student", args=[room.lina.pk])))
    record = paper(room.at("desk").get(reverse("dpa:record_pdf", args=[room.lina.pk])))
    at_home = paper(room.at("home").get(reverse("dpa:child_pdf", args=[room.lina.pk])))
    for words in (record, at_home):
        assert SEEN in words
        assert "fèves" in words
    assert "78" in record
    assert room.at("next_door").get(reverse("dpa:child_pdf", args=[room.lina.pk])).status_code == 404
