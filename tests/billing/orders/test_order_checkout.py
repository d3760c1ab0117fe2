"""An order placed online: paid on the provider's page first, invoiced when the money comes, opened at
once.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from agenda.models import OutboxMessage
from billing.catalogue.models.lines import totals_of
from billing.invoicing.queries.balances import balance_of
from billing.models import Checkout, Invoice, Order, OrderLine, Payment, Refund
from billing.money.policy.days import paris_day
from billing.orders.actions.start_order_checkout import start_order_checkout
from billing.payments.actions.start_checkout import NotOffered, OnItsWay
from billing.payments.queries.money import credit_balance
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from billing.workflows.actions.follow_checkout import follow_checkout
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.online import (
    BAD_CARD,
    BAD_IBAN,
    CONTESTED_CARD,
    address_of,
    look,
    only_checkout,
    order_placed,
    provider_at,
)
from tests.billing.support import buyer, rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def placed(now):
    """An order that waits to be paid by card."""
    with inside_operator():
        order = order_placed(now=now)
        assert order.contact.customer_id == order.customer_id  # read here: outside there is no database
        return order


@pytest.fixture
def door():
    """Where the provider posts."""
    return Client(HTTP_HOST="localhost")


def begin(order, now):
    """Return the provider's page."""
    with inside_operator():
        return start_order_checkout(order_id=order.pk, contact=order.contact, now=now)


def heard(provider, door, now):
    """Let the provider's messages come in and be looked into."""
    assert set(provider.hand_over(door)) <= {200}
    look(now)


def standing(order):
    """Return the state of the order, the invoices it has and what the client paid."""
    with inside_operator():
        invoices = [(row.kind, balance_of(row.pk)) for row in Invoice.objects.filter(order=order)]
        payments = [
            (row.method, row.amount_cents, row.state)
            for row in Payment.objects.filter(customer=order.customer)
        ]
        return Order.objects.get(pk=order.pk).state, invoices, payments


def cancel(order, now):
    """Cancel an order that was not paid."""
    with inside_operator():
        Order.objects.get(pk=order.pk).mark_cancelled("drop", at=now, reason="Non payée en un jour")


def test_a_card_pays_the_invoice_is_issued_and_access_opens(provider, placed, door, now, browse):
    address = begin(placed, now)
    assert standing(placed) == ("waiting", [], [])
    status, back = provider.card(address)
    assert (status, back.endswith(url("portal_paid", only_checkout().pk))) == (303, True)
    heard(provider, door, now)
    assert standing(placed) == ("open", [("invoice", 0)], [("card", placed.gross_cents, "credited")])
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    assert (invoice.gross_cents, invoice.due_on) == (placed.gross_cents, paris_day(now))
    visitor = buyer(browse, placed.contact)
    page = visitor.get(back.replace("http://localhost", "")).content.decode()
    assert "Merci" in page
    assert invoice.number in page
    with pytest.raises(NotOffered), inside_operator():
        start_order_checkout(order_id=placed.pk, contact=placed.contact, now=now)


def test_the_button_of_the_order_leads_there_and_the_way_back_is_the_order(provider, placed, now, browse):
    visitor = buyer(browse, placed.contact)
    page = visitor.get(url("portal_order", placed.pk)).content.decode()
    assert url("portal_order_pay", placed.pk) in page
    address = address_of(visitor.post(url("portal_order_pay", placed.pk)))
    assert provider.book.get(only_checkout().session_id)["cancel_url"].endswith(
        url("portal_order", placed.pk)
    )
    assert (
        address_of(visitor.post(url("portal_order_pay", placed.pk))) == address
    )  # the same page, still open
    waiting = visitor.get(url("portal_paid", only_checkout().pk)).content.decode()
    assert placed.number in waiting


def test_a_refused_card_makes_no_invoice_and_can_try_another(provider, placed, door, now):
    address = begin(placed, now)
    assert provider.card(address, BAD_CARD)[0] == 402
    heard(provider, door, now)
    assert standing(placed) == ("waiting", [], [])
    assert begin(placed, now) == address
    provider.card(address)
    heard(provider, door, now)
    assert standing(placed)[0] == "open"


def test_a_debit_on_its_way_is_invoiced_and_opens_when_it_is_there(provider, placed, door, now):
    provider.debit(begin(placed, now))
    heard(provider, door, now)
    cents = placed.gross_cents
    assert standing(placed) == ("waiting", [("invoice", cents)], [("debit", cents, "received")])
    with pytest.raises(OnItsWay):
        begin(placed, now)
    provider.book.settle_debit(provider.intent())
    heard(provider, door, now + timedelta(days=4))
    assert standing(placed) == ("open", [("invoice", 0)], [("debit", cents, "credited")])


def take_back(order, now, count, *, position=1):
    """Withdraw from so many of a line of the order."""
    with inside_operator():
        Customer.objects.filter(pk=order.customer_id).update(customer_type="consumer")
        notice = WithdrawalNotice({position: count}, "button", paris_day(now))
        withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=paris_day(now))


def test_withdrawn_from_while_a_debit_is_on_its_way_it_is_paid_back_once_it_is_there(
    provider, placed, door, now
):
    provider.debit(begin(placed, now))
    heard(provider, door, now)
    take_back(placed, now, 10)
    assert standing(placed)[0] == "cancelled"
    look(now + timedelta(hours=2))
    assert rows_of(Refund.objects) == []
    provider.book.settle_debit(provider.intent())
    later = now + timedelta(days=4)
    heard(provider, door, later)
    look(later + timedelta(hours=1))
    look(later + timedelta(hours=2))
    (refund,) = rows_of(Refund.objects)
    assert (refund.amount_cents, refund.reason, refund.made_on is not None) == (
        placed.gross_cents,
        "withdrawal",
        True,
    )
    assert standing(placed)[0] == "cancelled"


def test_withdrawn_from_while_its_page_is_open_it_is_void_and_late_money_goes_back(
    provider, placed, door, now
):
    address = begin(placed, now)
    take_back(placed, now, 10)
    assert standing(placed) == ("cancelled", [], [])
    assert provider.card(address)[0] == 303
    heard(provider, door, now)
    look(now + timedelta(minutes=5))
    (refund,) = rows_of(Refund.objects)
    assert (refund.amount_cents, refund.made_on is not None) == (placed.gross_cents, True)
    assert rows_of(Invoice.objects) == []


def test_a_part_withdrawn_from_before_the_money_came_is_credited_and_paid_back(provider, placed, door, now):
    with inside_operator():
        first = placed.lines.get()
        second = OrderLine(order=placed, site=first.site, **(first.terms() | {"position": 2, "quantity": 4}))
        second.save()
        placed.put(totals_of([first, second]))
        placed.save()
    address = begin(placed, now)
    take_back(placed, now, 4, position=2)
    assert standing(placed)[0] == "waiting"
    provider.card(address)
    heard(provider, door, now)
    look(now + timedelta(minutes=5))
    with inside_operator():
        kinds = {row.kind: row.net_cents for row in Invoice.objects.filter(order=placed)}
        assert kinds == {"invoice": 14 * 490, "credit_note": 4 * 490}
        assert [row.amount_cents for row in Refund.objects.all()] == [4 * 588]


def test_after_a_debit_the_bank_refused_the_same_invoice_is_paid_by_card(provider, placed, door, now):
    provider.debit(begin(placed, now), BAD_IBAN)
    heard(provider, door, now)
    provider.book.settle_debit(provider.intent())
    heard(provider, door, now + timedelta(days=4))
    assert standing(placed)[0] == "waiting"
    provider.card(begin(placed, now + timedelta(days=5)))
    heard(provider, door, now + timedelta(days=5))
    state, invoices, payments = standing(placed)
    assert (state, invoices) == ("open", [("invoice", 0)])
    assert sorted(payments) == [
        ("card", placed.gross_cents, "credited"),
        ("debit", placed.gross_cents, "bounced"),
    ]


def test_two_pages_paid_make_one_invoice_and_a_credit(provider, placed, door, now):
    first = begin(placed, now)
    with inside_operator():
        Checkout.objects.update(state="expired")  # as if its page had been lost
    provider.card(begin(placed, now))
    provider.card(first)
    heard(provider, door, now)
    assert standing(placed)[:2] == ("open", [("invoice", 0)])
    with inside_operator():
        assert credit_balance(placed.customer_id) == placed.gross_cents


def test_a_page_that_was_lost_by_us_is_found_by_the_names_it_carries(provider, placed, door, now):
    address = begin(placed, now)
    with inside_operator():
        Checkout.objects.all().delete()  # the provider heard us, our commit failed
    provider.card(address)
    heard(provider, door, now)
    assert standing(placed)[0] == "open"
    assert only_checkout().order_id == placed.pk


class TestMoneyThatComesLate:
    """The order was cancelled meanwhile: the money is kept, given back by itself, and the reason told."""

    def test_a_card_is_given_back_at_once(self, provider, placed, door, now):
        address = begin(placed, now)
        cancel(placed, now)
        provider.card(address)
        heard(provider, door, now)
        look(now + timedelta(minutes=5))
        assert standing(placed) == ("cancelled", [], [("card", placed.gross_cents, "credited")])
        assert [(row.amount_cents, row.state) for row in rows_of(Refund.objects)] == [
            (placed.gross_cents, "made")
        ]
        (mail,) = rows_of(OutboxMessage.objects.filter(template="billing/money_sent_back"))
        assert mail
        heard(provider, door, now + timedelta(minutes=10))
        assert len(rows_of(Refund.objects)) == 1

    def test_a_debit_is_given_back_when_it_is_there(self, provider, placed, door, now):
        address = begin(placed, now)
        cancel(placed, now)
        provider.debit(address)
        heard(provider, door, now)
        assert rows_of(Refund.objects) == []
        provider.book.settle_debit(provider.intent())
        heard(provider, door, now + timedelta(days=4))
        look(now + timedelta(days=4, minutes=5))
        assert [row.state for row in rows_of(Refund.objects)] == ["made"]

    def test_nothing_is_given_back_while_the_bank_asks_for_it(self, provider, placed, door, now):
        address = begin(placed, now)
        cancel(placed, now)
        provider.card(address, CONTESTED_CARD)
        heard(provider, door, now)
        assert rows_of(Refund.objects) == []
        (dispute,) = provider.book.of_intent("dispute", provider.intent())
        provider.book.decide(dispute["id"], won=False)
        heard(provider, door, now + timedelta(days=9))
        assert standing(placed)[2] == [("card", placed.gross_cents, "bounced")]
        assert rows_of(Refund.objects) == []

    def test_what_the_providers_desk_gave_back_is_not_given_twice(self, provider, placed, door, now):
        address = begin(placed, now)
        cancel(placed, now)
        provider.card(address)
        provider.book.refund(provider.intent(), 700, {})
        heard(provider, door, now)
        look(now + timedelta(minutes=5))
        made = sorted((row.amount_cents, row.state) for row in rows_of(Refund.objects))
        assert made == [(700, "made"), (placed.gross_cents - 700, "made")]

    def test_a_page_opened_before_is_not_offered_again(self, provider, placed, now):
        begin(placed, now)
        cancel(placed, now)
        with pytest.raises(NotOffered):
            begin(placed, now)

    def test_what_came_in_time_stays_where_it_is(self, provider, placed, door, now):
        provider.card(begin(placed, now))
        heard(provider, door, now)
        with inside_operator():
            checkout = Checkout.objects.get()
            follow_checkout(checkout_id=checkout.pk, now=now + timedelta(days=1), today=paris_day(now))
        assert rows_of(Refund.objects) == []


def test_an_attempt_has_an_aim(as_operator, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Checkout.objects.create(amount_cents=1, started_at=now)


def test_without_an_account_nothing_is_offered(placed, now, settings):
    settings.STRIPE_API_KEY = ""
    with pytest.raises(NotOffered):
        begin(placed, now)
