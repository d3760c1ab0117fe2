"""What the classroom declares of people, and what erasing finds."""

import pytest

from classrooms import models
from contracts.registry import declaration_of, impersonal
from demo.factories.classrooms import GuardianFactory, ObservationFactory, StudentFactory

DECLARED = [
    models.Student,
    models.Enrolment,
    models.GroupStudent,
    models.Teaching,
    models.Guardian,
    models.Guardianship,
    models.GuardianInformation,
    models.Observation,
    models.ObservationStudent,
    models.ObservationCompetency,
    models.ObservationChanges,
    models.ChangesStudent,
    models.Photo,
    models.ReadReceipt,
    models.ImportBatch,
]
IMPERSONAL = [models.SchoolYear, models.SchoolClass, models.Group, models.Competency]


@pytest.mark.parametrize("model", DECLARED)
def test_every_model_about_people_is_declared_and_its_declaration_runs(in_school, model):
    declared = declaration_of(model)
    student = StudentFactory()
    assert declared.about([student.pk]).count() in {0, 1}
    if declared.export:
        list(declared.export(declared.about([student.pk])))


@pytest.mark.parametrize("model", IMPERSONAL)
def test_the_others_say_why_not(model):
    assert impersonal()[model]


def test_an_observation_others_are_in_stays_theirs_but_its_photos_go(in_school, now):
    one, two = StudentFactory.create_batch(2)
    alone = ObservationFactory(of=[one])
    both = ObservationFactory(of=[one, two])
    for observation in (alone, both):
        models.Photo.objects.create(observation=observation, file="x.jpg", width=1, height=1, created_at=now)
    assert list(declaration_of(models.Observation).about([one.pk])) == [alone]
    assert declaration_of(models.Photo).about([one.pk]).count() == 2
    assert set(declaration_of(models.Observation).about([one.pk, two.pk])) == {alone, both}


def test_a_guardian_is_found_by_their_own_id_and_by_their_accounts(in_school, now):
    from demo.factories.people import person_with

    child = StudentFactory()
    parent = person_with("guardian", now=now, email="sami@famille.example")
    guardian = GuardianFactory(email=parent.email, person=parent, of=[child])
    for pk in (guardian.pk, parent.pk):
        assert list(declaration_of(models.Guardian).about([pk])) == [guardian]
        assert declaration_of(models.Guardianship).about([pk]).count() == 1
    assert declaration_of(models.Guardianship).about([child.pk]).count() == 1


def test_uploads_that_still_hold_rows_are_given_up_when_somebody_is_erased(in_school, now):
    child = StudentFactory()
    batch = models.ImportBatch.objects.create(created_at=now, rows=[[2, "Calvet", "Noé", "2018-02-03"]])
    declared = declaration_of(models.ImportBatch)
    assert not declared.about([batch.pk])
    declared.erase(declared.about([child.pk]), now)
    batch.refresh_from_db()
    assert (batch.rows, batch.state) == ([], "given_up")
