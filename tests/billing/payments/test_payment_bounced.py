"""Whatever a payment paid, its client is told when the bank takes it back, with what is owed again."""

from datetime import date
from typing import Any

import pytest

from agenda.loop import send_outbox
from agenda.models import OutboxMessage
from billing.models import InterestClaim, Payment
from billing.payments.actions.receive_on_account import receive_on_account
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, mails, plain, read

pytestmark = pytest.mark.django_db

TOLD = "est prévenu"


@pytest.fixture
def invoice(now: Any) -> Any:
    """Return an invoice of 2,940.00 EUR, due on 16 December 2026."""
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer", quantity=500))


def bounced(browse: Any, now: Any, payment: Any, day: date) -> str:
    """Return what the console answers when the bank takes a payment back, the mails sent."""
    back = {"bounce-on": day.isoformat(), "bounce-reason": "rejet"}
    words = read(desk(browse, now).post(url("payment_bounce", payment.pk), back, follow=True))
    send_outbox(at(day, 13))
    return words


def on_account(customer: Any, now: Any) -> Any:
    """Return 500 EUR that came for nothing in particular."""
    with inside_operator():
        return receive_on_account(
            customer_id=customer.pk,
            amount_cents=50000,
            currency="EUR",
            credited_on=date(2026, 11, 16),
            reference="",
            by=None,
            now=now,
        )


def test_a_payment_of_a_claim_comes_back(browse, clock, now, invoice):
    live(clock, date(2027, 1, 15))
    finance = desk(browse, now)
    finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"})
    (claim,) = rows_of(InterestClaim.objects)
    live(clock, date(2027, 1, 20))
    paid = {"paid-amount": "69,96", "paid-on": "2027-01-20", "paid-reference": claim.number}
    desk(browse, now).post(url("interest_claim_pay", claim.pk), paid)
    (payment,) = rows_of(Payment.objects)
    assert TOLD in bounced(browse, now, payment, date(2027, 1, 20))
    (mail,) = mails("rejeté")
    words = plain(mail.body)
    assert claim.number in words
    assert "69,96 €" in words
    assert "14 février 2027" in words
    assert url("portal_claim", claim.pk) in mail.body


def test_a_payment_of_an_invoice_and_more_comes_back(browse, clock, now, invoice):
    live(clock, date(2026, 11, 16))
    money = {"method": "transfer", "amount": "2980", "received_on": "2026-11-16", "credited_on": "2026-11-16"}
    form = {"invoice": str(invoice.pk), "keep_surplus": "on"} | money
    assert desk(browse, now).post(url("payment_new"), form).status_code == 302
    (payment,) = rows_of(Payment.objects)
    assert TOLD in bounced(browse, now, payment, date(2026, 11, 16))
    (mail,) = mails("rejeté")
    words = plain(mail.body)
    assert f"{invoice.number} : 2 940,00 €" in words
    assert "40,00 €" in words


def test_what_other_money_pays_is_not_asked_again(browse, clock, now, invoice):
    """The client had sent the same sum twice: the second pays the invoice when the first comes back."""
    live(clock, date(2026, 11, 16))
    money = {"method": "transfer", "amount": "2940", "received_on": "2026-11-16", "credited_on": "2026-11-16"}
    for _each in range(2):
        form = {"invoice": str(invoice.pk), "keep_surplus": "on"} | money
        assert desk(browse, now).post(url("payment_new"), form).status_code == 302
    with inside_operator():
        payment = Payment.objects.get(allocations__invoice=invoice)
    assert TOLD in bounced(browse, now, payment, date(2026, 11, 16))
    (mail,) = mails("rejeté")
    assert "Vous n’avez rien d’autre à payer" in plain(mail.body)


def test_money_on_account_comes_back(browse, clock, now):
    live(clock, date(2026, 11, 16))
    with inside_operator():
        contact = ContactFactory()
    assert TOLD in bounced(browse, now, on_account(contact.customer, now), date(2026, 11, 16))
    (mail,) = mails("rejeté")
    assert mail.to == [contact.email]
    assert "500,00 €" in plain(mail.body)


def test_nobody_is_said_to_be_told_where_nobody_can_be(browse, clock, now):
    live(clock, date(2026, 11, 16))
    with inside_operator():
        customer = CustomerFactory()
    words = bounced(browse, now, on_account(customer, now), date(2026, 11, 16))
    assert TOLD not in words
    assert "personne à qui écrire" in words
    assert not rows_of(OutboxMessage.objects.filter(template="billing/payment_bounced"))
