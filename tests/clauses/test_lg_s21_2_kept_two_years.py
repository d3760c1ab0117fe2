"""LG-S21.2: kept two years after the end for the administrator, less if the controller says so, then gone for
good.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.profiles import KeptPeriod
from contracts.registry import profile
from isolation.context import inside_operator
from tenants.models import Tenant
from tenants.policy.keeping import erased_on
from tenants.policy.states import rights_open, rights_open_in_circle
from tests.clauses.stage import at, live, subscribed

ENDED = date(2026, 11, 16)
SCHOOL = profile("school", on=ENDED)


def test_two_years_in_a_school():
    assert (SCHOOL.kept_after_end, SCHOOL.kept_after_end_by) == (KeptPeriod(years=2), "LG-S21.2")
    assert erased_on(ended_on=ENDED, kept=[SCHOOL.kept_after_end]) == date(2028, 11, 16)  # 731 days
    assert erased_on(ended_on=date(2028, 2, 29), kept=[SCHOOL.kept_after_end]) == date(2030, 2, 28)


@pytest.mark.parametrize(
    ("kept", "chosen", "days"),
    [
        ([KeptPeriod(years=2)], 30, 30),  # the controller's shorter choice wins
        ([KeptPeriod(days=180)], 730, 180),  # a longer one doesn't
        ([KeptPeriod(years=2), KeptPeriod(days=180)], None, 180),  # two products: the shorter promise
        ([], None, 731),  # no contract says anything: two years, of which 2028 is one day longer
        ([KeptPeriod()], None, 1),  # an offer that keeps nothing: the 24 hours of an erasure
    ],
)
def test_whose_word_counts(kept, chosen, days):
    gone_on = erased_on(ended_on=ENDED, kept=kept, chosen_days=chosen)
    assert gone_on == ENDED + timedelta(days=days)


def test_no_period_is_negative():
    with pytest.raises(ValueError, match="less than no time"):
        erased_on(ended_on=ENDED, kept=[KeptPeriod(days=-1)])


@given(st.integers(0, 4000), st.lists(st.integers(0, 2000), min_size=1, max_size=4), st.integers(1, 2000))
def test_a_choice_never_keeps_longer_than_was_promised(later, kept, chosen):
    ended_on = ENDED + timedelta(days=later)
    kept = [KeptPeriod(days=days) for days in kept]
    promised = erased_on(ended_on=ended_on, kept=kept)
    assert ended_on < erased_on(ended_on=ended_on, kept=kept, chosen_days=chosen) <= promised


def test_the_administrator_reads_takes_along_and_deletes_and_changes_nothing_else():
    left = rights_open("ended")
    assert {"exports.ask", "record.read", "erasures.write", "privacy.write", "invoices.read"} <= left
    assert not {permission for permission in left if permission.endswith(".write")} - {
        "erasures.write",
        "privacy.write",
    }
    assert rights_open_in_circle("ended") == {"family.read", "exports.ask"}


def state_of(subscription):
    """Return the state of a subscription's school."""
    with inside_operator():
        return Tenant.objects.get(pk=subscription.contract.tenant_id).state


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S21.2",
    door="agenda",
    fr="Une école à durée ferme finit le 16 novembre 2026 : ses données restent deux années civiles, 2028 "
    "étant bissextile, jusqu’à la veille du 16 novembre 2028, et sont supprimées ce jour-là.",
)
def test_two_calendar_years_over_a_leap_day(clock, now):
    """A school of a fixed term ends on 16 November 2026: its data stays two calendar years, 2028 being a leap
    year, to the eve of 16 November 2028, and is deleted that day.
    """
    school = subscribed(at(date(2025, 11, 16), 9), renewal="fixed")
    live(clock, date(2026, 11, 16))
    assert state_of(school) == Tenant.State.ENDED
    live(clock, date(2028, 11, 15))
    assert state_of(school) == Tenant.State.ENDED
    live(clock, date(2028, 11, 16), date(2028, 11, 17))
    assert state_of(school) == Tenant.State.ERASED
