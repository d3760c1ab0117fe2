"""Whoever is forgotten is named in no text that staff typed about their customer, nor in an answer kept."""

import pytest
from django.apps import apps

from billing.api.models import IdempotencyRecord
from billing.collections.models import Dispute
from billing.customers.policy.forgetting import without_names
from billing.desk.actions.erase_contact import erase_contact
from billing.desk.queries.free_texts import SEARCHED, texts_naming
from billing.money.policy.days import paris_day
from contracts.models import RedactedCharField, RedactedTextField
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.desk.test_erase_contact import EMAIL, FIRST, LAST, own_ledger, person
from tests.billing.support import clerk, url

__all__ = ["own_ledger"]
pytestmark = pytest.mark.django_db

#: What the law keeps as it was written, or what names no customer.
KEPT = {
    ("Allocation", "release_reason"),
    ("BankStatementLine", "reason"),
    ("ClaimAllocation", "release_reason"),
    ("ClosedPeriod", "reopen_reason"),
    ("Invoice", "reason"),
    ("Payment", "bounce_reason"),
    ("Payment", "proof_document"),
    ("PaymentExtension", "document"),
    ("StockMove", "note"),
    ("TransmissionStatus", "reason"),
    ("WriteOff", "undo_reason"),
    ("WriteOff", "words"),
}
#: What is emptied whole, or goes with its row.
WHOLE = {
    ("Note", "text"),
    ("QuoteRequest", "message"),
    ("Reference", "word"),
}


def test_every_text_that_staff_type_is_searched_or_kept_for_a_reason():
    typed = {
        (model.__name__, field.name)
        for model in apps.get_app_config("billing").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, (RedactedCharField, RedactedTextField))
    }
    searched = {(model.__name__, field) for model, fields, _ways in SEARCHED for field in fields}
    assert typed == searched | KEPT | WHOLE
    assert not searched & (KEPT | WHOLE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mme Quatrebarbes conteste", "Mme […] conteste"),
        ("YSALINE QUATREBARBES, 3 appels", "[…], 3 appels"),
        ("écrit de Ysaline.Quatrebarbes@erables.example", "écrit de […]"),
        ("Quatrebarbesse conteste", "Quatrebarbesse conteste"),
        ("", ""),
    ],
)
def test_a_text_without_a_name_says_the_rest(text, said):
    assert without_names(text, FIRST, LAST, EMAIL) == said


def test_who_is_forgotten_is_named_in_no_text_and_in_no_kept_answer(browse, now):
    finance = clerk(browse, now)
    with inside_operator():
        contact = person()
        ContactFactory(customer=contact.customer, email="aude@erables.example", last_name="Relève")
        invoice = invoice_of(order_signed(contact, now=now))
        Dispute.objects.create(
            invoice=invoice, reason=f"{FIRST} {LAST} dit ne rien avoir reçu", opened_at=now
        )
        for key, body in (("a", f'{{"email": "{EMAIL}"}}'), ("b", '{"email": "autre@x.example"}')):
            IdempotencyRecord.objects.create(
                person_id=contact.pk, key=key, fingerprint="0", status=201, body=body, created_at=now
            )
    page = finance.get(url("contact_erase", contact.pk)).content.decode()
    assert "Son nom dans 1 texte" in page
    with inside_operator():
        erase_contact(contact_id=contact.pk, by=None, now=now, today=paris_day(now))
        assert Dispute.objects.get().reason == "[…] dit ne rien avoir reçu"
        assert [row.key for row in IdempotencyRecord.objects.all()] == ["b"]
        contact.refresh_from_db()
        assert list(texts_naming(contact)) == []
