"""Cards go through the payment provider's own page; no card or bank number is stored, logged or shown."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, TextField

from audit.actions import log_action
from billing.models import Payment, QuoteRequest
from billing.payments.policy.online import CARD, DEBIT, methods_online
from contracts.models import RedactedCharField, RedactedTextField
from contracts.policy.redaction import MASK, redacted
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.online import BAD_CARD, GOOD_CARD, GOOD_IBAN, address_of
from tests.billing.payments.test_no_card_number import dump, found_in
from tests.billing.quotes.test_request_quote import TYPED
from tests.billing.support import rows_of, url
from tests.clauses.stage import by_card, desk, read, visitor

ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"card_?number|\bpan\b|\bcvc\b|\bcvv\b|card_expir|iban", re.IGNORECASE)


def test_no_column_could_hold_one():
    columns = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("billing").get_models()
        for field in model._meta.get_fields()
        if FIELD.search(field.name)
    ]
    assert columns == []


FREE_TEXT = re.compile(r"(^|_)(reason|message|words?|outcome|problem|proof)(_document)?$")
CODES = {
    "InvoiceLine.tax_reason",
    "ProFormaLine.tax_reason",
    "OrderLine.tax_reason",
    "QuoteLine.tax_reason",
    "VatMovement.tax_reason",
    "MailingRow.reason",
    "Refusal.reason",
    "Subscription.end_reason",
}


def test_every_column_in_which_somebody_writes_freely_masks_them():
    models = [*apps.get_app_config("billing").get_models(), *apps.get_app_config("tenants").get_models()]
    open_columns = {
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.get_fields()
        if FREE_TEXT.search(field.name)
        and isinstance(field, CharField | TextField)
        and not field.choices
        and not isinstance(field, RedactedCharField | RedactedTextField)
    }
    assert open_columns == CODES


@pytest.mark.django_db
def test_a_column_masks_them_however_it_is_saved(now):
    with inside_operator():
        tenant = Tenant(state_reason=f"Compte {GOOD_IBAN}")
        assert tenant._meta.get_field("state_reason").pre_save(tenant, add=True) == f"Compte {MASK}"
        assert tenant.state_reason == f"Compte {MASK}"
        request = QuoteRequest._meta.get_field("message")
        assert request.get_db_prep_save(GOOD_CARD, connection) == MASK
        entry = log_action(
            "dispute.opened", by=None, on=uuid4(), at=now, personal={"reason": f"carte {GOOD_CARD}", "n": 1}
        )
        assert entry.personal.part == {"reason": f"carte {MASK}", "n": 1}


def test_no_page_of_ours_asks_for_one():
    asked = re.compile(r"""(name|autocomplete)=["'](cc-|card|iban|cvc)""", re.IGNORECASE)
    pages = (ROOT / "templates" / "billing").rglob("*.html")
    assert [page.name for page in pages if asked.search(page.read_text())] == []


@pytest.mark.parametrize("number", ["4242 4242 4242 4242", "FR76 3000 6000 0112 3456 7890 189"])
def test_one_that_a_client_wrote_all_the_same_is_not_kept(number):
    assert redacted(f"règlement {number} facture 12") == f"règlement {MASK} facture 12"


def test_what_can_be_paid_on_the_providers_page():
    assert methods_online(frozenset({"card", "debit", "cheque"}), currency="EUR") == (CARD, DEBIT)
    assert methods_online(frozenset({"card", "debit"}), currency="GBP") == (CARD,)
    assert methods_online(frozenset({"cheque", "transfer"}), currency="EUR") == ()


@pytest.mark.story(
    "LG-S6.2k",
    door="page",
    fr="Une carte refusée, une autre acceptée sur la page du prestataire, et un IBAN que la comptable "
    "recopie en référence : aucun de ces numéros ne reste dans la base ni sur une page.",
)
def test_neither_a_refused_card_nor_a_copied_iban_stays_anywhere(browse, clock, now, provider):
    """One card refused and another accepted on the provider's page, and an IBAN the accountant copies as a
    reference: none of these numbers stays in the database or on a page.
    """
    with inside_operator():
        contact = ContactFactory()
        one, two = (invoice_of(order_signed(contact, now=now, method="card")) for _ in range(2))
    school = visitor(browse, contact)
    address = address_of(school.post(url("portal_pay", one.pk)))
    assert not address.startswith("/")  # the provider's own page, on its own host
    provider.card(address, BAD_CARD)
    by_card(provider, school.post(url("portal_pay", one.pk)), clock, GOOD_CARD)
    money = {"invoice": str(two.pk), "method": "transfer", "amount": "100", "reference": f"VIR {GOOD_IBAN}"}
    finance = desk(browse, now)
    days = {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert finance.post(url("payment_new"), money | days).status_code == 302
    assert sorted(row.method for row in rows_of(Payment.objects)) == ["card", "transfer"]
    pages = [finance.get(url("payments")), school.get(url("portal_statement"))]
    pages += [finance.get(url("payment", row.pk)) for row in rows_of(Payment.objects)]
    assert [found_in(read(page)) for page in pages] == [[]] * 4
    assert found_in(dump()) == []


@pytest.mark.story(
    "LG-S6.2k",
    door="page",
    fr="Un visiteur recopie son IBAN dans le message de sa demande de devis : le numéro est masqué avant "
    "d’être gardé.",
)
def test_a_number_written_in_a_request_is_masked_before_it_is_kept(browse, now):
    """A visitor copies their IBAN into the message of a quote request: it is masked before it is kept."""
    with inside_operator():
        catalogue()
    asked = TYPED | {"message": f"Notre compte : {GOOD_IBAN}"}
    assert browse(None).post("/quote/", asked).status_code == 302
    (kept,) = rows_of(QuoteRequest.objects)
    assert found_in(kept.message) == []
