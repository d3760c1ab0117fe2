"""LG-S20.3e: termination makes every issued unpaid invoice due at once."""

from datetime import date

import pytest

from billing.invoicing.policy.due import effective_due_on

CLAUSE = "LG-S20.3e"
ENDED = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("due", "then"), [(date(2026, 12, 16), ENDED), (date(2026, 11, 1), date(2026, 11, 1))]
)
def test_it_is_never_due_later_than_it_was(due, then):
    assert effective_due_on(due, terminated_on=ENDED) == then
