"""Who is here and what may be read of them: one answer on every page, in every list, mail and file."""

import csv
import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from django.urls import reverse

from classrooms.actions.hide_students import hide_students
from classrooms.actions.save_student import move, note_departure
from classrooms.models import Group, GroupStudent, Guardian, Photo, ReadReceipt
from classrooms.queries.lists import family_rows, groups_rows
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
    YearFactory,
)
from demo.factories.people import person_with
from exports.actions.ask_export import ask_export
from exports.actions.build_export import build_step
from exports.gateways import storage
from isolation.context import inside
from tests.dpa.conftest import photo_of

pytestmark = pytest.mark.django_db
TEXT = "Zéphyrine et Tom Voisin ont construit un pont ; tom a compté."
READ = "Zéphyrine et […] ont construit un pont ; […] a compté."


@pytest.fixture(params=["about both", "naming the other"])
def moved(school, now, settings, tmp_path, request):
    """Return a pupil who has changed class, and what her first teacher wrote of her and of another child."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with inside(school):
        before = person_with("teacher", now=now, email="avant@ecole.example", last_name="Avant")
        after = person_with("teacher", now=now, email="apres@ecole.example", last_name="Apres")
        old, new = ClassFactory(name="CE1 Avant"), ClassFactory(name="CE1 Apres")
        TeachingFactory(person=before, school_class=old)
        TeachingFactory(person=after, school_class=new)
        pupil = StudentFactory(first_name="Zéphyrine", last_name="Quatrebarbes", school_class=old)
        other = StudentFactory(first_name="Tom", last_name="Voisin", school_class=old)
        both = ObservationFactory(author=before, text=TEXT, state="shared", of=[pupil])
        if request.param == "about both":
            both.links.create(student=other)
        photo = photo_of(both)
        Photo.objects.filter(pk=photo.pk).update(caption="Tom et le pont")
        families = [
            GuardianFactory(
                of=[one], person=person_with("guardian", now=now, email=f"{one.first_name[0]}@f.example")
            )
            for one in (pupil, other)
        ]
        for family, answer in zip(families, ("Bravo Tom !", "Merci pour Tom"), strict=True):
            ReadReceipt.objects.create(
                observation=both, guardian=family, read_at=now, answer=answer, answered_at=now
            )
        move(student=pupil, class_id=new.pk, today=now.date())
        admin = person_with("administrator", now=now, email="direction@ecole.example")
    return SimpleNamespace(
        before=before, after=after, new=new, pupil=pupil, other=other, both=both, admin=admin, now=now,
        families=families,
    )  # fmt: skip


def test_a_new_teacher_reads_the_pupils_part_and_no_other_name(moved, school, browse, papers):
    site = browse(school, moved.after)
    record = site.get(reverse("classrooms:record")).content.decode()
    page = site.get(reverse("classrooms:student", args=[moved.pupil.pk])).content.decode()
    assert site.get(reverse("dpa:record_pdf", args=[moved.pupil.pk])).status_code == 200
    for said in (record, page, papers[-1]):
        assert READ in said
        assert "Tom" not in said
        assert "Voisin" not in said
        assert "[…] et le pont" in said
    for said in (record, page):
        assert "Bravo […] !" in said  # the family of the pupil she teaches
        assert "Merci pour" not in said


def test_an_archive_holds_what_the_pages_show(moved, school):
    with inside(school):
        job = ask_export(kind="class", subject_id=moved.new.pk, by=moved.after, now=moved.now)
        while build_step(job_id=job.pk, now=moved.now):
            pass
        job.refresh_from_db()
        with zipfile.ZipFile(io.BytesIO(storage.read(job.file))) as archive:
            texts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("jpg")}
    assert not [name for name, text in texts.items() if b"Tom" in text or b"Voisin" in text]
    data = json.loads(texts["élèves/Zéphyrine Quatrebarbes/record.json"])
    assert [one["text"] for one in data["observations"]] == [READ]
    lines = io.StringIO(texts["tableaux/observations.csv"].decode("utf-8-sig"))
    assert READ in next(row for row in csv.reader(lines, delimiter=";") if READ in row)


@pytest.mark.parametrize(
    ("words", "who", "is_found"),
    [
        ("Zéphyrine", "after", True),
        ("pont", "after", True),
        ("Tom", "after", False),
        ("voisin", "after", False),
        ("Tom", "before", True),
        ("tom a compté", "before", True),
    ],
)
def test_a_name_that_is_not_read_finds_nothing(moved, school, browse, words, who, is_found):
    site = browse(school, getattr(moved, who))
    page = site.get(reverse("classrooms:record"), {"q": words}).content.decode()
    assert ("ont construit un pont" in page) is is_found


def test_who_wrote_it_reads_what_they_wrote(moved, school, browse):
    page = browse(school, moved.before).get(reverse("classrooms:record")).content.decode()
    assert TEXT in page
    assert "Zéphyrine Quatrebarbes" in page


def test_who_is_being_deleted_is_named_to_nobody_else(moved, school, browse, papers):
    with inside(school):
        hide_students(student_ids=[moved.other.pk], tenant=school, now=moved.now)
        photo = Photo.objects.get()
        family = moved.families[0].person
    office, parent = browse(school, moved.admin), browse(school, family)
    pages = [
        office.get(reverse("classrooms:record")),
        office.get(reverse("classrooms:student", args=[moved.pupil.pk])),
        parent.get(reverse("classrooms:family")),
        parent.get(reverse("classrooms:family_record")),
    ]
    assert parent.get(reverse("dpa:child_pdf", args=[moved.pupil.pk])).status_code == 200
    for said in (*(page.content.decode() for page in pages), papers[-1]):
        assert READ in said
        assert "Voisin" not in said
    with inside(school):
        shown = 404 if moved.both.links.count() == 2 else 200  # a photo of the one who is being deleted
    assert office.get(reverse("classrooms:photo", args=[photo.pk])).status_code == shown
    assert parent.get(reverse("classrooms:family_photo", args=[photo.pk])).status_code == shown


def test_a_group_counts_whom_it_shows_and_keeps_who_may_come_back(moved, school, browse):
    with inside(school):
        third = StudentFactory(first_name="Ana", last_name="Tierce")
        group = Group.objects.create(year=YearFactory(), name="Lecture")
        for one in (moved.pupil, moved.other, third):
            GroupStudent.objects.create(group=group, student=one)
        note_departure(
            student=moved.pupil, tenant=school, by=moved.admin, now=moved.now, today=moved.now.date()
        )
        hide_students(student_ids=[moved.other.pk], tenant=school, now=moved.now)
        assert groups_rows(Group.objects.all()).get().pupils == 1
    site = browse(school, moved.admin)
    shown = site.get(reverse("classrooms:group", args=[group.pk])).context["pupils"]
    with inside(school):
        assert [one.first_name for one in shown] == ["Ana"]
    sent = {"name": "Lecture", "students": [str(third.pk)]}
    edit = reverse("classrooms:group_edit", args=[group.pk])
    assert site.post(edit, sent).status_code == 302
    with inside(school):
        assert group.members.count() == 3


def test_a_guardian_without_a_child_here_waits_for_nothing(moved, school, browse):
    with inside(school):
        gone = GuardianFactory(of=[moved.other])
        nobody = GuardianFactory()
        there = GuardianFactory(of=[moved.pupil])
        hide_students(student_ids=[moved.other.pk], tenant=school, now=moved.now)
        assert list(family_rows(state="waiting")) == [there]
    site = browse(school, moved.admin)
    site.post(reverse("classrooms:families"), {"ids": [str(gone.pk), str(nobody.pk)]})
    site.post(reverse("classrooms:families_invite"), {"shown": 1})
    with inside(school):
        assert set(Guardian.objects.exclude(invited_at=None)) == {there}


def test_nothing_is_shared_for_who_is_being_deleted_alone(moved, school, browse):
    with inside(school):
        draft = ObservationFactory(author=moved.before, text="Seul.", of=[moved.other])
        hide_students(student_ids=[moved.other.pk], tenant=school, now=moved.now)
    browse(school, moved.before).post(reverse("classrooms:observation_share", args=[draft.pk]))
    with inside(school):
        draft.refresh_from_db()
        assert draft.is_draft


def test_a_child_of_whom_nothing_is_shared_shows_no_progress_on_page_or_paper(moved, school, browse, papers):
    with inside(school):
        quiet = StudentFactory(first_name="Muette", last_name="Calme", school_class=moved.new)
        ObservationFactory(author=moved.after, text="Au carnet.", state="kept", of=[quiet])
        parent = person_with("guardian", now=moved.now, email="calme@f.example")
        GuardianFactory(of=[quiet], person=parent)
    site = browse(school, parent)
    shown = site.get(reverse("classrooms:family_progress")).context
    assert (shown["points"], shown["competencies"]) == ([], [])
    site.get(reverse("dpa:child_pdf", args=[quiet.pk]))
    assert "<svg" not in papers[-1]
    assert "competency" not in papers[-1]
    assert "Rien n’a encore été partagé avec vous." in papers[-1]
