"""LG-S22: a consumer withdraws within 14 days, of receipt for goods, of conclusion for a subscription."""

from datetime import date

from billing.subscriptions.policy.endings import withdrawal

CLAUSE = "LG-S22"
CONCLUDED = date(2026, 11, 2)


def test_a_subscription_from_its_conclusion():
    right = withdrawal(is_consumer=True, concluded_on=CONCLUDED)
    assert right.is_open(date(2026, 11, 16))
    assert not right.is_open(date(2026, 11, 17))
    assert right.refund_by(date(2026, 11, 10)) == date(2026, 11, 24)
    assert right.goods_back_by(date(2026, 11, 10)) == date(2026, 11, 24)


def test_goods_from_their_receipt_and_before_it_too():
    got = withdrawal(is_consumer=True, concluded_on=CONCLUDED, received_on=date(2026, 11, 9), goods=True)
    assert got.last_day == date(2026, 11, 23)
    assert withdrawal(is_consumer=True, concluded_on=CONCLUDED, goods=True).is_open(date(2027, 1, 1))


def test_a_professional_has_none():
    assert withdrawal(is_consumer=False, concluded_on=CONCLUDED) is None
