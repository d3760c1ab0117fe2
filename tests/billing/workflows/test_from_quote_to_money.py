"""From the quote to the credited cheque, action by action."""

from datetime import date, timedelta

import pytest

from agenda.loop import tick
from agenda.models import Obligation
from billing.invoicing.queries.balances import balance_of
from billing.models import Invoice, Order, QuoteVersion
from billing.money.policy.days import paris_day
from billing.orders.actions.cancel_order import MoneyInHand, NotCancellable, cancel_order
from billing.payments.actions.clear_payment import NotInHand, clear_payment
from billing.payments.actions.receive_cheque import NothingToPay, TooMuch, receive_cheque
from billing.payments.actions.reverse_payment import reverse_payment
from billing.quotes.actions.revise_quote import OrderStands, Superseded, revise_quote
from billing.quotes.actions.sign_quote import NotOpen, sign_quote
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside
from people.models import Invitation
from tenants.models import Contract, Tenant

pytestmark = pytest.mark.usefixtures("as_operator")


def test_a_cheque_quote_adds_its_fee_and_totals_once_per_rate(now):
    version = quote_sent(now=now)
    assert [(line.kind, line.net_cents) for line in version.lines.all()] == [
        ("product", 106820),
        ("cheque_fee", 1500),
    ]
    assert (version.net_cents, version.vat_cents, version.gross_cents) == (108320, 21664, 129984)
    assert version.label == "DE-2026-000001"


def test_a_signature_makes_an_order_and_its_invoice(now):
    order = order_signed(now=now)
    invoice = invoice_of(order)
    assert order.state == Order.State.AWAITING_PAYMENT
    assert order.cancellable_on == date(
        2026, 11, 26
    )  # seven business days after 16 November, then the next day
    assert invoice.number == "FA-2026-000001"
    assert invoice.gross_cents == order.gross_cents == 129984
    assert order.version.signature.name == "Solène Marchetti"
    assert {row["key"] for row in invoice.mentions} >= {
        "seller",
        "operation",
        "late_professional",
        "flat_fee",
    }


def test_only_the_credit_opens(now, django_capture_on_commit_callbacks):
    order = order_signed(now=now)
    invoice = invoice_of(order)
    cheque = receive_cheque(
        invoice=invoice,
        amount_cents=129984,
        received_on=date(2026, 11, 16),
        reference="0012",
        by=None,
        now=now,
    )
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING_PAYMENT
    assert balance_of(invoice.id) == 129984
    clear_payment(
        payment_id=cheque.id, credited_on=date(2026, 11, 16), by=None, now=now, today=date(2026, 11, 16)
    )
    order.refresh_from_db()
    assert order.state == Order.State.READY
    assert order.ownership_on == date(2026, 11, 16)
    tick(now)
    order.refresh_from_db()
    assert order.state == Order.State.FULFILLED
    tenant = Tenant.objects.get(slug=order.sites.get().slug)
    assert tenant.state == "open"
    contract = Contract.objects.get(tenant=tenant)
    assert (contract.licences, contract.starts_on, contract.ends_on) == (
        218,
        date(2026, 11, 16),
        date(2027, 11, 16),
    )
    head = order.contact.email
    with inside(tenant):
        assert Invitation.objects.get().email == head
    assert Invoice.objects.get(pk=invoice.pk).tenant_id == tenant.id
    with pytest.raises(NotInHand):
        clear_payment(
            payment_id=cheque.id, credited_on=date(2026, 11, 16), by=None, now=now, today=date(2026, 11, 16)
        )


def test_unpaid_for_seven_business_days_it_can_be_cancelled(now):
    order = order_signed(now=now)
    with pytest.raises(NotCancellable):
        cancel_order(order_id=order.id, reason="unpaid", by=None, now=now, today=paris_day(now))
    late = now + timedelta(days=10)
    tick(late)
    order.refresh_from_db()
    assert order.is_cancellable
    cancel_order(order_id=order.id, reason="unpaid", by=None, now=late, today=paris_day(late))
    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    assert note.number == "AV-2026-000001"
    assert balance_of(invoice_of(order).id) == 0
    assert not Obligation.objects.waiting().filter(subject_id=invoice_of(order).id).exists()


def test_a_cheque_in_hand_keeps_the_order(now):
    order = order_signed(now=now)
    receive_cheque(
        invoice=invoice_of(order),
        amount_cents=100,
        received_on=paris_day(now),
        reference="",
        by=None,
        now=now,
    )
    late = now + timedelta(days=10)
    tick(late)
    with pytest.raises(MoneyInHand):
        cancel_order(order_id=order.id, reason="unpaid", by=None, now=late, today=paris_day(late))


def test_a_bounced_cheque_pays_nothing(now):
    order = order_signed(now=now)
    invoice = invoice_of(order)
    today = paris_day(now)
    cheque = receive_cheque(
        invoice=invoice, amount_cents=129984, received_on=today, reference="", by=None, now=now
    )
    clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
    reverse_payment(payment_id=cheque.id, bounced_on=today, reason="sans provision", by=None, now=now)
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING_PAYMENT
    assert order.ownership_on is None
    assert balance_of(invoice.id) == 129984
    tick(now)
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING_PAYMENT
    again = receive_cheque(
        invoice=invoice, amount_cents=129984, received_on=today, reference="", by=None, now=now
    )
    clear_payment(payment_id=again.id, credited_on=today, by=None, now=now, today=today)
    tick(now)
    order.refresh_from_db()
    assert order.state == Order.State.FULFILLED


def test_nobody_pays_more_than_is_asked(now):
    invoice = invoice_of(order_signed(now=now))
    today = paris_day(now)
    with pytest.raises(TooMuch):
        receive_cheque(
            invoice=invoice, amount_cents=129985, received_on=today, reference="", by=None, now=now
        )
    receive_cheque(invoice=invoice, amount_cents=129984, received_on=today, reference="", by=None, now=now)
    with pytest.raises(NothingToPay):
        receive_cheque(invoice=invoice, amount_cents=1, received_on=today, reference="", by=None, now=now)


def test_a_quote_past_its_date_is_closed_and_revised(now):
    contact = ContactFactory()
    version = quote_sent(contact, now=now, valid_until=date(2026, 11, 20))
    later = now + timedelta(days=5)
    tick(later)
    version.refresh_from_db()
    assert version.state == QuoteVersion.State.EXPIRED
    with pytest.raises(NotOpen):
        sign_quote(
            version_id=version.id,
            contact=contact,
            name="S",
            signatory_title="d",
            terms_version=version.id,
            now=later,
            today=paris_day(later),
        )
    new = revise_quote(version_id=version.id, by=None, now=later, today=paris_day(later))
    assert new.label == "DE-2026-000001 v2"
    assert new.lines.count() == version.lines.count()
    version.refresh_from_db()
    assert version.state == QuoteVersion.State.SUPERSEDED
    with pytest.raises(Superseded):
        revise_quote(version_id=version.id, by=None, now=later, today=paris_day(later))


def test_a_signed_quote_that_became_an_order_is_not_revised(now):
    order = order_signed(now=now)
    with pytest.raises(OrderStands):
        revise_quote(version_id=order.version_id, by=None, now=now, today=paris_day(now))
