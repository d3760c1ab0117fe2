"""LG-S21.2: kept two years after the end for the administrator, less if the controller says so, then gone for
good.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.registry import profile
from tenants.policy.keeping import erased_on
from tenants.policy.states import rights_open, rights_open_in_circle

ENDED = date(2026, 11, 16)
SCHOOL = profile("school", on=ENDED)


def test_two_years_in_a_school():
    assert (SCHOOL.kept_after_end_days, SCHOOL.kept_after_end_by) == (730, "LG-S21.2")
    assert erased_on(ended_on=ENDED, kept_days=[SCHOOL.kept_after_end_days]) == date(2028, 11, 15)


@pytest.mark.parametrize(
    ("kept", "chosen", "days"),
    [
        ([730], 30, 30),  # the controller's shorter choice wins
        ([180], 730, 180),  # a longer one doesn't
        ([730, 180], None, 180),  # two products: the shorter promise
        ([], None, 730),  # no contract says anything
        ([0], None, 1),  # an offer that keeps nothing: the 24 hours of an erasure
    ],
)
def test_whose_word_counts(kept, chosen, days):
    gone_on = erased_on(ended_on=ENDED, kept_days=kept, chosen_days=chosen)
    assert gone_on == ENDED + timedelta(days=days)


def test_no_period_is_negative():
    with pytest.raises(ValueError, match="less than no time"):
        erased_on(ended_on=ENDED, kept_days=[-1])


@given(st.integers(0, 4000), st.lists(st.integers(0, 2000), min_size=1, max_size=4), st.integers(1, 2000))
def test_a_choice_never_keeps_longer_than_was_promised(later, kept, chosen):
    ended_on = ENDED + timedelta(days=later)
    promised = erased_on(ended_on=ended_on, kept_days=kept)
    assert ended_on < erased_on(ended_on=ended_on, kept_days=kept, chosen_days=chosen) <= promised


def test_the_administrator_reads_takes_along_and_deletes_and_changes_nothing_else():
    left = rights_open("ended")
    assert {"exports.ask", "record.read", "erasures.write", "privacy.write", "invoices.read"} <= left
    assert not {permission for permission in left if permission.endswith(".write")} - {
        "erasures.write",
        "privacy.write",
    }
    assert rights_open_in_circle("ended") == {"family.read", "exports.ask"}
