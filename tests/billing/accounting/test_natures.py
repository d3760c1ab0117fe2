"""Goods and services apart: a discount, delivery and a down payment are of the nature of what they are on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.accounting.queries.deferred import deferred_by_invoice
from billing.accounting.queries.vat_facts import dues_of, parts_of
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.models import Product
from billing.catalogue.policy.discount import Discount
from billing.invoicing.queries.einvoice import electronic
from billing.models import Invoice
from demo.factories.billing import invoice_of, order_signed
from tests.billing.returns.test_withdrawal import thing

pytestmark = pytest.mark.usefixtures("as_operator")


def training(cents):
    found, _made = Product.objects.get_or_create(
        key="formation",
        defaults={
            "name_fr": "Formation",
            "name_en": "Training",
            "kind": "service",
            "methods": ["transfer", "cheque"],
        },
    )
    return LineDraft(found.pk, "Formation", 1, cents)


def cards(count, cents):
    return LineDraft(thing("carte", stock=500).pk, "carte", count, cents)


def sold(now, *lines, **chosen):
    return order_signed(now=now, method="transfer", lines=list(lines), sites=[], **chosen)


def nets(invoice):
    found = {}
    for part, each in parts_of(invoice).items():
        found[part.nature] = found.get(part.nature, 0) + each.base_cents
    return found


def test_a_discount_is_shared_by_what_it_is_on(now):
    order = sold(now, cards(100, 1000), training(1000), discount=Discount(pct=Decimal(50)))
    invoice = invoice_of(order)
    assert nets(invoice) == {"goods": 50_000, "services": 500}
    asked = {due.part.nature: due.vat_cents for due in dues_of(invoice)}
    assert asked == {"services": 100}  # on debits; goods fall due when they leave
    assert sum(each.vat_cents for each in parts_of(invoice).values()) == invoice.vat_cents


def test_delivery_is_of_the_things_it_delivers(now):
    order = sold(now, cards(1, 1000), training(9000), shipping_cents=600)
    assert nets(invoice_of(order)) == {"goods": 1600, "services": 9000}


@pytest.mark.parametrize("first", ["goods", "services"])
def test_a_down_payment_is_of_the_natures_of_what_is_ordered(now, first):
    lines = (
        [cards(1, 1000), training(1_000_000)] if first == "goods" else [training(1000), cards(100, 10_000)]
    )
    order = sold(now, *lines, down_payment_pct=30)
    deposit = Invoice.objects.get(order=order, is_down_payment=True)
    small, large = (300, 300_000)
    other = "services" if first == "goods" else "goods"
    assert nets(deposit) == {first: small, other: large}


def test_goods_with_a_discount_are_told_as_goods(now):
    order = sold(now, cards(10, 1000), discount=Discount(pct=Decimal(10)), shipping_cents=590)
    invoice = invoice_of(order)
    told = electronic(invoice, list(invoice.lines.all()))
    assert told.business_process.startswith("B")


def test_the_discount_on_a_day_of_training_is_no_revenue_to_come(now):
    order = order_signed(
        now=now, method="transfer", lines=[training(136_000)], discount=Discount(pct=Decimal(10))
    )
    invoice = invoice_of(order)
    assert deferred_by_invoice(date(2026, 11, 30)).get(invoice.pk, {}) == {}
