"""LG-S7c: 30 days without a date; 30 days late and after a formal notice a consumer may end the sale."""

from datetime import date

import pytest

from billing.fulfilment.policy.delivery import NotYet, late_delivery_refund_by, promised_day

CLAUSE = "LG-S7c"
PROMISED = date(2026, 10, 1)
TOLD = date(2026, 10, 20)


def test_without_a_date_thirty_days_at_most():
    assert promised_day(confirmed_on=date(2026, 11, 16)) == date(2026, 12, 16)
    assert promised_day(confirmed_on=date(2026, 11, 16), agreed_on=date(2027, 1, 5)) == date(2027, 1, 5)


def test_thirty_days_late_and_told_the_sale_may_end():
    found = late_delivery_refund_by(
        promised_on=PROMISED, notice_on=TOLD, delivered_on=None, today=date(2026, 11, 1)
    )
    assert found == date(2026, 11, 15)  # refunded within 14 days


@pytest.mark.parametrize(
    ("notice_on", "delivered_on", "today", "reason"),
    [
        (TOLD, None, date(2026, 10, 31), "on_time"),
        (None, None, date(2026, 11, 1), "no_notice"),
        (date(2026, 11, 2), None, date(2026, 11, 1), "no_notice"),
        (TOLD, date(2026, 10, 30), date(2026, 11, 1), "delivered"),
    ],
)
def test_before_that_it_may_not(notice_on, delivered_on, today, reason):
    with pytest.raises(NotYet) as wait:
        late_delivery_refund_by(
            promised_on=PROMISED, notice_on=notice_on, delivered_on=delivered_on, today=today
        )
    assert wait.value.reason == reason
    assert wait.value.possible_on == (date(2026, 11, 1) if reason == "on_time" else None)
