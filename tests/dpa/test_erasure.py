"""A pupil is deleted: hidden at once, back until 12 hours later, then gone from every table and every
file.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from audit.actions import verify
from classrooms.models import Observation, Photo, ReadReceipt, Student
from contracts.registry import declarations
from demo.factories.classrooms import GuardianFactory
from dpa.actions.erase_person import erase_person
from dpa.actions.request_erasure import AlreadyAsked, request_person_erasure, request_student_erasure
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.gateways import ledger
from dpa.models import Erasure, ErasureEvidence
from dpa.queries.data_inventory import STAYS, Losses, losses
from dpa.queries.subjects import with_last_links
from dpa.views.words import GOES, WITH_OTHERS, losses_in_words
from isolation.context import inside, inside_operator
from isolation.policy.names import tenant_schema
from learning.models import Result
from tests.dpa.conftest import FIRST, LAST

HALF_A_DAY = timedelta(hours=12)


def everything_that_says(origin, tenant):
    """Return the tables of the tenant and of the shared schema in any column of which a word stands."""
    found = []
    for place, schema in ((inside(tenant), tenant_schema(tenant.pk)), (inside_operator(), "public")):
        with place, connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                "n.nspname = %s "
                "AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
                [schema],
            )
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ILIKE %s', [f"%{origin}%"]
                )
                found += [table] * bool(cursor.fetchone()[0])
    return found


def files_in(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def test_what_would_go_is_said_to_the_unit(world):
    lost = losses([world.pupil.pk])
    assert (lost.observations, lost.observations_left, lost.photos, lost.photos_of_others, lost.results) == (
        1,
        1,
        3,
        1,
        10,
    )


def test_all_that_would_go_is_said_in_words(world, now):
    with translation.override("fr"):
        said = losses_in_words(losses(with_last_links([world.pupil.pk])))
    assert said[:5] == [
        "1 élève",
        "1 observation",
        "10 résultats",
        "3 photos, dont 1 montre aussi d’autres enfants\u00a0: elle disparaît pour tous",
        "1 responsable sans autre enfant",
    ]
    assert {
        "1 compte",
        "1 rôle",
        "1 classe suivie",
        "2 mentions dans des observations",
        "1 lecture ou réponse",
        "1 lien entre un responsable et un élève",
        "1 trace de l’information des responsables",
        "1 adresse de connexion",
    } <= set(said)


@pytest.mark.parametrize(("language", "said"), [("fr", "3\u202f102 résultats"), ("en", "3,102 results")])
def test_thousands_are_grouped_as_the_language_does(language, said):
    lost = Losses(0, 0, 0, 0, 0, results=3102, guardians=0)
    with translation.override(language):
        assert losses_in_words(lost) == [said]


def test_every_model_that_loses_rows_says_so_in_words():
    alone = {"classrooms.Observation", "learning.Result", "classrooms.Photo", "classrooms.Guardian"}
    said = {*GOES, *WITH_OTHERS, *STAYS, *alone, "classrooms.Student"}
    assert {each.label for each in declarations()} == said


def test_access_stops_at_once(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    assert not Student.objects.filter(pk=world.pupil.pk).exists()
    assert deletion.undo_until == now + HALF_A_DAY
    assert deletion.due_at == now + 2 * HALF_A_DAY
    kinds = set(
        Obligation.objects.waiting()
        .filter(subject_id=deletion.pk)
        .values_list("clause", "kind", "run_at", "due_at")
    )
    assert ("LG-DBr", "erase", deletion.undo_until, deletion.due_at) in kinds
    assert ("LG-DBr", "alarm", now + timedelta(hours=18), deletion.due_at) in kinds


def test_twice_is_once(world, now):
    first = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    with pytest.raises(AlreadyAsked) as again:
        request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    assert again.value.deletion == first


def test_undo_gives_everything_back(world, now, browse):
    deletion = request_person_erasure(person=world.parent, by=world.admin, now=now)
    world.parent.refresh_from_db()
    assert not world.parent.is_active
    undo_erasure(deletion=deletion, by=world.admin, now=now + HALF_A_DAY - timedelta(seconds=1))
    world.parent.refresh_from_db()
    assert world.parent.is_active
    tick(now + timedelta(days=2))
    assert Erasure.objects.get(pk=deletion.pk).state == "undone"
    assert not ErasureEvidence.objects.filter(deletion_id=deletion.pk).exists()


def test_undo_of_a_pupil_shows_them_again(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    undo_erasure(deletion=deletion, by=world.admin, now=now + timedelta(hours=1))
    assert Student.objects.filter(pk=world.pupil.pk).exists()
    assert Result.objects.filter(student=world.pupil).count() == 10
    request_student_erasure(
        student_ids=[world.pupil.pk], by=world.admin, now=now + timedelta(hours=2)
    )  # and can be asked again


def test_undo_is_too_late_at_the_last_instant(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    with pytest.raises(TooLate):
        undo_erasure(deletion=deletion, by=world.admin, now=now + HALF_A_DAY)


def test_nothing_is_erased_before_the_undo_ends(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + HALF_A_DAY - timedelta(seconds=1))
    assert Student._base_manager.filter(pk=world.pupil.pk).exists()


def test_afterwards_no_table_and_no_file_knows_the_name(world, now, settings):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    assert len(everything_that_says(FIRST, world.tenant)) > 3
    tick(now + HALF_A_DAY)
    assert Erasure.objects.get().state == "erased", Obligation.objects.filter(clause="LG-DBr").values(
        "failure"
    )
    assert everything_that_says(FIRST, world.tenant) == []
    assert everything_that_says(LAST, world.tenant) == []
    assert everything_that_says(str(world.pupil.pk), world.tenant) == ["audit_entry", "dpa_deletion"]
    assert [path.name for path in files_in(settings.MEDIA_ROOT)] == [f"{world.photos[3].pk}.jpg"]
    assert FIRST not in Path(settings.ERASURE_LEDGER).read_text()


def test_the_others_keep_what_is_theirs(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    assert Result.objects.count() == 10
    assert list(Photo.objects.values_list("pk", flat=True)) == [world.photos[3].pk]
    assert Observation.objects.get(pk=world.both.pk).text == "[…] et Tom ont construit un pont."
    assert Observation.objects.get(pk=world.elsewhere.pk).text == "Comme […] l’a montré."
    assert not Observation.objects.filter(pk=world.alone.pk).exists()


def test_a_first_name_alone_goes_from_what_families_answered(world, now):
    voisins = GuardianFactory(email="voisins@famille.example", of=[world.other])
    said = ReadReceipt.objects.create(
        observation=world.both,
        guardian=voisins,
        read_at=now,
        answer=f"Bravo {FIRST.lower()} et Tom !",
        answered_at=now,
    )
    elsewhere = ReadReceipt.objects.create(
        observation=world.elsewhere, guardian=voisins, read_at=now, answer=f"Sainte {FIRST}, priez pour nous."
    )
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    said.refresh_from_db()
    elsewhere.refresh_from_db()
    assert said.answer == "Bravo […] et Tom !"
    assert elsewhere.answer == "Sainte […], priez pour nous."


def test_the_evidence_says_what_how_much_and_when(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(hours=13))
    evidence = ErasureEvidence.objects.get(deletion_id=deletion.pk)
    assert evidence.margin == timedelta(hours=11)
    assert evidence.forgotten_on.isoformat() == "2027-05-16"
    assert (evidence.counts["learning.Result"], evidence.counts["classrooms.Photo"], evidence.files) == (
        10,
        3,
        3,
    )
    kept = Obligation.objects.get(clause="LG-DBr", kind="erase", subject_id=deletion.pk)
    assert kept.state == "kept"
    assert kept.margin == timedelta(hours=11)
    assert Obligation.objects.get(clause="LG-DBr", kind="alarm", subject_id=deletion.pk).state == "dropped"


def test_the_ledger_names_ids_and_the_trail_stays_whole(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    (line,) = ledger.lines()
    assert (line.deletion, line.tenant) == (deletion.pk, world.tenant.pk)
    assert set(line.subjects) == {world.pupil.pk, world.guardian.pk, world.parent.pk}  # the last link too
    verdict = verify()
    assert verdict.is_whole, verdict
    assert verdict.erased_parts


def test_the_alarm_rings_when_it_waits_18_hours(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    Obligation.objects.filter(clause="LG-DBr", kind="erase").update(run_at=now + timedelta(days=9))
    tick(now + timedelta(hours=18))
    with inside_operator():
        house = OutboxMessage.objects.get(template="dpa/alarm_house")
        assert (house.tenant_id, house.ids) == (
            None,
            {"deletion": str(deletion.pk), "tenant": str(world.tenant.pk)},
        )
    message = OutboxMessage.objects.get(template="dpa/alarm")
    assert (message.ids, message.state, message.failure) == ({"deletion": str(deletion.pk)}, "sent", "")


def test_a_message_that_waits_for_an_erased_person_is_never_sent(world, now):
    message = OutboxMessage.objects.create(
        tenant_id=world.tenant.pk,
        template="x/y",
        ids={"guardian": str(world.guardian.pk)},
        key="k",
        created_at=now,
        send_at=now,
        due_at=now + timedelta(days=3),
    )
    request_person_erasure(person=world.parent, by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    message.refresh_from_db()
    assert (message.state, message.ids) == ("moot", {})


def test_a_teacher_goes_and_the_record_stays(world, now):
    request_person_erasure(person=world.teacher, by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    assert Observation.objects.get(pk=world.alone.pk).author is None
    assert not type(world.teacher).objects.filter(pk=world.teacher.pk).exists()


def test_a_guardian_goes_and_the_childs_record_stays(world, now):
    request_person_erasure(person=world.parent, by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    assert Observation.objects.filter(pk=world.alone.pk).exists()
    assert Student.objects.filter(pk=world.pupil.pk).exists()
    assert everything_that_says("parent@famille.example", world.tenant) == []


def test_pages_say_it_ask_for_the_name_and_undo(world, browse):
    site = browse(world.tenant, world.admin)
    url = reverse("dpa:request_student_erasure", args=[world.pupil.pk])
    page = site.get(url)
    assert page.status_code == 200
    assert "10" in page.content.decode()
    assert "dont 1" in page.content.decode()
    assert site.post(url, {"confirm_name": "Tom"}).status_code == 400
    done = site.post(url, {"confirm_name": f" {FIRST.lower()}  {LAST}"}, follow=True)
    assert done.status_code == 200
    with inside(world.tenant):
        deletion = Erasure.objects.get()
    assert deletion.reference in done.content.decode()
    site.post(reverse("dpa:undo", args=[deletion.pk]))
    with inside(world.tenant):
        assert Erasure.objects.get().state == "undone"


def test_whom_it_is_about_is_looked_up_once_a_step(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    with CaptureQueriesContext(connection) as queries:
        assert erase_person(deletion_id=deletion.pk, now=now + HALF_A_DAY)
    asked = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
    looks = [sql for sql in asked if 'FROM "classrooms_student" WHERE ("classrooms_student"."id" IN' in sql]
    assert len(looks) == 1
