"""The mail that brings a credit note, written when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.labels import due_words
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import state_of, with_balance
from billing.payments.queries.money import given_back_by, paid_beside
from billing.payments.queries.payer import payer_of

Ids = Mapping[str, str]


@message("billing/credit_note", template="billing/payments/mail/credit_note")
def credit_note(ids: Ids) -> Mail | None:
    """Return the mail that brings a credit note: what it takes off which invoice, and what that leaves."""
    rows = Invoice.objects.select_related("corrects__order__contact__customer")
    note = rows.filter(pk=ids["note"], corrects__isnull=False).first()
    payer = payer_of(note.corrects) if note is not None and note.corrects is not None else None
    if note is None or note.corrects is None or payer is None:
        return None
    invoice = note.corrects
    stands = with_balance(Invoice.objects.filter(pk=invoice.pk)).get()
    state = state_of(stands, today=date.fromisoformat(ids["on"]))
    back = given_back_by(note)
    return mail_to(
        payer,
        to_page=reverse("billing:portal_invoice", args=[invoice.pk], urlconf=PUBLIC),
        attachments=[(f"{note.number}.pdf", invoice_pdf(note), PDF)],
        note=note,
        invoice=invoice,
        amount_text=amount_text(note.gross_cents, note.currency),
        left_text=amount_text(stands.balance_cents, invoice.currency) if stands.balance_cents > 0 else "",
        due_text=SimpleLazyObject(lambda: due_words(state, stands.falls_due_on)),
        owed_text=amount_text(back, note.currency) if back > 0 else "",
        beside=[
            (number, amount_text(cents, note.currency)) for number, cents in sorted(paid_beside(note).items())
        ],
    )
