"""What would happen when: notices, renewals, the end."""

from datetime import date
from typing import Any

import pytest

from billing.subscriptions.policy.forecast import (
    RetentionPlan,
    SubscriptionOutlook,
    forecast_erasure,
    forecast_events,
)
from billing.subscriptions.policy.renewal import Announcement, Term
from billing.subscriptions.policy.trial import Period
from contracts.policy.profiles import KeptPeriod
from contracts.registry import profile

TODAY = date(2026, 11, 16)


def running(**changed: Any) -> SubscriptionOutlook:
    known: dict[str, Any] = {
        "term": Term(date(2026, 9, 1), date(2027, 9, 1)),
        "activated_on": date(2026, 9, 1),
        "months": 12,
        "renewal": "automatic",
        "rules": profile("school", on=TODAY).renewal,
        "terminated_on": None,
        "quantity": 200,
        "current": Announcement(date(2026, 9, 1), 12_00),
        "told": (),
        "next_unit_net_cents": 15_00,
    }
    return SubscriptionOutlook(**(known | changed))


def told(until: date, **changed: Any) -> list[tuple[str, str, int | None]]:
    return [
        (str(each.on), each.what, each.amount_cents)
        for each in forecast_events(running(**changed), today=TODAY, until=until)
    ]


def test_two_years_of_an_automatic_renewal():
    assert told(date(2028, 9, 1)) == [
        ("2027-07-28", "renewal_announced", 3000_00),
        ("2027-09-01", "renewed", 3000_00),
        ("2028-07-28", "renewal_announced", 3000_00),
        ("2028-09-01", "renewed", 3000_00),
    ]


def test_a_termination_ends_it_and_nothing_follows():
    events = told(date(2030, 1, 1), terminated_on=date(2027, 9, 1))
    assert events == [("2027-09-01", "ended", None)]


def test_a_product_withdrawn_from_sale_renews_while_access_is_owed_and_then_ends_untold():
    assert told(date(2029, 1, 1), access_until=date(2028, 3, 1)) == [
        ("2027-07-28", "renewal_announced", 3000_00),
        ("2027-09-01", "renewed", 3000_00),
        ("2028-09-01", "ended", None),
    ]


def test_a_fixed_term_is_announced_and_ends():
    assert [what for _on, what, _cents in told(date(2028, 1, 1), renewal="fixed")] == [
        "end_announced",
        "ended",
    ]


def test_a_notice_too_late_for_its_renewal_changes_the_price_of_the_next():
    late = Announcement(date(2027, 8, 15), 15_00)
    renewed = [each for each in told(date(2028, 9, 1), told=(late,)) if each[1] == "renewed"]
    assert renewed[0] == ("2027-09-01", "renewed", 2400_00)
    assert renewed[1] == ("2028-09-01", "renewed", 3000_00)


TRIED = {
    "term": Term(date(2026, 12, 16), date(2027, 12, 16)),
    "activated_on": date(2026, 12, 16),
    "trial": Period(date(2026, 11, 16), date(2026, 12, 16)),
}


def test_a_trial_becomes_the_first_term_and_the_terms_follow():
    assert told(date(2027, 12, 16), **TRIED) == [
        ("2026-12-16", "activated", 2400_00),
        ("2027-11-11", "renewal_announced", 3000_00),
        ("2027-12-16", "renewed", 3000_00),
    ]
    assert told(date(2026, 12, 15), **TRIED) == []


@pytest.mark.parametrize(
    "said", [{"trial_stops_on": date(2026, 12, 16)}, {"terminated_on": date(2026, 12, 16)}]
)
def test_a_trial_that_was_ended_is_followed_by_nothing(said):
    assert told(date(2030, 1, 1), **TRIED, **said) == [("2026-12-16", "trial_ended", None)]


def test_months_are_announced_a_period_ahead():
    month = {
        "term": Term(date(2026, 11, 1), date(2026, 12, 1), 3),
        "activated_on": date(2026, 9, 1),
        "months": 1,
    }
    whats = told(date(2027, 2, 1), **month)
    assert [each for each in whats if each[1] == "renewed"][:2] == [
        ("2026-12-01", "renewed", 2400_00),
        ("2027-01-01", "renewed", 3000_00),
    ]


SCHOOL = RetentionPlan(KeptPeriod(years=2), "LG-S21.2")
CAMPUS = RetentionPlan(KeptPeriod(days=180), "MC-3")


def left(ends: list[tuple[date | None, RetentionPlan]], chosen: int | None = None) -> list[tuple[str, str]]:
    return [
        (str(event.on), event.clause)
        for event in forecast_erasure(ends, chosen_days=chosen, until=date(2040, 1, 1))
    ]


def test_what_is_left_goes_when_the_last_subscription_has_ended():
    ended = date(2027, 9, 1)
    later = date(2028, 9, 1)
    assert left([(ended, CAMPUS)]) == [("2028-02-28", "MC-3")]
    assert left([(ended, CAMPUS), (later, SCHOOL)]) == [("2030-09-01", "LG-S21.2")]
    assert left([(ended, CAMPUS), (ended, SCHOOL)]) == [("2028-02-28", "MC-3")]
    assert left([(ended, SCHOOL)], chosen=30) == [("2027-10-01", "LG-S21.2")]


def test_nothing_goes_while_one_goes_on():
    assert left([(date(2027, 9, 1), CAMPUS), (None, SCHOOL)]) == []
    assert left([]) == []
