"""The state of an invoice is counted from what stands."""

from datetime import date

import pytest

from billing.invoicing.policy.state import invoice_state

TODAY = date(2026, 11, 16)
DUE = {"is_credit_note": False, "gross_cents": 1000, "falls_due_on": TODAY, "today": TODAY}


@pytest.mark.parametrize(
    ("paid", "credited", "more", "state"),
    [
        (0, 0, {}, "open"),
        (0, 0, {"falls_due_on": date(2026, 11, 15)}, "late"),
        (400, 0, {}, "part_paid"),
        (400, 400, {}, "open"),  # a credit note alone is no payment
        (500, 400, {}, "part_paid"),
        (400, 400, {"falls_due_on": date(2026, 11, 15)}, "late"),
        (1000, 0, {}, "paid"),
        (1000, 999, {}, "paid"),  # a cent of money
        (1000, 1000, {}, "credited"),
        (0, 0, {"gross_cents": 0}, "paid"),
        (0, 0, {"is_credit_note": True}, "credit_note"),
    ],
)
def test_what_stands_says_the_state(paid, credited, more, state):
    assert invoice_state(**DUE | more, paid_cents=paid, credited_cents=credited) == state
