"""LG-S5.1r: an order may be refused for something outstanding, suspected fraud or an abnormal quantity.

Until it is concluded.
"""

from datetime import UTC, datetime

import pytest
from django.test import Client

from billing.catalogue.policy.catalogue import abnormal
from billing.collections.policy.suspension import blocks_orders
from billing.models import CheckoutSteps
from billing.orders.policy.online_order import STEPS, Steps, may_be_refused, refusals, take
from isolation.context import inside_operator
from tests.billing.carts import TEACHER, bought, only_order
from tests.billing.online import address_of
from tests.billing.support import url
from tests.clauses.stage import desk, later, mails, plain, read

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


@pytest.mark.story(
    "LG-S5.1r",
    door="page",
    fr="La banque signale une carte volée après le paiement : la commande est refusée, le client lit "
    "pourquoi, et ses 42,84 € lui sont rendus.",
)
def test_a_fraud_suspected_after_payment_is_refused_said_and_paid_back(browse, clock, now, shelves, provider):
    """The bank reports a stolen card after the payment: the order is refused, the client reads why, and their
    42.84 EUR are paid back.
    """
    shop = browse(None)
    provider.card(address_of(bought(shop, shelves["cartes"], TEACHER, 2, method="card")))
    provider.hand_over(Client(HTTP_HOST="localhost"))
    later(clock, minutes=2)
    placed = only_order()
    with inside_operator():
        CheckoutSteps.objects.filter(order=placed).update(confirmed_at=None)
    words = {"because_of": "fraud_suspected", "words": ""}
    finance = desk(browse, now)
    assert finance.post(url("order_refuse", placed.pk), words).status_code == 422  # never without a reason
    words["words"] = "La banque nous signale une carte volée."
    finance.post(url("order_refuse", placed.pk), words)
    later(clock, minutes=3)
    told = mails("")[-1]
    assert words["words"] in told.body
    assert "42,84 € que vous en aviez payés" in plain(told.body)
    with inside_operator():
        note = placed.invoices.get(kind="credit_note")
    assert [each[0] for each in told.attachments] == [f"{note.number}.pdf"]
    assert words["words"] in read(shop.get(url("portal_order", placed.pk)))
    assert [row["amount"] for row in provider.book.rows.values() if row["object"] == "refund"] == [4284]
