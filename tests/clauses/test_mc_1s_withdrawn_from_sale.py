"""MC-1s: a product withdrawn from sale stays to the end of the subscription, and at least 6 months after the
notice.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.catalogue import TooSoon, access_ends_on, check_phaseout
from billing.money.policy.calendar_months import add_months

CLAUSE = "MC-1s"
TOLD = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("term_ends_on", "ends_on"),
    [
        (date(2027, 9, 1), date(2027, 9, 1)),  # paid for longer than the notice
        (date(2027, 1, 1), date(2027, 5, 16)),  # the term ends first: the 6 months count
        (None, date(2027, 5, 16)),
    ],
)
def test_the_later_of_the_term_and_six_months(term_ends_on, ends_on):
    assert access_ends_on(announced_on=TOLD, term_ends_on=term_ends_on) == ends_on


def test_less_than_six_months_is_refused():
    check_phaseout(announced_on=TOLD, access_until=date(2027, 5, 16))
    with pytest.raises(TooSoon) as soon:
        check_phaseout(announced_on=TOLD, access_until=date(2027, 5, 15))
    assert soon.value.earliest == date(2027, 5, 16)


@given(told=st.dates(date(2020, 1, 1), date(2090, 1, 1)), term=st.one_of(st.none(), st.dates()))
def test_nobody_loses_access_early(told, term):
    ends_on = access_ends_on(announced_on=told, term_ends_on=term)
    assert ends_on >= add_months(told, 6)
    assert term is None or ends_on >= term
