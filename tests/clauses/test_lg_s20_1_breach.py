"""LG-S20.1: a fixed term ends early only for a breach unremedied 15 calendar days after the letter's
presentation.
"""

from datetime import date

import pytest

from billing.collections.policy.letters import breach_ends_on
from billing.subscriptions.policy.termination import notice_ends_on

CLAUSE = "LG-S20.1"
PRESENTED = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("remedied", "ends"),
    [
        (None, date(2026, 11, 18)),
        (date(2026, 11, 17), None),  # the last day is in time
        (date(2026, 11, 18), date(2026, 11, 18)),
    ],
)
def test_fifteen_days_run_from_the_first_presentation(remedied, ends):
    assert breach_ends_on(first_presented_on=PRESENTED, remedied_on=remedied) == ends


def test_a_fixed_term_has_no_termination_by_word():
    assert notice_ends_on("fixed", received_on=date(2026, 11, 2), due_days=[date(2027, 9, 1)]) is None
