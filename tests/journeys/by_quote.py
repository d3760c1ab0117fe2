"""What a visitor, finance and the head do on real pages until a school signs, and the head's own password."""

import re
from datetime import UTC, datetime
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from agenda.loop import tick
from billing.models import Contact, Invoice, QuoteVersion
from demo.factories.billing import catalogue
from demo.factories.people import PASSWORD
from isolation.context import inside_operator
from tests.billing.support import PUBLIC, rows_of, url

HEAD = "solene@erables.example"
ASKED = {
    "offer": "school",
    "adults": "8",
    "children": "210",
    "method": "cheque",
    "organisation": "École des Érables",
    "customer_type": "professional",
    "siret": "213599905",
    "street": "4 impasse des Érables",
    "postcode": "44000",
    "city": "Nantes",
    "first_name": "Solène",
    "last_name": "Marchetti",
    "job_title": "directrice",
    "email": HEAD,
    "terms": "on",
}
SIGNED = {"name": "Solène Marchetti", "job_title": "directrice", "terms": "on", "firm": "on"}


def run() -> None:
    """Let the agenda do what is due at this moment of the test's clock."""
    tick(datetime.now(UTC))


def link(message: Any) -> str:
    """Return the path of the link a mail holds."""
    found = re.search(r"http://[^/\s]+(/\S+)", message.body)
    assert found, message.body
    return found[1]


def come_back_by_own_link(browser: Client, page: str) -> None:
    """Let who reads by the link of a mail ask for one of their own, and come back by it to a page."""
    assert browser.post(url("portal_confirm"), {"next": page}).status_code == 200
    run()
    enter, _, back = link(mail.outbox[-1]).partition("?next=")
    assert browser.post(enter, {"next": back}).headers["Location"] == page


def quote_fields(product: Any, contact: Any) -> dict[str, str]:
    """Return what finance completes of the quote that was asked for."""
    return {
        "contact": str(contact.pk),
        "method": "cheque",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "act": "save",
        "sites-TOTAL_FORMS": "1",
        "sites-INITIAL_FORMS": "0",
        "sites-0-name": "École des Érables",
        "sites-0-slug": "erables",
        "sites-0-admin_email": "",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-MIN_NUM_FORMS": "1",
        "lines-MAX_NUM_FORMS": "100",
        "lines-0-product": str(product.pk),
        "lines-0-quantity": "218",
        "lines-0-description": "",
        "lines-0-unit_net": "",
    }


def signed_by_quote(browse: Any, finance: Client) -> tuple[Contact, Invoice]:
    """Return who signed, and the invoice that waits: asked on the site, signed in the portal."""
    with inside_operator():
        product = catalogue().prices.get(product__key="preau-ecole").product
    assert browse(None).post(reverse("website:ask", urlconf=PUBLIC), ASKED).status_code == 302
    asked = rows_of(QuoteVersion.objects.select_related("quote__customer"))[0]
    contact = rows_of(Contact.objects.filter(customer=asked.quote.customer).select_related("customer"))[0]
    finance.post(url("quote_edit", asked.pk), quote_fields(product, contact))
    version = rows_of(QuoteVersion.objects)[0]
    finance.post(url("quote_send", version.pk))
    run()
    enter, _, after = link(mail.outbox[-1]).partition("?next=")
    head = browse(None)
    assert head.post(enter, {"next": after}).status_code == 302
    come_back_by_own_link(head, after)
    assert head.post(after, SIGNED).status_code == 302
    run()
    return contact, rows_of(Invoice.objects)[0]


def invited(browser: Client, invitation: Any, first_name: str, last_name: str) -> Client:
    """Return the browser of who followed their invitation, accepted the terms and chose a password."""
    page = link(invitation)
    boxes = re.findall(r'name="(terms_[^"]+)"', browser.get(page).content.decode())
    answers = {"first_name": first_name, "last_name": last_name, "password": PASSWORD}
    answer = browser.post(page, answers | dict.fromkeys(boxes, "on"))
    assert answer.status_code == 302, answer.content.decode()
    return browser
