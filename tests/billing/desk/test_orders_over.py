"""An order of which nothing is kept, or all is credited, says so and opens nothing any more."""

from datetime import date

import pytest

from billing.models import Invoice, Order, Subscription
from contracts.labels import day_text
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, paid, read, subscribed, visitor
from tests.clauses.test_lg_s9_guarantees import claimed, ended_by
from tests.clauses.test_lg_s22_claimed_before import withdraw
from tests.clauses.test_lg_s22_withdrawal import cards_in_hand, month

pytestmark = pytest.mark.django_db


def test_an_order_withdrawn_from_says_so_and_leads_nowhere(browse, clock, shelves, provider):
    placed, contact = month(browse, clock, shelves, provider, date(2026, 11, 16))
    live(clock, date(2026, 11, 20))
    said = {"line_1": "on", "confirm": "1"}
    client = visitor(browse, contact)
    assert client.post(url("portal_withdraw", placed.pk), said).status_code == 302
    page = read(client.get(url("portal_order", placed.pk)))
    assert "rétractée" in page[:400]
    assert "Votre accès est ouvert" not in page
    assert "Fonds crédités" not in page
    (family,) = rows_of(Subscription.objects)
    subscription = read(client.get(url("portal_subscription", family.pk)))
    assert "L’accès continue" not in subscription
    assert "a pris fin le 20 novembre 2026 : rétractation" in subscription
    finance = desk(browse, at(date(2026, 11, 20)))
    assert placed.number in read(finance.get(url("orders") + "?state=withdrawn"))
    assert placed.number not in read(finance.get(url("orders") + "?state=open"))


def test_goods_withdrawn_from_in_part_leave_the_order_open(browse, clock, shelves):
    placed = cards_in_hand(browse, clock, shelves)
    withdraw(browse, placed, 2, date(2026, 11, 20))
    assert "ouverte" in read(visitor(browse, placed.contact).get(url("portal_order", placed.pk)))[:200]
    withdraw(browse, placed, 1, date(2026, 11, 20))
    assert "rétractée" in read(visitor(browse, placed.contact).get(url("portal_order", placed.pk)))[:200]


def test_an_open_order_credited_in_full_is_credited(browse, clock, now):
    school = subscribed(now)
    with inside_operator():
        invoice, order = Invoice.objects.get(), Order.objects.get()
    everything = {"line_1": f"{invoice.net_cents / 100:.2f}".replace(".", ","), "since": "start"}
    desk(browse, now).post(url("invoice_credit", invoice.pk), everything | {"reason": "geste"})
    page = read(visitor(browse, school.contact).get(url("portal_order", order.pk)))
    assert "créditée" in page[:200]
    assert "Fonds crédités" not in page


def test_what_replaces_a_thing_is_withdrawn_from_with_what_was_paid(browse, clock, shelves, now):
    placed = cards_in_hand(browse, clock, shelves)
    live(clock, date(2026, 11, 23))
    claimed(browse, now, placed, shelves["cartes"], date(2026, 11, 23), requested_remedy="replacement")
    instead = ended_by(browse, now, date(2026, 11, 23), "replacement").replacement
    client = visitor(browse, placed.contact)
    page = client.get(url("portal_order", instead.pk)).text
    assert url("portal_withdraw", placed.pk) in page
    assert url("portal_withdraw", instead.pk) not in page


def test_the_day_of_a_moment_is_the_day_here():
    assert day_text(at(date(2027, 1, 3), 23)) == "4 janvier 2027"


def test_interest_of_who_paid_late_stands_on_the_list(browse, clock, now):
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
    live(clock, date(2027, 1, 12))
    with inside_operator():
        order = Order.objects.get()
    paid(order, at(date(2027, 1, 12)))
    page = read(desk(browse, now).get(url("late")))
    assert "intérêts que personne n’a réclamés" in page
    assert invoice.number in page
