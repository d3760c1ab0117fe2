"""LG-D5: what a dispute or the law asks for is kept beyond its period, until its day and no longer."""

from datetime import date

import pytest
from django.urls import reverse

from classrooms.models import Student
from demo.factories.classrooms import StudentFactory
from demo.factories.people import person_with
from dpa.models import Hold
from dpa.policy.retention import HeldInThePast, NobodyHeld, check_hold
from isolation.context import inside
from tests.clauses.stage import live, read
from tests.clauses.test_lg_d5_retention import here

TODAY = date(2026, 11, 16)
PAGE = reverse("dpa:holds", urlconf="config.urls_tenant")


def test_a_hold_is_of_somebody_and_has_an_end_to_come():
    check_hold(count=1, ends_on=date(2026, 11, 17), today=TODAY)
    with pytest.raises(NobodyHeld):
        check_hold(count=0, ends_on=date(2026, 11, 17), today=TODAY)
    with pytest.raises(HeldInThePast):
        check_hold(count=1, ends_on=TODAY, today=TODAY)


@pytest.mark.story(
    "LG-D5",
    door="page",
    fr="Deux élèves sont partis et un litige oppose l’école à une famille : l’un est gardé jusqu’en juin. Au "
    "terme fixé l’autre est effacé ; le litige finit plus tôt, la garde est levée, et celui-là part aussi.",
)
@pytest.mark.django_db
def test_a_dispute_keeps_one_pupil_until_it_is_settled(browse, clock, school, now, settings, tmp_path):
    """Two pupils left and the school is in a dispute with one family: one is held until June. At the set
    period the other is erased; the dispute ends sooner, the hold is lifted, and that one goes too.
    """
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    with inside(school):
        head = person_with("administrator", now=now, email="direction@tilleuls.example")
        disputed, other = StudentFactory.create_batch(2)
        Student.objects.update(created_at=now, left_on=date(2026, 11, 1))
    told = {"ground": "dispute", "reason": "Accident dans la cour", "ends_on": "2027-06-01"}
    nobody = browse(school, head).post(PAGE, told)
    assert (nobody.status_code, "Choisissez à qui" in nobody.content.decode()) == (400, True)
    assert browse(school, head).post(PAGE, told | {"students": [str(disputed.pk)]}).status_code == 302
    days = reverse("dpa:retention_set")
    assert browse(school, head).post(days, {"identification": "60"}).status_code == 302
    live(clock, date(2026, 12, 31), date(2027, 1, 1))
    assert here(school) == {disputed.pk}
    page = read(browse(school, head).get(PAGE))
    assert "Accident dans la cour" in page
    assert disputed.full_name not in page.split("Garder les données")[0]
    with inside(school):
        hold = Hold.objects.get()
    lift = reverse("dpa:hold_lift", urlconf="config.urls_tenant", args=[hold.pk])
    assert browse(school, head).post(lift).status_code == 302
    live(clock, date(2027, 1, 3), date(2027, 1, 4))
    assert here(school) == set()
