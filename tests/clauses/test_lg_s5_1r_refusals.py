"""LG-S5.1r: an order may be refused for something outstanding, suspected fraud or an abnormal quantity.

Until it is concluded.
"""

from datetime import UTC, datetime

import pytest

from billing.catalogue.policy.catalogue import abnormal
from billing.collections.policy.suspension import blocks_orders
from billing.orders.policy.online_order import STEPS, Steps, may_be_refused, refusals, take

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("overdue", "is_disputed", "many", "fraud", "reasons"),
    [
        ([], False, {}, False, ()),
        ([1], False, {}, False, ("overdue",)),
        ([0], True, {}, False, ("disputed",)),
        ([], False, {"cartes": 20}, False, ("abnormal_quantity",)),
        ([], False, {}, True, ("fraud_suspected",)),
        ([500], True, {"cartes": 20}, True, ("overdue", "abnormal_quantity", "fraud_suspected")),
    ],
)
def test_each_reason_is_recorded_under_its_name(overdue, is_disputed, many, fraud, reasons):
    blocked = blocks_orders(overdue, is_disputed=is_disputed)
    assert refusals(blocked=blocked, abnormal=many, fraud_suspected=fraud) == reasons


def test_a_professional_is_never_refused_for_the_quantity():
    many = abnormal({"cartes": 500}, {"cartes": 20}, consumer=False)
    assert refusals(blocked="", abnormal=many) == ()


def test_a_concluded_order_and_a_signed_quote_are_firm():
    steps = Steps()
    for step in STEPS:
        assert may_be_refused(steps)
        steps = take(steps, step, at=AT)
    assert not may_be_refused(steps)
    assert not may_be_refused(None)
