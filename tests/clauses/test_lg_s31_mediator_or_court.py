"""A consumer's documents name the mediator, everyone else's the court."""

from datetime import date

import pytest
from django.urls import reverse

from billing.invoicing.policy.mentions import Mention, court_or_mediator, invoice_mentions
from billing.models import Invoice
from billing.money.gateways.seller import seller
from billing.subscriptions.actions import render_terms
from contracts.models import TermsVersion
from demo.factories.billing import ContactFactory, CustomerFactory, order_signed
from isolation.context import inside_operator
from tests.billing.carts import FAMILY, bought
from tests.billing.support import PUBLIC, url
from tests.clauses.stage import by_card, desk, live, plain, read, visitor


@pytest.mark.parametrize(
    ("kind", "named", "absent"),
    [
        ("consumer", Mention.MEDIATOR, Mention.COURT),
        ("professional", Mention.COURT, Mention.MEDIATOR),
        ("public_body", Mention.COURT, Mention.MEDIATOR),
    ],
)
def test_who_settles_a_dispute(kind, named, absent):
    assert court_or_mediator(kind) is named
    assert named in invoice_mentions(kind)
    assert absent not in invoice_mentions(kind)


def test_outside_the_scope_of_vat_is_said():
    assert Mention.VAT_OUTSIDE_SCOPE in invoice_mentions("professional", outside_vat=True)
    assert Mention.VAT_OUTSIDE_SCOPE not in invoice_mentions("professional")


def test_another_kind_of_client_is_refused():
    with pytest.raises(ValueError, match="no kind"):
        invoice_mentions("friend")


def terms_of(browser, profile, version):
    """Return the words of an offer's terms of sale in a version, as anybody reads them."""
    with inside_operator():
        found = TermsVersion.objects.get(kind="sale", profile=profile, language="fr", version=version)
    return read(browser.get(reverse("contracts:terms_text", args=[found.pk], urlconf=PUBLIC)))


@pytest.mark.story(
    "LG-S31",
    door="page",
    fr="Les conditions de vente d’une famille nomment le médiateur, celles d’une école le tribunal ; une "
    "nouvelle version est publiée, et nomme encore le médiateur, comme celles jointes à la confirmation.",
)
def test_the_terms_name_the_mediator_of_a_family_and_the_court_of_a_school(
    browse, clock, shelves, provider, now, monkeypatch
):
    """A family's terms of sale name the mediator, a school's the court; a new version is published and names
    the mediator still, as do those attached to the confirmation.
    """
    drawn = []

    def draw(_template, context, **_):
        drawn.append(context)
        return b"%PDF"

    monkeypatch.setattr(render_terms, "render", draw)
    mediator = seller()["mediator"]
    visitor = browse(None)
    assert mediator in terms_of(visitor, "family", "2025-09-01")
    school = terms_of(visitor, "school", "2025-09-01")
    assert "Tribunal compétent : Rennes" in school
    assert mediator not in school
    page = reverse("tenants:publish_terms", urlconf=PUBLIC)
    typed = {
        "kind": "sale",
        "profile": "family",
        "language": "fr",
        "version": "2026-11",
        "is_substantial": "no",
        "in_force_on": "2026-11-16",
        "text": "Un seul paragraphe, plus court.",
        "confirm": "1",
    }
    assert desk(browse, now, "operator_administrator").post(page, typed).status_code == 302
    assert mediator in terms_of(visitor, "family", "2026-11")
    by_card(provider, bought(browse(None), shelves["famille-mois"], FAMILY, method="card"), clock)
    (attached,) = [each for each in drawn if each["terms"].version == "2026-11"]
    assert mediator in attached["settles"]


@pytest.mark.story(
    "LG-S31",
    door="page",
    fr="Le devis, la mise en demeure et le relevé de compte d’une famille nomment le médiateur ; "
    "ceux d’une école, le tribunal.",
)
@pytest.mark.parametrize("kind", ["consumer", "professional"])
def test_what_is_drawn_for_a_client_says_who_settles(browse, clock, now, papers, kind):
    """A family's quote, formal notice and statement of account name the mediator, a school's the court."""
    with inside_operator():
        customer = CustomerFactory.create(customer_type=kind)
        contact = ContactFactory.create(customer=customer)
        version = order_signed(contact, now=now, method="transfer").version
        invoice = Invoice.objects.get(order__version=version)
    live(clock, date(2027, 3, 1))
    console = desk(browse, now)
    pages = {
        "quote": (console, url("quote_pdf", version.pk)),
        "notice": (console, url("notice_pdf", invoice.pk)),
        "account": (visitor(browse, contact), url("portal_statement_pdf")),
    }
    named = seller()["mediator"] if kind == "consumer" else "Tribunal compétent : Rennes"
    for name, (browser, page) in pages.items():
        assert browser.get(page).status_code == 200, name
        assert named in plain(papers[-1]), name
