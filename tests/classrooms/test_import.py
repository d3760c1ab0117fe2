"""From an upload to pupils, in the database: what is stored, applied once, refused, forgotten."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from agenda.loop import tick
from agenda.models import Obligation
from classrooms.actions.apply_import import apply_import
from classrooms.actions.confirm_import import (
    AlreadyConfirmed,
    NoSuchChoice,
    NothingToImport,
    PlanChanged,
    choose,
    confirm_import,
    give_up,
)
from classrooms.actions.forget_import import forget_import
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.models import Enrolment, Guardian, Guardianship, ImportBatch, SchoolClass, Student
from classrooms.policy.licences import LicencesUsedUp
from classrooms.queries.imports import plan_of
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.models import Membership, Person
from tenants.models import Contract, SeatCount

HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;"
    "Niveau;Libellé classe;Identifiant classe"
)
ADULTS = "Nom responsable;Courriel;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
TODAY = date(2026, 11, 16)


def pupil(last, first, day="03/02/2018", level="CE1", class_name="CE1 A"):
    return f"{last};;{first};{day};F;123456789AB;CYCLE II;{level};{class_name};77"


def upload(*rows, adults=()):
    guardians = "\n".join([ADULTS, *adults]).encode() if adults else None
    return Upload("\n".join([HEADER, *rows]).encode(), guardians, "eleves.csv")


@pytest.fixture
def told(in_school, now):
    """Say who, where and when, for every action."""
    return {"tenant": in_school, "now": now, "today": TODAY}


def run(told, *rows, adults=()):
    batch = prepare_import(upload(*rows, adults=adults), by=None, **told)
    confirm_import(batch_id=batch.pk, by=None, **told)
    return apply_import(batch_id=batch.pk, **told)


CALVETS = (pupil("Calvet", "Noé"), pupil("Calvet", "Zoé"))
LISE = "Roux;lise@famille.example;;Calvet;Noé;CE1 A"


def test_pupils_their_class_and_their_guardians_come_in(told):
    batch = run(told, *CALVETS, adults=[LISE])
    assert batch.state == "applied"
    assert [str(s) for s in Student.objects.by_name()] == ["Noé Calvet", "Zoé Calvet"]
    assert Enrolment.objects.filter(school_class__name="CE1 A", ends_on=None).count() == 2
    assert SchoolClass.objects.get(name="CE1 A").year.name == "2026–2027"
    assert Guardianship.objects.get().guardian.email == "lise@famille.example"
    assert SeatCount.objects.first().active == 2


def test_nothing_of_a_file_is_stored_but_what_the_annex_allows(told):
    batch = prepare_import(upload(*CALVETS, adults=[LISE]), by=None, **told)
    stored = json.dumps([batch.rows, batch.guardian_rows, batch.refused], ensure_ascii=False)
    assert "123456789AB" not in stored
    assert "Roux" not in stored
    assert {"INE", "Sexe", "Nom responsable"} <= set(batch.dropped)


def test_the_same_file_twice_changes_nothing(told):
    run(told, *CALVETS, adults=[LISE])
    before = list(Student.objects.values().order_by("id"))
    batch = prepare_import(upload(*CALVETS, adults=[LISE]), by=None, **told)
    assert not plan_of(batch, today=TODAY).created + plan_of(batch, today=TODAY).changed
    with pytest.raises(NothingToImport):
        confirm_import(batch_id=batch.pk, by=None, **told)
    assert list(Student.objects.values().order_by("id")) == before


def test_a_file_in_capitals_renames_nobody_but_a_corrected_accent_counts(told):
    run(told, pupil("Beraud", "Élan"))
    shouted = prepare_import(upload(pupil("BERAUD", "ÉLAN")), by=None, **told)
    assert not plan_of(shouted, today=TODAY).changed
    run(told, pupil("Béraud", "Élan"))
    assert [str(student) for student in Student.objects.all()] == ["Élan Béraud"]


def test_a_change_of_class_ends_one_enrolment_and_opens_another(told):
    run(told, *CALVETS)
    noe = Student.objects.get(first_name="Noé")
    Enrolment.objects.filter(student=noe).update(starts_on=date(2026, 9, 1))
    batch = run(told, pupil("CALVET", "Noe", level="CE2", class_name="CE2 B"))
    assert batch.counts == {"create": 0, "update": 1, "unchanged": 0, "missing": 1, "refused": 0}
    noe.refresh_from_db()
    assert (noe.last_name, noe.level) == ("CALVET", "CE2")
    closed, opened = Enrolment.objects.filter(student=noe).order_by("starts_on")
    assert (closed.school_class.name, closed.ends_on) == ("CE1 A", TODAY)
    assert (opened.school_class.name, opened.starts_on, opened.ends_on) == ("CE2 B", TODAY, None)


def test_applying_twice_is_applying_once(told):
    batch = run(told, *CALVETS)
    apply_import(batch_id=batch.pk, **told)
    assert Student.objects.count() == 2


def test_rows_are_forgotten_once_applied_or_given_up(told, now):
    assert run(told, *CALVETS).rows == []
    batch = prepare_import(upload(pupil("Roy", "Léa")), by=None, **told)
    assert give_up(batch_id=batch.pk, by=None, now=now).rows == []
    with pytest.raises(AlreadyConfirmed):
        confirm_import(batch_id=batch.pk, by=None, **told)
    assert not Obligation.objects.waiting().filter(kind="import-forgotten").exists()


def test_an_upload_nobody_confirmed_is_forgotten_after_a_week(told, now):
    batch = prepare_import(upload(*CALVETS), by=None, **told)
    owed = Obligation.objects.waiting().get(kind="import-forgotten", subject_id=batch.pk)
    assert owed.run_at == now + timedelta(days=7)
    assert forget_import(batch_id=batch.pk, now=now) == 2
    assert forget_import(batch_id=batch.pk, now=now) == 0


def test_what_is_no_longer_what_was_shown_is_not_done(told):
    batch = prepare_import(upload(*CALVETS), by=None, **told)
    shown = plan_of(batch, today=TODAY).fingerprint()
    Student.objects.create(
        last_name="Calvet", first_name="Noé", birth_on=date(2018, 2, 3), created_at=told["now"]
    )
    with pytest.raises(PlanChanged):
        confirm_import(batch_id=batch.pk, by=None, shown=shown, **told)
    confirm_import(batch_id=batch.pk, by=None, **told)
    Student.objects.all().delete()
    stopped = apply_import(batch_id=batch.pk, **told)
    assert (stopped.state, stopped.reason) == ("stopped", "plan_changed")
    assert not Student.objects.exists()


def test_over_the_licences_nothing_is_done(told, in_school):
    with inside_operator():
        Contract.objects.filter(tenant=in_school).update(licences=0)
        Contract.objects.filter(tenant=in_school, profile_key="school").update(licences=1)
    batch = prepare_import(upload(*CALVETS), by=None, **told)
    with pytest.raises(LicencesUsedUp) as refused:
        confirm_import(batch_id=batch.pk, by=None, **told)
    assert refused.value.short == 1
    assert not Student.objects.exists()


def test_a_choice_settles_an_ambiguous_line(told, now):
    one, other = (
        Student.objects.create(
            last_name="Calvet", first_name="Noé", birth_on=date(2018, 2, 3), created_at=now
        )
        for _ in range(2)
    )
    batch = prepare_import(upload(CALVETS[0]), by=None, **told)
    assert [r.reason for r in plan_of(batch, today=TODAY).refused] == ["several_pupils"]
    with pytest.raises(NoSuchChoice):
        choose(batch_id=batch.pk, line=2, choice=str(batch.pk), by=None, now=now, today=TODAY)
    plan = choose(batch_id=batch.pk, line=2, choice=str(other.pk), by=None, now=now, today=TODAY)
    assert plan.changed[0].known.id == other.pk
    confirm_import(batch_id=batch.pk, by=None, **told)
    apply_import(batch_id=batch.pk, **told)
    assert Enrolment.objects.get().student_id == other.pk


def test_a_pupil_who_left_is_recognised_and_comes_back(told):
    run(told, *CALVETS)
    Student.objects.filter(first_name="Zoé").update(left_on=TODAY)
    Enrolment.objects.filter(student__first_name="Zoé").update(ends_on=TODAY)
    assert run(told, *CALVETS).counts["update"] == 1
    zoe = Student.objects.get(first_name="Zoé")
    assert zoe.left_on is None
    assert zoe.enrolments.filter(ends_on=None).count() == 1


@pytest.mark.django_db
def test_the_agenda_applies_what_was_confirmed(school, now):
    with inside(school):
        batch = prepare_import(upload(*CALVETS), tenant=school, by=None, now=now, today=TODAY)
        confirm_import(batch_id=batch.pk, tenant=school, by=None, now=now, today=TODAY)
    tick(now)
    with inside(school):
        assert Student.objects.count() == 2
        assert ImportBatch.objects.get().state == "applied"
    with inside_operator():
        assert Obligation.objects.get(subject_id=batch.pk, kind="import").state == "kept"


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_somebody_confirmed_who_may_import_no_more_changes_nothing(told, now, is_closed):
    head = person_with("administrator", now=now)
    batch = prepare_import(upload(*CALVETS), by=head, **told)
    confirm_import(batch_id=batch.pk, by=head, **told)
    if is_closed:
        Person.objects.filter(pk=head.pk).update(is_active=False)
    else:
        Membership.objects.filter(person=head).update(ends_on=TODAY)
    batch = apply_import(batch_id=batch.pk, **told)
    assert (batch.state, batch.reason, Student.objects.count()) == ("stopped", "no_right", 0)
    other = person_with("administrator", now=now, email="autre@tilleuls.example")
    confirm_import(batch_id=batch.pk, by=other, **told)
    assert apply_import(batch_id=batch.pk, **told).state == "applied"


def test_a_confirmed_import_that_can_not_go_on_says_so_and_is_given_up(browse, school, now):
    with inside(school):
        head = person_with("administrator", now=now)
        told = {"tenant": school, "now": now, "today": TODAY, "by": head}
        batch = prepare_import(upload(*CALVETS), **told)
        confirm_import(batch_id=batch.pk, **told)
    page = browse(school, head)
    assert "ne peut pas continuer" not in page.get(f"/imports/{batch.pk}/").text
    with inside_operator():
        Obligation.objects.filter(subject_id=batch.pk, kind="import").update(failed_at=now, attempts=3)
    assert "ne peut pas continuer" in page.get(f"/imports/{batch.pk}/").text
    assert page.post(f"/imports/{batch.pk}/give-up/").status_code == 302
    with inside(school):
        assert apply_import(batch_id=batch.pk, tenant=school, now=now, today=TODAY).state == "given_up"
        assert not Student.objects.exists()
    with inside_operator():
        assert not Obligation.objects.waiting().filter(subject_id=batch.pk).exists()


def test_two_thousand_pupils_take_a_bounded_number_of_statements(told, django_assert_max_num_queries):
    rows = [
        pupil(f"Nom{n:05}".translate(str.maketrans("0123456789", "abcdefghij")), "Léa") for n in range(200)
    ]
    batch = prepare_import(upload(*rows), by=None, **told)
    confirm_import(batch_id=batch.pk, by=None, **told)
    with django_assert_max_num_queries(45):
        apply_import(batch_id=batch.pk, **told)
    assert Student.objects.count() == 200


class TestCommand:
    """script/manage import_students"""

    @pytest.fixture
    def files(self, tmp_path):
        pupils = tmp_path / "eleves.csv"
        guardians = tmp_path / "responsables.csv"
        pupils.write_text("\n".join([HEADER, *CALVETS, pupil("", "Léa")]), encoding="latin-1")
        guardians.write_text("\n".join([ADULTS, LISE]), encoding="utf-8-sig")
        return ["--tenant", "tilleuls", "--pupils", str(pupils), "--guardians", str(guardians), "--json"]

    def answer(self, *args):
        out = io.StringIO()
        call_command("import_students", *args, stdout=out)
        return json.loads(out.getvalue())

    def test_it_shows_then_applies_then_has_nothing_left_to_do(self, db, school, files):
        refused = [{"file": "pupils", "line": 4, "column": "Nom élève", "reason": "C’est vide."}]
        shown = self.answer(*files)
        assert shown == {"create": 2, "update": 0, "unchanged": 0, "missing": 0, "refused": refused}
        assert self.answer(*files, "--apply") == shown
        assert self.answer(*files, "--apply") == {**shown, "create": 0, "unchanged": 2}
        with inside(school):
            assert Student.objects.count() == 2
            assert Guardian.objects.count() == 1

    def test_over_the_licences_it_fails_and_says_how_to_extend(self, db, school, files):
        with inside_operator():
            Contract.objects.filter(tenant=school).update(licences=0)
        with pytest.raises(CommandError, match="Licences"):
            self.answer(*files, "--apply")
        assert self.answer(*files)["refused"][-1]["line"] == 2

    def test_an_unknown_school_or_file_is_said(self, db, files, tmp_path):
        with pytest.raises(CommandError, match="nulle-part"):
            call_command("import_students", "--tenant", "nulle-part", "--pupils", files[3])
        with pytest.raises(CommandError, match="absent.csv"):
            call_command("import_students", "--tenant", "tilleuls", "--pupils", str(tmp_path / "absent.csv"))
