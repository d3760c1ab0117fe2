"""Nothing is kept longer than promised, and the controller may promise less."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from agenda.loop import tick
from agenda.models import Obligation
from classrooms.models import Observation, Student
from classrooms.registry import added_to_annex
from demo.factories.classrooms import StudentFactory
from demo.factories.learning import ResultFactory
from dpa.actions import enforce_retention as rounds
from dpa.actions.enforce_retention import enforce_retention
from dpa.actions.set_retention import add_to_annex, set_retention
from dpa.models import Erasure, RetentionRule
from dpa.policy.retention import (
    KeptDays,
    LongerThanPromised,
    quiet_days,
    staff_ends_on,
)
from dpa.queries.promises import retention_days
from dpa.queries.retention_due import retention_forecast, rules_set
from isolation.context import inside
from learning.models import Result


@pytest.fixture
def gone(world):
    """Return a pupil who left and of whom nothing is recorded any more since the autumn."""
    Student.objects.filter(pk=world.other.pk).update(left_on=date(2026, 11, 1))
    return world.other


def set_days(world, category, days, now):
    return set_retention(category=category, days=days, promised_days=730, by=world.admin, now=now)


def test_two_years_after_leaving_a_pupil_is_deleted(world, gone, now):
    last = now + timedelta(days=728)
    assert enforce_retention(now=last - timedelta(days=30))["pupils"] == 0
    enforce_retention(now=now + timedelta(days=731))
    assert Erasure.objects.filter(origin="retention").about([gone.pk]).exists()
    assert not Student.objects.filter(pk=gone.pk).exists()


def test_the_controllers_shorter_period_wins(world, gone, now):
    set_days(world, "identification", 30, now)
    assert retention_days(world.tenant.profiles(now.date()))["identification"] == 30
    assert enforce_retention(now=now + timedelta(days=40))["pupils"] >= 1


def test_learning_data_may_go_before_the_names(world, gone, now):
    set_days(world, "learning", 10, now)
    done = enforce_retention(now=now)
    assert done["rows"] > 0
    assert done["pupils"] == 0
    assert not Result.objects.filter(student=gone).exists()
    assert Student.objects.filter(pk=gone.pk).exists()
    assert Observation.objects.filter(pk=world.alone.pk).exists()


def test_never_longer_than_promised(world, now):
    with pytest.raises(LongerThanPromised):
        set_days(world, "learning", 731, now)
    assert not RetentionRule.objects.exists()


def test_back_to_the_contract(world, now):
    set_days(world, "learning", 90, now)
    assert set_days(world, "learning", None, now) is None
    assert not RetentionRule.objects.exists()


def test_the_round_comes_every_day(world, now):
    owed = Obligation.objects.filter(clause="LG-D5", kind="retention", subject_id=world.tenant.pk)
    first = owed.get()
    assert first.state == "owed"
    tick(now + timedelta(days=1))
    assert sorted(owed.values_list("state", flat=True)) == ["kept", "owed"]


def test_the_annex_takes_guardians_where_the_contract_lets_it(world, now):
    add_to_annex(subject="guardian", fields={"email", "credentials"}, by=world.admin, now=now)
    assert added_to_annex() == {"guardian": {"email", "credentials"}}
    add_to_annex(subject="guardian", fields=set(), by=world.admin, now=now)
    assert added_to_annex() == {}


def test_pages(world, browse):
    site = browse(world.tenant, world.admin)
    url = reverse("dpa:retention_set")
    assert site.post(url, {"learning": "9999"}).status_code == 400
    assert site.post(url, {"learning": "365"}).status_code == 302
    with inside(world.tenant):
        assert RetentionRule.objects.get().days == 365
    assert "365" in site.get(reverse("dpa:home")).content.decode()
    assert site.post(reverse("dpa:annex_change"), {"subject": "guardian", "add": "1"}).status_code == 302


def test_many_who_may_still_stay_hold_up_nobody(world, gone, now, monkeypatch):
    monkeypatch.setattr(rounds, "MAX_A_DAY", 3)
    lately = now + timedelta(days=700)
    for pupil in StudentFactory.create_batch(3, school_class=world.school_class):
        ResultFactory(student=pupil, done_at=lately)
        Student.objects.filter(pk=pupil.pk).update(
            created_at=now - timedelta(days=900), left_on=lately.date()
        )
    enforce_retention(now=now + timedelta(days=731))
    assert Erasure.objects.filter(origin="retention").about([gone.pk]).exists()


def test_a_day_takes_only_so_many_and_the_next_day_goes_on(world, now, monkeypatch):
    monkeypatch.setattr(rounds, "MAX_A_DAY", 1)
    left = StudentFactory.create_batch(2, school_class=world.school_class)
    ids = [each.pk for each in left]
    Student.objects.filter(pk__in=ids).update(created_at=now - timedelta(days=900), left_on=date(2024, 1, 1))
    started = [enforce_retention(now=now + timedelta(days=day))["pupils"] for day in range(3)]
    assert started == [1, 1, 0]


@pytest.mark.parametrize(
    ("days", "is_chosen", "left_on", "last_trace_on", "ends"),
    [
        (730, False, None, date(2026, 1, 1), date(2028, 1, 1)),
        (
            180,
            False,
            None,
            date(2026, 1, 1),
            date(2028, 1, 1),
        ),  # two silent years for who holds a role
        (180, True, None, date(2026, 1, 1), date(2026, 6, 30)),  # but for what the controller chose
        (180, False, date(2026, 2, 1), date(2026, 1, 1), date(2026, 7, 31)),
        (730, False, None, None, None),
    ],
)
def test_who_works_here_goes_after_leaving_or_a_long_silence(days, is_chosen, left_on, last_trace_on, ends):
    kept = KeptDays(days, quiet=quiet_days(days, is_chosen=is_chosen))
    found = staff_ends_on(left_on=left_on, last_trace_on=last_trace_on, ended_on=None, kept=kept)
    assert found == ends


def test_what_would_go_is_shown_before_a_shorter_period_is_saved(world, gone, browse, clock, now):
    site, page = browse(world.tenant, world.admin), reverse("dpa:retention_set")
    shown = site.post(page, {"identification": "40", "learning": "10"})
    assert shown.status_code == 200
    words = shown.content.decode()
    assert "Ces durées suppriment des données" in words
    with inside(world.tenant):
        assert not RetentionRule.objects.exists()
        today = world.tenant.today(now)
        wanted = {"identification": 40, "learning": 10}
        (tomorrow, month, year) = retention_forecast(
            wanted, profiles=world.tenant.profiles(today), today=today
        )
        assert (tomorrow.pupils, tomorrow.parts) == (0, 1)  # who left on 1 November
        assert (month.pupils, year.pupils) == (1, 2)
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', words))
    assert (carried["identification"], carried["learning"], carried["confirm"]) == ("40", "10", "1")
    assert site.post(page, {"identification": "40", "learning": "10", "confirm": "1"}).status_code == 302
    with inside(world.tenant):
        assert RetentionRule.objects.count() == 2


def test_a_longer_period_and_one_that_takes_nobody_are_saved_at_once(world, browse):
    site, page = browse(world.tenant, world.admin), reverse("dpa:retention_set")
    assert site.post(page, {"identification": "600"}).status_code == 302
    assert site.post(page, {"identification": "700"}).status_code == 302


def test_the_round_takes_who_was_forecast(world, gone, now):
    set_days(world, "identification", 30, now)
    today = world.tenant.today(now)
    tomorrow = retention_forecast(rules_set(), profiles=world.tenant.profiles(today), today=today)[0]
    done = enforce_retention(now=now + timedelta(days=1))
    assert (done["pupils"], done["adults"]) == (tomorrow.pupils, tomorrow.adults)
