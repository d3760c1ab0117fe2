"""A school subscribes by quote: from a visitor's request to the head's own password, over real pages."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.loop import tick
from audit.actions import verify
from billing.models import Contact, Invoice, Order, Payment, QuoteVersion
from demo.factories.billing import catalogue
from demo.factories.people import PASSWORD, person_with
from isolation.context import inside, inside_operator
from people.models import Person
from tenants.models import Contract, Tenant
from tests.billing.support import PUBLIC, clerk, rows_of, url
from tests.journeys.by_quote import ASKED, HEAD, SIGNED, come_back_by_own_link, link, quote_fields, run

pytestmark = pytest.mark.django_db


def test_from_the_quote_to_the_heads_password(browse, now, clock):
    # a visitor asks for a quote: 8 teachers and 210 pupils, by cheque
    with inside_operator():
        product = catalogue().prices.get(product__key="preau-ecole").product
    assert browse(None).post(reverse("website:ask", urlconf=PUBLIC), ASKED).status_code == 302
    asked = rows_of(QuoteVersion.objects.select_related("quote__customer"))[0]

    # finance finds it among what needs doing and completes it: the fee has its own line
    maud = clerk(browse, now)
    assert "École des Érables" in maud.get(url("todo")).content.decode()
    contact = rows_of(Contact.objects.filter(customer=asked.quote.customer))[0]
    maud.post(url("quote_edit", asked.pk), quote_fields(product, contact))
    version = rows_of(QuoteVersion.objects)[0]
    assert version.gross_cents == 129984
    maud.post(url("quote_send", version.pk))
    run()
    sent = mail.outbox[-1]
    assert sent.to == [HEAD]
    assert sent.attachments[0][1].startswith(b"%PDF")

    # the head reads it on her phone, and signs
    head = browse(None)
    enter, _, after = link(sent).partition("?next=")
    assert head.get(enter).status_code == 200
    assert head.post(enter, {"next": after}).headers["Location"] == url("portal_quote", version.pk)
    assert "1\u202f299,84" in head.get(after).content.decode()
    assert head.post(after, SIGNED).headers["Location"].startswith(url("portal_confirm"))
    come_back_by_own_link(head, after)
    refused = head.post(after, {"name": "Solène Marchetti", "job_title": "directrice"})
    assert refused.status_code == 422  # the terms are unticked by default
    signed = head.post(after, SIGNED)
    order = rows_of(Order.objects)[0]
    assert signed.headers["Location"] == url("portal_order", order.pk)
    assert (
        head.post(after, {"name": "S", "job_title": "d", "terms": "on", "firm": "on"}).headers["Location"]
        == after
    )
    assert "chèque à l’ordre" in head.get(url("portal_order", order.pk)).content.decode().lower()
    run()
    invoice = rows_of(Invoice.objects)[0]
    assert mail.outbox[-1].attachments[0][0] == f"{invoice.number}.pdf"

    # the cheque comes, and opens nothing
    clock.shift(timedelta(days=3))
    later = now + timedelta(days=3)
    maud = browse(None, _colleague(later))
    maud.post(
        url("payment_new"),
        {
            "invoice": str(invoice.pk),
            "method": "cheque",
            "amount": "1299,84",
            "received_on": "2026-11-19",
            "reference": "0012",
        },
    )
    run()
    assert not rows_of(Tenant.objects.filter(slug="erables"))
    assert (
        head.get(url("portal_order", order.pk)).status_code == 302
    )  # three days later the way in is the link again
    head.post(enter)
    assert "Nous avons votre chèque" in head.get(url("portal_order", order.pk)).content.decode()

    # the bank credits it: the school opens by itself
    payment = rows_of(Payment.objects)[0]
    maud.post(url("payment_credit", payment.pk), {"credit-on": "2026-11-19"})
    run()
    tenant = rows_of(Tenant.objects.filter(slug="erables"))[0]
    contract = rows_of(Contract.objects.filter(tenant=tenant))[0]
    assert (contract.licences, str(contract.starts_on)) == (218, "2026-11-19")
    assert rows_of(Order.objects)[0].state == "open"
    assert "Aller à École des Érables" in head.get(url("portal_order", order.pk)).content.decode()

    # the head is invited, chooses a password, accepts the terms, and is home
    invitation = next(m for m in reversed(mail.outbox) if "/invitation/" in m.body)
    assert invitation.to == [HEAD]
    school = browse(tenant)
    page = link(invitation)
    boxes = re.findall(r'name="(terms_[^"]+)"', school.get(page).content.decode())
    answers = {"first_name": "Solène", "last_name": "Marchetti", "password": PASSWORD}
    assert school.post(page, answers).status_code in (200, 422)  # the terms come first
    assert school.post(page, answers | dict.fromkeys(boxes, "on")).headers["Location"] == "/"
    assert "Solène" in school.get("/").content.decode()
    with inside(tenant):
        assert Person.objects.filter(email=HEAD).exists()
        assert verify().is_whole
    with inside_operator():
        assert verify().is_whole


def _colleague(now):
    """Return somebody whose session is fresh: three days later nobody is still signed in."""
    with inside_operator():
        return person_with("finance", now=now, username="maud-later", email="maud-later@preau.example")


def test_unpaid_seven_business_days_later_it_shows_as_cancellable(browse, now, clock):
    from demo.factories.billing import order_signed

    with inside_operator():
        order = order_signed(now=now)
    on_time = now + timedelta(days=9)  # Wednesday 25 November: the seventh business day
    tick(on_time)
    assert not rows_of(Order.objects.filter(pk=order.pk))[0].is_cancellable
    late = now + timedelta(days=10)
    tick(late)
    assert rows_of(Order.objects.filter(pk=order.pk))[0].is_cancellable
    clock.shift(timedelta(days=10))
    client = browse(None, _colleague(late))
    assert "annulable" in client.get(reverse("billing:todo", urlconf=PUBLIC)).content.decode().lower()
