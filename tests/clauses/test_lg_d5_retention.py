"""LG-D5: the controller sets how long each category is kept; less than promised, never more."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from classrooms.models import Student
from demo.factories.classrooms import StudentFactory
from demo.factories.learning import ResultFactory
from demo.factories.people import person_with
from dpa.models import Erasure
from dpa.policy.retention import LongerThanPromised, accepted, kept_for
from isolation.context import inside
from tests.clauses.stage import at, live

days = st.integers(1, 4000)


def test_two_years_promised_one_year_set():
    assert kept_for(promised_days=730, controller_days=365) == 365


def test_nothing_set_keeps_what_was_promised():
    assert kept_for(promised_days=730, controller_days=None) == 730


def test_more_than_promised_is_refused_with_the_ceiling():
    with pytest.raises(LongerThanPromised) as refused:
        accepted(days=731, promised_days=730)
    assert refused.value.ceiling == 730


@pytest.mark.parametrize("nonsense", [0, -1])
def test_less_than_a_day_is_refused(nonsense):
    with pytest.raises(ValueError, match="one day"):
        accepted(days=nonsense, promised_days=730)


@given(promised=days, wanted=days)
def test_what_is_accepted_is_what_is_kept_and_never_more_than_promised(promised, wanted):
    assert kept_for(promised_days=promised, controller_days=wanted) <= promised
    if wanted <= promised:
        assert (
            kept_for(promised_days=promised, controller_days=accepted(days=wanted, promised_days=promised))
            == wanted
        )


@pytest.mark.story(
    "LG-D5",
    "LG-DBr",
    door="agenda",
    fr="Une élève est partie le 1er novembre. La directrice fixe 60 jours, puis 90 avant leur terme, "
    "et se voit refuser plus de deux ans : l’élève est là le 89e jour, effacée au 90e, et celle qui "
    "n’est pas partie reste.",
)
def test_a_period_changed_before_its_end_counts_and_more_than_promised_is_refused(
    browse, clock, school, now, settings, tmp_path
):
    """A pupil left on 1 November. The head sets 60 days, then 90 before these are over, and is refused more
    than two years: the pupil is there on the 89th day, gone on the 90th, and who did not leave stays.
    """
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    with inside(school):
        head = person_with("administrator", now=now, email="direction@tilleuls.example")
        left, stays = StudentFactory.create_batch(2)
        Student.objects.update(created_at=now)
        Student.objects.filter(pk=left.pk).update(left_on=date(2026, 11, 1))
        ResultFactory(student=stays, done_at=at(date(2027, 1, 20)))
    page = reverse("dpa:retention_set")
    assert browse(school, head).post(page, {"identification": "60"}).status_code == 302
    live(clock, date(2026, 12, 20))
    assert browse(school, head).post(page, {"identification": "731"}).status_code == 400
    assert browse(school, head).post(page, {"identification": "90"}).status_code == 302
    live(clock, date(2027, 1, 2), date(2027, 1, 29))
    assert here(school) == {left.pk, stays.pk}
    live(clock, date(2027, 1, 30), date(2027, 1, 31))
    assert here(school) == {stays.pk}
    with inside(school):
        assert Erasure.objects.about([left.pk]).get().origin == "retention"


def here(school):
    """Return the pupils of whom data is held."""
    with inside(school):
        return set(Student.objects.values_list("pk", flat=True))
