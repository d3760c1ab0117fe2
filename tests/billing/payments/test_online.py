"""Paying online, against the provider's stand-in over HTTP.

Its page, its messages, and what becomes of the money.
"""

import random
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from billing.invoicing.queries.balances import balance_of
from billing.models import Allocation, Checkout, Dispute, Order, Payment, Refund, WebhookEvent
from billing.money.policy.days import paris_day
from billing.payments.actions.refund_payment import (
    NothingUnallocated,
    NotToBeMade,
    note_refund_sent,
    refund_payment,
)
from billing.payments.queries.account_statement import account_statement_of
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.online import (
    BAD_CARD,
    BAD_IBAN,
    CONTESTED_CARD,
    address_of,
    look,
    only_checkout,
    post,
    provider_at,
)
from tests.billing.support import buyer, credit_balance, rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def owed(now):
    """A signed order, its invoice unpaid."""
    with inside_operator():
        order = order_signed(ContactFactory(), now=now, method="card")
        assert order.contact.customer_id == order.customer_id  # read here: outside there is no database
        return order, invoice_of(order)


@pytest.fixture
def visitor(browse, owed):
    """The buyer who owes it."""
    return buyer(browse, owed[0].contact)


@pytest.fixture
def door():
    """Where the provider posts."""
    return Client(HTTP_HOST="localhost")


def begin(visitor, invoice):
    """Press the button and return the provider's page."""
    answer = visitor.post(url("portal_pay", invoice.pk))
    assert answer.status_code == 200, answer.headers
    return address_of(answer)


def standing(order, invoice):
    """Return all that the order of events must not change."""
    with inside_operator():
        payments = sorted((p.method, p.amount_cents, p.state) for p in Payment.objects.all())
        refunds = sorted((r.amount_cents, r.state) for r in Refund.objects.all())
        contested = Dispute.objects.filter(closed_at=None).count()
        return (
            balance_of(invoice.pk),
            credit_balance(invoice.customer_id),
            Order.objects.get(pk=order.pk).state,
            payments,
            refunds,
            contested,
            sorted(Checkout.objects.values_list("state", flat=True)),
        )


def test_a_card_pays_and_access_opens(provider, owed, visitor, door, now):
    order, invoice = owed
    assert "Payer en ligne" in visitor.get(url("portal_pay", invoice.pk)).content.decode()
    status, back = provider.card(begin(visitor, invoice))
    assert (status, back.endswith(url("portal_paid", only_checkout().pk))) == (303, True)
    assert set(provider.hand_over(door)) == {200}
    look(now)
    left, credit, state, payments, *_ = standing(order, invoice)
    assert (left, credit, state, payments) == (0, 0, "open", [("card", invoice.gross_cents, "credited")])
    assert "Merci" in visitor.get(back.replace("http://localhost", "")).content.decode()
    assert visitor.post(url("portal_pay", invoice.pk)).status_code == 302  # nothing is left to pay


def test_a_refused_card_can_try_another(provider, owed, visitor, door, now):
    order, invoice = owed
    address = begin(visitor, invoice)
    status, page = provider.card(address, BAD_CARD)
    assert (status, "refusée" in page) == (402, True)
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[3] == []
    assert begin(visitor, invoice) == address  # the same page, still open
    assert provider.card(address)[0] == 303
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[2] == "open"


def test_without_any_message_the_way_back_and_the_agenda_find_it(provider, owed, visitor, now):
    order, invoice = owed
    _, back = provider.card(begin(visitor, invoice))
    look(now + timedelta(hours=26))
    assert standing(order, invoice)[0] == 0
    assert visitor.get(back.replace("http://localhost", "")).status_code == 200


def test_a_page_left_alone_expires_and_another_is_opened(provider, owed, visitor, door, now):
    _order, invoice = owed
    first = begin(visitor, invoice)
    provider.book.expire(only_checkout().session_id)
    provider.hand_over(door)
    look(now)
    assert only_checkout().state == "expired"
    assert begin(visitor, invoice) != first


def test_a_debit_is_received_then_credited_days_later(provider, owed, visitor, door, now):
    order, invoice = owed
    provider.debit(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[0:4] == (
        invoice.gross_cents,
        0,
        "waiting",
        [("debit", invoice.gross_cents, "received")],
    )
    assert (
        visitor.post(url("portal_pay", invoice.pk)).status_code == 302
    )  # it is on its way: nobody pays twice
    provider.book.settle_debit(provider.intent())
    provider.hand_over(door)
    look(now + timedelta(days=4))
    assert standing(order, invoice)[0:3] == (0, 0, "open")


def test_a_debit_the_bank_refuses_pays_nothing(provider, owed, visitor, door, now):
    order, invoice = owed
    provider.debit(begin(visitor, invoice), BAD_IBAN)
    provider.hand_over(door)
    look(now)
    provider.book.settle_debit(provider.intent())
    provider.hand_over(door)
    look(now + timedelta(days=4))
    assert standing(order, invoice)[0:4] == (
        invoice.gross_cents,
        0,
        "waiting",
        [("debit", invoice.gross_cents, "bounced")],
    )


def test_a_debit_taken_back_weeks_later_is_owed_again(provider, owed, visitor, door, now, clock):
    order, invoice = owed
    provider.debit(begin(visitor, invoice))
    provider.book.settle_debit(provider.intent())
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[0] == 0
    later = now + timedelta(days=40)
    clock.move_to(later)
    provider.book.contest(provider.intent(), reason="debit_not_authorized", lost=True)
    provider.hand_over(door)
    look(later)
    left, _, _, payments, *_ = standing(order, invoice)
    assert (left, payments) == (invoice.gross_cents, [("debit", invoice.gross_cents, "bounced")])


@pytest.mark.parametrize("won", [True, False])
def test_a_contested_card_blocks_orders_until_it_is_decided(provider, owed, visitor, door, now, won):
    order, invoice = owed
    provider.card(begin(visitor, invoice), CONTESTED_CARD)
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[0] == 0
    assert standing(order, invoice)[5] == 1
    (dispute,) = provider.book.of_intent("dispute", provider.intent())
    provider.book.decide(dispute["id"], won=won)
    provider.hand_over(door)
    look(now + timedelta(days=1))
    assert standing(order, invoice)[5] == 0
    assert standing(order, invoice)[0] == (0 if won else invoice.gross_cents)


@pytest.mark.parametrize("refunded", [0, 30_000])
def test_what_a_bank_takes_in_part_is_asked_again_and_no_more(provider, owed, visitor, door, now, refunded):
    order, invoice = owed
    provider.card(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    if refunded:
        provider.book.refund(provider.intent(), refunded, {})
    cents = invoice.gross_cents - refunded if refunded else 30_000
    provider.book.contest(provider.intent(), lost=True, cents=cents)
    for hours in (1, 2):  # heard twice, taken once
        provider.hand_over(door)
        look(now + timedelta(hours=hours))
    left, _, _, payments, refunds, *_ = standing(order, invoice)
    assert left == cents + refunded
    assert payments == [("card", invoice.gross_cents, "credited")]
    assert sum(amount for amount, _state in refunds) == cents + refunded
    with inside_operator():
        account = account_statement_of(order.customer, on=date(2026, 12, 31))
    assert account["balance_cents"] == left
    (told,) = [each for each in mail.outbox if "a repris" in each.subject]
    assert invoice.number in told.body


def test_what_a_bank_takes_of_money_given_back_before_is_owed_by_the_client(
    provider, owed, visitor, door, now
):
    order, invoice = owed
    provider.card(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    provider.book.refund(provider.intent(), invoice.gross_cents - 500, {})
    provider.hand_over(door)
    look(now + timedelta(minutes=1))
    provider.book.contest(provider.intent(), lost=True, cents=1500)
    for hours in (1, 2):
        provider.hand_over(door)
        look(now + timedelta(hours=hours))
    with inside_operator():
        rows = [(row.amount_cents, row.reason) for row in Refund.objects.undue()]
        account = account_statement_of(order.customer, on=date(2026, 12, 31))
    assert rows == [(1000, "taken back beyond")]  # five euros of it were ours to lose
    assert account["balance_cents"] == invoice.gross_cents + 1000
    told = mail.outbox[-1]
    assert "15,00" in told.subject
    assert "10,00" in told.body


def test_a_refund_made_at_the_providers_desk_frees_what_it_takes(provider, owed, visitor, door, now):
    order, invoice = owed
    provider.card(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    provider.book.refund(provider.intent(), 5000, {})
    provider.hand_over(door)
    look(now + timedelta(minutes=1))
    left, credit, _, _, refunds, *_ = standing(order, invoice)
    assert (left, credit, refunds) == (5000, 0, [(5000, "made")])
    (refund,) = provider.book.of_intent("refund", provider.intent())
    provider.book.fail_refund(refund["id"])
    provider.hand_over(door)
    look(now + timedelta(minutes=2))
    assert standing(order, invoice)[0] == 0  # it came back


def test_only_what_is_free_is_given_back_and_once(provider, owed, visitor, door, now):
    _order, invoice = owed
    provider.card(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    details = {"reason": "trop perçu", "by": None, "now": now, "today": paris_day(now)}
    with inside_operator():
        payment = Payment.objects.get()
        with pytest.raises(NothingUnallocated):
            refund_payment(payment_id=payment.pk, amount_cents=1, **details)
        from billing.payments.actions.allocate_payment import release_allocation

        row = Allocation.objects.active().get()
        release_allocation(allocation_id=row.pk, reason="avoir", by=None, now=now, today=paris_day(now))
        refund = refund_payment(payment_id=payment.pk, amount_cents=2000, **details)
        with pytest.raises(NotToBeMade):  # the provider makes it, nobody says that a transfer left
            note_refund_sent(refund_id=refund.pk, sent_on=paris_day(now), by=None, now=now)
    look(now)
    look(now)
    provider.hand_over(door)
    look(now + timedelta(minutes=1))
    assert [(row.amount_cents, row.state) for row in rows_of(Refund.objects)] == [(2000, "made")]
    assert len(provider.book.of_intent("refund", provider.intent())) == 1


def test_two_payments_of_one_invoice_leave_the_second_as_credit(provider, owed, visitor, door, now):
    order, invoice = owed
    address = begin(visitor, invoice)
    with inside_operator():
        Checkout.objects.update(state="expired")  # as if its page had been lost
    other = begin(visitor, invoice)
    assert other != address
    provider.card(address)
    provider.card(other)
    provider.hand_over(door)
    look(now)
    assert standing(order, invoice)[0:2] == (0, invoice.gross_cents)


STORY = ("debit", "settle", "refund", "contest")


@pytest.mark.parametrize("seed", range(12))
def test_messages_late_twice_and_in_any_order_end_the_same(provider, owed, visitor, door, now, seed):
    order, invoice = owed
    chance = random.Random(seed)
    address = begin(visitor, invoice)
    provider.debit(address)
    intent = provider.intent()
    acts = [
        lambda: provider.book.settle_debit(intent),
        lambda: provider.book.refund(intent, 700, {}),
        lambda: provider.book.decide(provider.book.contest(intent)["id"], won=bool(seed % 2)),
    ]
    held = []
    for act in acts:
        held += provider.events * chance.choice((1, 2))
        provider.events.clear()
        chance.shuffle(held)
        for _ in range(chance.randrange(3)):
            post(door, held.pop())
            look(now)
        act()
    held += provider.events * 2
    chance.shuffle(held)
    for event in held:
        post(door, event)
        look(now)
    lost = not seed % 2
    assert standing(order, invoice)[0] == (invoice.gross_cents if lost else 700)
    assert standing(order, invoice)[3] == [("debit", invoice.gross_cents, "bounced" if lost else "credited")]
    assert standing(order, invoice)[4:] == ([(700, "made")], 0, ["paid"])


class TestTheDoor:
    """The signature lets in, nothing else does."""

    EVENT = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": "pi_x", "object": "payment_intent"}},
    }

    def test_twice_is_once(self, provider, door):
        assert [post(door, self.EVENT), post(door, self.EVENT)] == [200, 200]
        assert len(rows_of(WebhookEvent.objects)) == 1

    def test_a_wrong_secret_an_old_signature_or_none(self, provider, door, now):
        assert post(door, self.EVENT, secret="whsec_other") == 400
        assert post(door, self.EVENT, at=int(now.timestamp()) - 4000) == 400
        assert (
            door.post(url("stripe_webhook"), data=b"{}", content_type="application/json").status_code == 400
        )
        assert door.get(url("stripe_webhook")).status_code == 405
        assert rows_of(WebhookEvent.objects) == []

    def test_a_signed_body_that_is_no_event(self, provider, door):
        assert post(door, {"id": "evt_2"}) == 400
        assert post(door, []) == 400

    def test_a_signature_needs_the_very_bytes(self, provider, door):
        from tests.billing.online import SECRET, signature

        header = signature(b'{"id": "evt_3"}', SECRET)
        headers = {"Stripe-Signature": header}
        answer = door.post(
            url("stripe_webhook"), data=b'{"id":"evt_3"}', content_type="application/json", headers=headers
        )
        assert answer.status_code == 400

    def test_without_an_account_nothing_is_offered_and_nobody_is_let_in(self, owed, visitor, door, settings):
        settings.STRIPE_API_KEY = ""
        settings.STRIPE_WEBHOOK_SECRETS = []
        assert "Payer en ligne</button>" not in visitor.get(url("portal_pay", owed[1].pk)).content.decode()
        assert visitor.post(url("portal_pay", owed[1].pk)).status_code == 302
        assert post(door, self.EVENT) == 400


def test_the_version_is_pinned_and_a_wrong_key_is_said(provider, settings, owed, visitor):
    from billing.payments.gateways.stripe_checkout import API_VERSION, Unreachable, page_still_open

    assert API_VERSION == "2026-10-28.endive"
    settings.STRIPE_API_KEY = "sk_test_wrong"
    with pytest.raises(Unreachable):
        page_still_open("cs_test_1")
    assert visitor.post(url("portal_pay", owed[1].pk)).status_code == 302
    assert rows_of(Checkout.objects) == []  # nothing half made


def test_nothing_is_given_back_of_money_that_left(provider, owed, visitor, door, now):
    _order, invoice = owed
    provider.card(begin(visitor, invoice))
    provider.hand_over(door)
    look(now)
    provider.book.contest(provider.intent(), lost=True)
    provider.hand_over(door)
    look(now + timedelta(minutes=1))
    with inside_operator():
        payment = Payment.objects.get()
        assert payment.state == "bounced"
        with pytest.raises(NothingUnallocated):
            refund_payment(
                payment_id=payment.pk, amount_cents=1, reason="x", by=None, now=now, today=paris_day(now)
            )
