"""LG-S30: a substantial change is announced at least 30 days before the renewal it applies from.

An editorial one at once.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.terms import TooSoon, binds_from, check_in_force

TODAY = date(2026, 11, 16)
SALE = {"published_on": TODAY, "change": "LG-S30", "notice_days": 30}


def test_an_editorial_change_is_in_force_at_once():
    assert check_in_force(TODAY, is_substantial=False, **SALE) == TODAY


def test_a_substantial_one_thirty_days_later_at_the_earliest():
    assert check_in_force(date(2026, 12, 16), is_substantial=True, **SALE) == date(2026, 12, 16)
    with pytest.raises(TooSoon) as early:
        check_in_force(date(2026, 12, 15), is_substantial=True, **SALE)
    assert early.value.earliest == date(2026, 12, 16)


def test_nothing_is_in_force_before_it_is_published():
    with pytest.raises(TooSoon):
        check_in_force(date(2026, 11, 15), is_substantial=False, **SALE)


def test_where_terms_change_for_new_orders_only_nobody_is_kept_waiting():
    assert (
        check_in_force(TODAY, is_substantial=True, published_on=TODAY, change="MC-0", notice_days=0) == TODAY
    )


@pytest.mark.parametrize(
    ("renews_on", "found"),
    [
        (date(2026, 12, 15), None),  # 29 days after the notice: the one after
        (date(2026, 12, 16), date(2026, 12, 16)),  # 30 days
        (date(2027, 9, 1), date(2027, 9, 1)),
        (None, None),  # no renewal is known
    ],
)
def test_the_next_renewal_thirty_days_after_the_notice_binds(renews_on, found):
    values = {"noticed_on": TODAY, "in_force_on": date(2026, 12, 16), "notice_days": 30}
    assert binds_from(renews_on=renews_on, **values) == found


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_nobody_is_bound_by_what_they_were_not_told_of_in_time(noticed_on, until_force, until_renewal):
    in_force_on = noticed_on + timedelta(days=until_force)
    renews_on = noticed_on + timedelta(days=until_renewal)
    bound = binds_from(noticed_on=noticed_on, in_force_on=in_force_on, renews_on=renews_on, notice_days=30)
    assert bound is None or (bound - noticed_on).days >= 30
    assert bound is None or bound >= in_force_on
