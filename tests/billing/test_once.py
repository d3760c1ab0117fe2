"""A form that is sent again makes nothing again: at every door that makes money or documents."""

import re
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client

from billing.api.once import heeds_key
from billing.models import Allocation, IdempotencyRecord, Payment, Product, QuoteVersion, Refund
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed
from demo.factories.people import person_with
from isolation.context import inside_operator
from tests.billing.quotes.test_quote_pages import sheet
from tests.billing.support import clerk, rows_of, url
from tests.clauses.stage import subscribed
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


def records():
    """Return the kept answers of forms."""
    return rows_of(IdempotencyRecord.objects.filter(key__startswith="form:"))


@pytest.mark.django_db
class TestDrawnAgain:
    """A form that was counted, drawn again or refused is still to be answered."""

    @pytest.fixture
    def quote(self, desk, db):
        """The desk of a quote and what is typed there first."""
        with inside_operator():
            catalogue()
            contact = ContactFactory()
            product = Product.objects.get(key="preau-ecole")
        return url("quote_new") + f"?customer={contact.customer_id}", sheet(contact, product, discount="")

    @pytest.mark.parametrize("act", ["price-0", "step-0", "count", "terms", "add", "site-add", "remove-1"])
    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_a_quote_that_was_counted_is_saved_with_what_was_changed_since(self, desk, quote, act, headers):
        page, typed = quote
        typed["idempotency_key"] = key_of(desk.get(page))
        typed["lines-0-quantity"] = "1"
        assert desk.post(page, typed | {"act": act}, headers=headers).status_code == 200
        assert records() == []
        typed["lines-0-quantity"] = "210"
        assert desk.post(page, typed | {"act": "count"}, headers=headers).status_code == 200
        saved = desk.post(page, typed)
        assert (saved.status_code, len(records())) == (302, 1)
        assert desk.post(page, typed)["Location"] == saved["Location"]
        (version,) = rows_of(QuoteVersion.objects)
        assert rows_of(version.lines.order_by("position"))[0].quantity == 210

    def test_a_quote_that_was_refused_is_saved_once_mended(self, desk, quote):
        page, typed = quote
        typed["idempotency_key"] = key_of(desk.get(page))
        assert desk.post(page, typed | {"discount": "beaucoup"}).status_code == 422
        assert records() == []
        assert desk.post(page, typed).status_code == 302
        assert len(rows_of(QuoteVersion.objects)) == 1

    def test_an_amendment_that_was_counted_is_saved_with_what_was_changed_since(self, desk, now):
        with inside_operator():
            running = subscribed(now, quantity=100)
        page = url("amend", running.contact.customer_id)
        name = f"contract-{running.contract.pk}"
        typed = {
            "contact": str(running.contact.pk),
            "method": "transfer",
            "valid_until": "2026-11-30",
            "payment_days": "30",
            "language": "fr",
            f"{name}-licences_after": "130",
            f"{name}-term_price": "4,90",
            "idempotency_key": key_of(desk.get(page)),
        }
        assert desk.post(page, typed | {"act": "count"}).status_code == 200
        assert desk.post(page, typed | {f"{name}-licences_after": "90"}).status_code == 422
        assert records() == []
        typed[f"{name}-licences_after"] = "210"
        saved = desk.post(page, typed)
        assert saved.status_code == 302
        assert desk.post(page, typed)["Location"] == saved["Location"]
        (version,) = rows_of(QuoteVersion.objects.filter(lines__contract_id=running.contract.pk))
        assert rows_of(version.lines)[0].licences_after == 210

    def test_a_sign_in_link_asked_twice_with_one_form_leaves_once(self, browse, db):
        with inside_operator():
            contact = ContactFactory()
        visitor = browse(None)
        page = url("portal_sign_in")
        sent = {"email": contact.email, "idempotency_key": key_of(visitor.get(page))}
        first = visitor.post(page, sent)
        again = visitor.post(page, sent)
        assert (first.status_code, again["Idempotency-Replayed"]) == (200, "true")


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


def at_once(desks, page, sent):
    """Return the answers to one form sent by every browser at the same time."""
    begun = threading.Barrier(len(desks))
    answers = []

    def send(desk):
        begun.wait(20)
        try:
            answers.append(desk.post(page, sent))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def same_clerk(now):
    """Return four browsers of one clerk who signed in once."""
    person = person_with("finance", now=now, username="maud", email="maud@preau.example")
    desks = [Client(HTTP_HOST=settings.PUBLIC_HOST) for _ in range(4)]
    desks[0].force_login(person)
    for each in desks[1:]:
        each.cookies = desks[0].cookies
    return desks


def test_four_at_once_save_one_quote_after_it_was_counted(committed, now):
    with inside_operator():
        catalogue()
        contact = ContactFactory()
        product = Product.objects.get(key="preau-ecole")
        desks = same_clerk(now)
    page = url("quote_new") + f"?customer={contact.customer_id}"
    typed = sheet(contact, product, discount="", idempotency_key=key_of(desks[0].get(page)))
    assert desks[0].post(page, typed | {"act": "count", "lines-0-quantity": "1"}).status_code == 200
    answers = at_once(desks, page, typed)
    assert len(rows_of(QuoteVersion.objects)) == 1
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1


def test_four_at_once_make_one_payment(committed, now):
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
        desks = same_clerk(now)
    sent = transfer(invoice, idempotency_key=key_of(desks[0].get(url("payment_new"))))
    answers = at_once(desks, url("payment_new"), sent)
    assert len(rows_of(Payment.objects)) == 1
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
