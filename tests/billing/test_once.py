"""A form that is sent again makes nothing again: at every door that makes money or documents."""

import re
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client

from billing.api.once import heeds_key
from billing.models import Allocation, Payment, Refund
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from demo.factories.people import person_with
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url
from tests.walls.addresses import addresses

#: What may be sent twice, and why.
LEFT_OUT = {
    "billing:stripe_webhook": "the provider names its own messages",
}


@pytest.fixture
def desk(browse, now):
    """A clerk of finance."""
    return clerk(browse, now)


@pytest.fixture
def invoice(db, now):
    """An invoice that is owed."""
    with inside_operator():
        return invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))


def key_of(page):
    """Return the key of the first form of a page."""
    return re.search(r'name="idempotency_key" value="([^"]+)"', page.content.decode())[1]


def transfer(invoice, **changed):
    """Return what a clerk fills in; more than is owed, so that nothing but the key tells two apart."""
    return {
        "invoice": str(invoice.pk),
        "method": "transfer",
        "amount": "10",
        "received_on": "2026-11-16",
        "credited_on": "2026-11-16",
        "keep_surplus": "on",
    } | changed


@pytest.mark.django_db
class TestForms:
    """From the page a clerk uses."""

    def test_a_payment_sent_twice_is_one_and_is_answered_the_same(self, desk, invoice):
        new = url("payment_new")
        sent = transfer(invoice, idempotency_key=key_of(desk.get(new)))
        first = desk.post(new, sent)
        again = desk.post(new, sent)
        assert (first.status_code, first["Location"]) == (302, again["Location"])
        assert again["Idempotency-Replayed"] == "true"
        assert len(rows_of(Payment.objects)) == 1
        other = desk.post(new, transfer(invoice, idempotency_key=key_of(desk.get(new))))
        assert (other.status_code, len(rows_of(Payment.objects))) == (302, 2)  # another form, another payment

    def test_the_same_form_with_something_else_makes_nothing_and_says_so(self, desk, invoice):
        new = url("payment_new")
        key = key_of(desk.get(new))
        desk.post(new, transfer(invoice, idempotency_key=key))
        answer = desk.post(new, transfer(invoice, amount="11", idempotency_key=key), follow=True)
        assert "déjà été envoyé" in answer.content.decode()
        assert len(rows_of(Payment.objects)) == 1

    def test_what_was_refused_can_be_mended(self, desk, invoice):
        new = url("payment_new")
        key = key_of(desk.get(new))
        assert desk.post(new, transfer(invoice, amount="x", idempotency_key=key)).status_code == 422
        assert desk.post(new, transfer(invoice, idempotency_key=key)).status_code == 302
        assert len(rows_of(Payment.objects)) == 1

    @pytest.mark.parametrize("key", ["", "x" * 201, "\0", "é"])
    def test_what_is_no_key_is_refused(self, desk, invoice, key):
        answer = desk.post(url("payment_new"), transfer(invoice, idempotency_key=key))
        assert (answer.status_code, rows_of(Payment.objects)) == (400, [])

    def test_a_share_and_a_refund_sent_twice_are_one(self, desk, invoice, now):
        day = paris_day(now)
        details = {"received_on": day, "credited_on": day, "reference": "", "by": None, "now": now}
        cents = invoice.gross_cents + 5000
        with inside_operator():
            paid = record_transfer(
                invoice=invoice, amount_cents=cents, today=day, keep_surplus=True, **details
            )
        back = url("payment_refund", paid.pk)
        sent = {"amount": "10", "reason": "x", "idempotency_key": key_of(desk.get(back))}
        assert desk.post(back, sent)["Location"] == desk.post(back, sent)["Location"]
        assert len(rows_of(Refund.objects)) == 1
        (row,) = rows_of(Allocation.objects.active())
        away = url("allocation_release", row.pk)
        sent = {"reason": "x", "idempotency_key": key_of(desk.get(away))}
        assert desk.post(away, sent)["Location"] == desk.post(away, sent)["Location"]


def posts(address):
    """Return whether an address is a page of billing that takes a form."""
    found = getattr(address.view, "view_class", None)
    is_page = address.name.startswith("billing:") and not address.name.startswith(
        "billing:api_"
    )  # a header's
    return is_page and hasattr(found, "post")


def test_every_form_of_billing_is_answered_once():
    heedless = {each.name for each in addresses("public") if posts(each) and not heeds_key(each.view)}
    assert heedless <= set(LEFT_OUT), "say here why it may be sent twice, or let it heed its key"


def test_every_form_has_a_key_of_its_own():
    drawn = Template("{% csrf_token %}{% csrf_token %}").render(Context({"csrf_token": "t"}))
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', drawn)
    assert len(set(keys)) == 2
    assert Template("{% csrf_token %}").render(Context({})) == ""


def test_four_at_once_make_one_payment(committed, now):
    begun = threading.Barrier(4)
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
        person = person_with("finance", now=now, username="maud", email="maud@preau.example")
        desks = [Client(HTTP_HOST=settings.PUBLIC_HOST) for _ in range(4)]
        desks[0].force_login(person)
    for each in desks[1:]:
        each.cookies = desks[0].cookies
    sent = transfer(invoice, idempotency_key=key_of(desks[0].get(url("payment_new"))))
    answers = []

    def send(desk):
        begun.wait(20)
        try:
            answers.append(desk.post(url("payment_new"), sent))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(rows_of(Payment.objects)) == 1
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
