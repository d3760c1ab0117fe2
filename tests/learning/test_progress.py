"""Progress: weeks, means, and one statement for a whole class."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms import registry
from contracts.registry import declaration_of
from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.learning import ActivityFactory, ResultFactory
from learning.actions.record_result import delete_result, record_result
from learning.models import Activity, Result
from learning.policy.weeks import mean, week_starts
from learning.queries import latest_results, weekly_scores

MONDAY = date(2026, 11, 16)


def test_the_last_week_is_the_one_the_day_lies_in():
    for day in (MONDAY, MONDAY + timedelta(days=6)):
        assert week_starts(until=day, weeks=2) == [date(2026, 11, 9), MONDAY]
    with pytest.raises(ValueError, match="one week"):
        week_starts(until=MONDAY, weeks=0)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_weeks_are_mondays_without_a_gap(until, weeks):
    starts = week_starts(until=until, weeks=weeks)
    assert len(starts) == weeks
    assert all(day.weekday() == 0 for day in starts)
    assert starts[-1] <= until < starts[-1] + timedelta(weeks=1)
    assert all(
        later - earlier == timedelta(weeks=1) for earlier, later in zip(starts, starts[1:], strict=False)
    )


@given(st.lists(st.integers(0, 100)))
def test_a_mean_lies_between_the_least_and_the_most(scores):
    found = mean(scores)
    assert (found is None) == (not scores)
    if found is not None:
        assert min(scores) <= found <= max(scores)
    assert mean([0, 1]) == 1


def test_scores_by_week_in_the_schools_time_zone(in_school, django_assert_num_queries):
    one, two = StudentFactory.create_batch(2)
    for score, done_at in (
        (40, datetime(2026, 11, 10, 9, tzinfo=UTC)),
        (61, datetime(2026, 11, 12, 9, tzinfo=UTC)),
        (90, datetime(2026, 11, 15, 23, 30, tzinfo=UTC)),  # already Monday in Paris
        (10, datetime(2025, 11, 15, tzinfo=UTC)),
    ):
        ResultFactory(student=one, score=score, done_at=done_at)
    with django_assert_num_queries(1):
        points = weekly_scores([one.pk, two.pk], until=MONDAY, weeks=3)
    assert points == {one.pk: [None, 50, 90]}
    assert registry.progress([one.pk], until=MONDAY, weeks=3) == points
    assert registry.progress([], until=MONDAY) == {}


def test_a_class_with_its_latest_results_takes_one_statement_whatever_its_size(
    in_school, now, django_assert_num_queries
):
    school_class = ClassFactory()
    pupils = StudentFactory.create_batch(30, school_class=school_class)
    for pupil in pupils[1:]:
        ResultFactory.create_batch(3, student=pupil)
    with django_assert_num_queries(1):
        rows = latest_results(school_class, now=now)
    assert len(rows) == 30
    assert sum(row.score is None for row in rows) == 1


def test_a_result_is_entered_once_for_an_activity_that_is_made_once(in_school, now):
    pupil = StudentFactory()
    details = {"student": pupil, "score": 80, "done_at": now, "by": None, "now": now}
    for name in ("Dictée", "Dictée "):
        record_result(activity=None, new_activity=name, **details)
    assert Activity.objects.get().results.count() == 2
    delete_result(result=Result.objects.first(), by=None, now=now)
    assert Result.objects.count() == 1


def test_a_pupils_results_leave_in_an_export_and_nobody_elses(in_school):
    one, two = StudentFactory.create_batch(2)
    activity = ActivityFactory()
    for pupil in (one, one, two):
        ResultFactory(student=pupil, activity=activity)
    declared = declaration_of(Result)
    rows = list(declared.export(declared.about([one.pk])))
    assert {row["student_id"] for row in rows} == {one.pk}
    assert len(rows) == 2
    assert rows[0]["activity__name"] == activity.name
