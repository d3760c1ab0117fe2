"""MC-7: access is suspended for misuse only after an e-mail."""

from datetime import date

import pytest

from billing.collections.policy.suspension import misuse_suspends

CLAUSE = "MC-7"


@pytest.mark.parametrize(
    ("told", "suspends"), [(None, False), (date(2026, 11, 2), True), (date(2026, 11, 3), False)]
)
def test_an_email_comes_first(told, suspends):
    assert misuse_suspends(told_on=told, today=date(2026, 11, 2)) is suspends
