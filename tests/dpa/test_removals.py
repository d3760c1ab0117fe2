"""A removal is remembered: the import asks before it brings somebody back, and after seven months no more."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from agenda.loop import tick
from audit.gateways.keys import secret_key
from audit.models import Entry
from classrooms.actions.invite_guardians import remove_guardian
from classrooms.models import Guardian, Guardianship, ImportBatch, Removal, Student
from contracts.policy.months import months_after
from contracts.registry import declaration_of
from demo.factories.classrooms import GuardianFactory, StudentFactory
from dpa.actions.enforce_retention import enforce_retention
from dpa.actions.replay_erasures import replay_erasures
from dpa.actions.request_erasure import ask_to_be_deleted, delete_guardian, request_student_erasure
from dpa.gateways import ledger

UNDONE = timedelta(hours=12)
HEADER = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Niveau;Libellé classe"
ADULTS = "Nom responsable;Courriel;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"


def lines(*students, adults=()):
    rows = [f"{s.last_name.upper()};;{s.first_name};{s.birth_on:%d/%m/%Y};CE1;CE1 A" for s in students]
    mine = [f"X;{email};;{s.last_name};{s.first_name};CE1 A" for email, s in adults]
    return "\n".join([HEADER, *rows]), "\n".join([ADULTS, *mine])


def uploaded(client, *students, adults=()):
    pupils, guardians = lines(*students, adults=adults)
    files = {
        "pupils": SimpleUploadedFile("eleves.csv", pupils.encode()),
        "guardians": SimpleUploadedFile("parents.csv", guardians.encode()),
    }
    client.post(reverse("classrooms:imports"), files)
    return ImportBatch.objects.first()


def page(client, batch):
    return client.get(reverse("classrooms:import", args=[batch.pk])).content.decode()


def confirmed(client, batch, now):
    client.post(reverse("classrooms:import_confirm", args=[batch.pk]), {"shown": shown(client, batch)})
    tick(now + timedelta(minutes=1))
    batch.refresh_from_db()
    return batch


def shown(client, batch):
    return client.get(reverse("classrooms:import", args=[batch.pk])).context["fingerprint"]


def bring_back(client, batch, line=2, email="", choice="back"):
    data = {"line": line, "email": email, "choice": choice}
    return client.post(reverse("classrooms:import_bring_back", args=[batch.pk]), data, follow=True)


def test_a_guardian_removed_by_hand_comes_back_only_when_somebody_says_so(world, now, browse):
    client = browse(world.tenant, world.admin)
    waiting = GuardianFactory(of=[world.other], email="ancienne@famille.example")
    client.post(reverse("classrooms:guardian_remove", args=[world.other.pk, waiting.pk]))
    batch = uploaded(client, world.other, StudentFactory.build(), adults=[(waiting.email, world.other)])
    seen = page(client, batch)
    assert "Retrait par l’établissement le 16 novembre 2026" in seen
    assert waiting.email in seen
    assert confirmed(client, batch, now).counts["removed"] == 1
    assert not Guardian.objects.filter(email=waiting.email).exists()

    batch = uploaded(client, world.other, adults=[(waiting.email, world.other)])
    bring_back(client, batch, email=waiting.email)
    assert "removed" not in confirmed(client, batch, now + timedelta(minutes=5)).counts
    assert world.other.guardianships.filter(guardian__email=waiting.email).exists()
    said = Entry.objects.get(verb="import.brought_back").facts
    assert said == {"line": 2, "who": "guardian", "removed_on": "2026-11-16", "reason": "school"}
    assert not Removal.objects.exists()


def test_an_erased_pupil_comes_back_only_when_somebody_says_so(world, now, browse):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + UNDONE)
    names = {"first_name": world.pupil.first_name}
    client = browse(world.tenant, world.admin)
    batch = uploaded(client, world.pupil, world.other, adults=[(world.parent.email, world.pupil)])
    assert "Retrait par l’établissement le 16 novembre 2026" in page(client, batch)
    assert shown(client, batch)
    bring_back(client, batch)
    bring_back(client, batch, choice="out")
    assert not ImportBatch.objects.get(pk=batch.pk).brought_back
    bring_back(client, batch)
    confirmed(client, batch, now + timedelta(days=1))
    assert Student.objects.filter(**names).count() == 1
    assert Guardianship.objects.filter(student__first_name=names["first_name"]).exists()
    assert [one.facts["who"] for one in Entry.objects.filter(verb="import.brought_back")] == ["student"] * 2
    assert Entry.objects.filter(verb="import.left_out").count() == 1


def test_after_seven_months_nothing_is_asked_and_nothing_is_remembered(world, now, browse, clock):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + UNDONE)
    (row,) = Removal.objects.all()
    assert row.forget_on == months_after(row.removed_on, 7)
    eve = now.replace(year=2027, month=6, day=15)
    assert enforce_retention(now=eve)["removals"] == 0
    assert enforce_retention(now=eve + timedelta(days=1))["removals"] == 1
    assert not Removal.objects.exists()
    clock.move_to(eve + timedelta(days=1))
    client = browse(world.tenant, world.admin)
    batch = uploaded(client, world.pupil)
    assert client.get(reverse("classrooms:import", args=[batch.pk])).context["counts"]["create"] == 1


def test_past_its_day_it_is_asked_no_more_even_before_the_night(world, now, browse):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + UNDONE)
    Removal.objects.update(forget_on=now.date())
    client = browse(world.tenant, world.admin)
    batch = uploaded(client, world.pupil)
    assert client.get(reverse("classrooms:import", args=[batch.pk])).context["counts"]["removed"] == 0


def test_a_guardian_who_wished_it_is_remembered_wherever_they_come_back(world, now, browse):
    ask_to_be_deleted(person=world.parent, now=now)
    delete_guardian(guardian=GuardianFactory(of=[world.other]), by=world.admin, now=now)
    tick(now + UNDONE)
    told = {(one.kind, one.reason) for one in Removal.objects.all()}
    assert told == {("guardian", "request"), ("guardian", "school")}
    client = browse(world.tenant, world.admin)
    batch = uploaded(client, world.other, adults=[(world.guardian.email, world.other)])
    assert "Suppression à sa demande le 16 novembre 2026" in page(client, batch)


def test_the_guardian_who_went_with_a_last_child_is_not_remembered(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + UNDONE)
    assert [one.kind for one in Removal.objects.all()] == ["student"]


def test_a_replay_after_a_restore_remembers_as_the_erasure_did(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + UNDONE)
    before = list(Removal.objects.values("digest", "removed_on", "forget_on"))
    Removal.objects.all().delete()
    StudentFactory(
        pk=world.pupil.pk,
        first_name=world.pupil.first_name,
        last_name=world.pupil.last_name,
        birth_on=world.pupil.birth_on,
    )
    replay_erasures(list(ledger.lines()), now=now + timedelta(days=3))
    assert list(Removal.objects.values("digest", "removed_on", "forget_on")) == before


def test_nothing_that_names_anybody_is_stored_and_the_key_lies_outside(world, now):
    remove_guardian(student=world.pupil, guardian=world.guardian, by=world.admin, now=now, today=now.date())
    stored = json.dumps(list(Removal.objects.values("kind", "digest", "reason")))
    assert world.parent.email not in stored
    assert world.pupil.last_name not in stored
    (kept,) = Path(settings.SIGNING_KEYS).glob("removals.secret")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_bytes() == secret_key("removals")


def test_who_is_still_here_finds_what_is_remembered_of_them(world, now):
    about = declaration_of(Removal).about
    assert not about([world.pupil.pk]).exists()
    remove_guardian(student=world.pupil, guardian=world.guardian, by=world.admin, now=now, today=now.date())
    assert about([world.pupil.pk]).count() == about([world.guardian.pk]).count() == 1
    assert not about([world.other.pk]).exists()


def test_adding_a_guardian_again_by_hand_says_so_and_is_remembered_no_more(world, now, browse):
    client = browse(world.tenant, world.admin)
    email = world.guardian.email
    remove_guardian(student=world.pupil, guardian=world.guardian, by=world.admin, now=now, today=now.date())
    added = client.post(
        reverse("classrooms:guardian_add", args=[world.pupil.pk]), {"email": email}, follow=True
    )
    assert "Retrait par l’établissement le 16 novembre 2026" in added.content.decode()
    assert not Removal.objects.exists()


def test_the_command_leaves_them_out_and_says_why(world, now, tmp_path):
    remove_guardian(student=world.pupil, guardian=world.guardian, by=world.admin, now=now, today=now.date())
    pupils, guardians = lines(world.pupil, adults=[(world.guardian.email, world.pupil)])
    (tmp_path / "eleves.csv").write_text(pupils)
    (tmp_path / "parents.csv").write_text(guardians)
    out = StringIO()
    call_command(
        "import_students",
        tenant=world.tenant.slug,
        pupils=tmp_path / "eleves.csv",
        guardians=tmp_path / "parents.csv",
        apply=True,
        stdout=out,
    )
    assert "Retrait par l’établissement le 16 novembre 2026" in out.getvalue()
    assert not Guardianship.objects.filter(student=world.pupil).exists()


@pytest.mark.parametrize("line", ["x", "7"])
def test_nothing_is_brought_back_that_was_not_asked(world, now, browse, line):
    client = browse(world.tenant, world.admin)
    batch = uploaded(client, world.other)
    bring_back(client, batch, line=line)
    assert not ImportBatch.objects.get(pk=batch.pk).brought_back
