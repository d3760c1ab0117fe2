"""Write what happened to a document or to money to the books, in the transaction in which it happens."""

from datetime import datetime

from django.db import transaction

from billing.accounting.actions.letter_lines import letter_document, letter_payment
from billing.accounting.actions.plan_recognition import plan_recognition
from billing.accounting.actions.post_vat import keep_vat, sync_vat
from billing.accounting.actions.write_entries import write_entries
from billing.accounting.models import JournalEntry
from billing.accounting.queries.facts import (
    drafts_of_claim,
    drafts_of_document,
    drafts_of_payment,
    drafts_of_refund,
    drafts_of_write_off,
    dues_with,
    recovered_by,
)
from billing.collections.models import InterestClaim
from billing.invoicing.models import Allocation, Invoice, WriteOff
from billing.payments.models import ClaimAllocation, Payment, Refund

Source = JournalEntry.Source


@transaction.atomic
def post_document(document: Invoice, *, now: datetime, moved: bool = True) -> None:
    """Write an issued document, and what of its VAT falls due with it."""
    invoice = document.corrects or document
    dues = dues_with(document)
    made = write_entries(
        drafts_of_document(document, dues),
        source=Source.INVOICE,
        source_id=document.pk,
        customer_id=document.customer_id,
        currency=document.currency,
        now=now,
        about_id=invoice.pk,
    )
    if made:
        keep_vat(invoice, dues, entry=made[0], now=now)
    sync_vat(invoice, now=now, moved=moved)
    plan_recognition(document, now=now)


@transaction.atomic
def post_payment(payment: Payment, *, now: datetime, moved: bool = True) -> None:
    """Write what a payment became, and what it changes of the VAT of the invoices it pays."""
    made = write_entries(
        drafts_of_payment(payment),
        source=Source.PAYMENT,
        source_id=payment.pk,
        customer_id=payment.customer_id,
        currency=payment.currency,
        now=now,
    )
    if not made:
        return
    shares = Allocation.objects.filter(payment=payment).values("invoice")
    for invoice in Invoice.objects.filter(pk__in=shares).order_by("pk"):
        sync_vat(invoice, now=now, because_of_money=True, moved=moved)
    letter_payment(payment.pk, now=now)


@transaction.atomic
def post_refund(refund: Refund, *, now: datetime) -> None:
    """Write money given back, or come back."""
    payment = refund.payment
    made = write_entries(
        drafts_of_refund(refund),
        source=Source.REFUND,
        source_id=refund.pk,
        customer_id=payment.customer_id,
        currency=payment.currency,
        now=now,
    )
    if made:
        letter_payment(payment.pk, now=now)


@transaction.atomic
def post_claim(claim: InterestClaim, *, now: datetime) -> None:
    """Write a claim for late interest: outside VAT, interest and flat fee apart."""
    write_entries(
        drafts_of_claim(claim),
        source=Source.CLAIM,
        source_id=claim.pk,
        customer_id=claim.invoice.customer_id,
        currency=claim.currency,
        now=now,
        about_id=claim.invoice_id,
    )
    letter_document(claim.pk, now=now)


@transaction.atomic
def post_claim_share(share: ClaimAllocation, *, now: datetime) -> None:
    """Bring the letters of a claim and of the money to what now pays what."""
    letter_document(share.claim_id, now=now)
    letter_payment(share.payment_id, now=now)


@transaction.atomic
def post_share(share: Allocation, *, now: datetime) -> None:
    """Write what money put on an invoice, or taken away from it, changes: its VAT and the letters."""
    sync_vat(share.invoice, now=now, because_of_money=True)
    letter_document(share.invoice_id, now=now)
    if share.payment_id is not None:
        letter_payment(share.payment_id, now=now)
    elif share.credit_note_id is not None:
        letter_document(share.credit_note_id, now=now)


@transaction.atomic
def post_write_off(row: WriteOff, *, now: datetime, moved: bool = True) -> None:
    """Write what was given up, or asked again, with the VAT that comes back or is owed once more."""
    about = row.invoice or (row.claim.invoice if row.claim else None)
    assert about is not None, "a write-off is about something"
    made = write_entries(
        drafts_of_write_off(row),
        source=Source.WRITE_OFF,
        source_id=row.pk,
        customer_id=about.customer_id,
        currency=about.currency,
        now=now,
        about_id=about.pk,
    )
    if row.invoice is not None:
        for entry in made:
            keep_vat(row.invoice, recovered_by(row, entry.event), entry=entry, now=now, on=entry.on)
        sync_vat(row.invoice, now=now, moved=moved)
    letter_document(row.claim_id or about.pk, now=now)
