"""Every order is made by one action, whatever it comes of; nothing else writes its rows."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from agenda.models import Obligation
from audit.models import Entry
from billing.models import Order, OrderLine, OrderSite
from billing.orders.actions.create_order import (
    OPEN_AT_ONCE,
    VERBS,
    Ordered,
    OrderedLine,
    OrderedSite,
    Origin,
    create_order,
)
from demo.factories.billing import ContactFactory

SRC = Path(settings.BASE_DIR) / "src"
ROWS = ("Order", "OrderLine", "OrderSite")
WRITER = SRC / "billing/orders/actions/create_order.py"
SAYS = {
    "position": 1,
    "kind": "product",
    "description": "Abonnement",
    "nature": "services",
    "quantity": 3,
    "unit_net_cents": 1050,
    "vat_rate": Decimal(20),
}


def written_rows(tree):
    """Yield the lines on which a row of an order is made: `Order(…)`, `Order.objects.create(…)`…"""
    makes = {"create", "bulk_create", "get_or_create", "update_or_create"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            name, _dot, verb = called.partition(".objects.")
            if name.rpartition(".")[2] in ROWS and (not verb or verb in makes):
                yield node.lineno


def test_nothing_else_writes_the_rows_of_an_order():
    found = [
        f"{path.relative_to(SRC)}:{line}"
        for path in sorted(SRC.rglob("*.py"))
        if path != WRITER and "migrations" not in path.parts
        for line in written_rows(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["Order(number=1)", "models.Order()", "Order.objects.create(x=1)", "OrderLine.objects.bulk_create([])"],
)
def test_a_row_made_elsewhere_is_seen(text):
    assert list(written_rows(ast.parse(text))) == [1]


def test_a_row_that_is_read_is_not_one_that_is_made():
    assert list(written_rows(ast.parse("Order.objects.filter(pk=1); OrderForm(); Order.State('x')"))) == []


def ordered_by(contact, origin, **chosen):
    details = {
        "method": "transfer",
        "lines": [OrderedLine(SAYS, 0)],
        "sites": [OrderedSite("École des Lilas", "lilas")],
        "currency": "EUR",
    }
    return Ordered(origin=origin, customer=contact.customer, contact=contact, **(details | chosen))


def made(origin, now, **chosen):
    contact = ContactFactory()
    today = now.date()
    cancellable_on = None if origin in OPEN_AT_ONCE else today
    ordered = ordered_by(contact, origin, cancellable_on=cancellable_on, **chosen)
    return create_order(ordered=ordered, by=None, now=now, today=today)


def promises_of(order):
    return sorted(Obligation.objects.filter(subject_id=order.pk).values_list("clause", "kind"))


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("origin", Origin)
def test_an_order_has_its_number_its_content_its_totals_and_its_entry(origin, now):
    order = Order.objects.get(pk=made(origin, now, facts={"why": "x"}).pk)
    line = OrderLine.objects.get(order=order)
    assert line.site == OrderSite.objects.get(order=order)
    assert (line.quantity, line.unit_net_cents) == (3, 1050)
    assert (order.net_cents, order.vat_cents, order.gross_cents) == (3150, 630, 3780)
    entry = Entry.objects.get(verb=VERBS[origin], subject_id=order.pk)
    assert entry.facts == {"number": order.number, "why": "x"}


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("origin", Origin)
def test_only_what_waits_for_money_is_promised_to_be_looked_at(origin, now):
    order = made(origin, now)
    waits = origin not in OPEN_AT_ONCE
    assert promises_of(order) == ([("LG-S5.2c", "cancellable")] if waits else [])
    assert order.state == ("waiting" if waits else "open")
    assert (order.fulfilled_at is None) is waits


@pytest.mark.usefixtures("as_operator")
def test_a_cart_paid_online_waits_at_the_provider_not_for_its_business_days(now):
    assert promises_of(made(Origin.CART, now, method="card")) == [("LG-S5.1", "paid-online")]
    assert promises_of(made(Origin.QUOTE, now, method="card")) == [("LG-S5.2c", "cancellable")]


@pytest.mark.usefixtures("as_operator")
def test_two_orders_follow_each_other_in_the_numbers(now):
    first, second = (made(Origin.QUOTE, now).number for _ in range(2))
    assert int(second.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1


@pytest.mark.usefixtures("as_operator")
def test_only_a_replacement_is_owned_before_it_is_paid(now):
    owned = {origin: made(origin, now).ownership_on for origin in Origin}
    assert owned.pop(Origin.REPLACEMENT) == now.date()
    assert set(owned.values()) == {None}
