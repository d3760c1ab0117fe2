"""LG-S11: technical requirements are versioned; major changes are announced ahead, minor ones not."""

from datetime import date

import pytest

from billing.catalogue.policy.catalogue import TooSoon, Version, check_announced, requirements_on

CLAUSE = "LG-S11"
VERSIONS = [Version(1, date(2026, 1, 1)), Version(2, date(2026, 9, 1)), Version(3, date(2026, 12, 1))]


@pytest.mark.parametrize(
    ("on", "number"),
    [(date(2025, 12, 31), None), (date(2026, 8, 31), 1), (date(2026, 11, 30), 2), (date(2026, 12, 1), 3)],
)
def test_an_order_keeps_the_version_in_force_that_day(on, number):
    found = requirements_on(VERSIONS, on)
    assert (found.number if found else None) == number


def test_a_major_change_is_told_thirty_days_ahead_a_minor_one_not():
    told = date(2026, 11, 1)
    check_announced(is_major=False, published_on=told, in_force_on=told)
    check_announced(is_major=True, published_on=told, in_force_on=date(2026, 12, 1))
    with pytest.raises(TooSoon) as soon:
        check_announced(is_major=True, published_on=told, in_force_on=date(2026, 11, 30))
    assert soon.value.earliest == date(2026, 12, 1)
