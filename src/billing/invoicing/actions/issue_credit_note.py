"""Take an invoice back by a credit note, whole or in part, line by line; the invoice itself never changes."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import override

from audit.policy.actor import Actor
from billing.catalogue.models.lines import totals_of
from billing.invoicing.actions.finalize_invoice import finalize_invoice
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.credit import (
    Creditable,
    Row,
    amounts_to_credit,
    gross_part,
    settled_vat,
    with_natures,
)
from billing.invoicing.queries.credits import left_of, vat_of

SAME = (
    "customer_id",
    "order_id",
    "tenant_id",
    "customer_type",
    "method",
    "language",
    "supplied_on",
    "buyer",
    "currency",
)


@transaction.atomic
def issue_credit_note(
    *,
    corrects: Invoice,
    reason: object,
    by: Actor | None,
    now: datetime,
    today: date,
    amounts: Mapping[int, int] | None = None,
    credited_from: date | None = None,
    taken: Mapping[Row, Mapping[str, int]] | None = None,
) -> Invoice:
    """Return the credit note of an invoice.

    All that is left of it, or so many cents excluding VAT by line position.

    In its own series without a gap. All notes of an invoice together never give back more than it asked, and
    give back exactly its VAT when they give back all. `reason` says why, in the language of the document;
    `credited_from`, since when less is owed: from the invoice on where nothing else is said, because what
    goes back was never owed. No interest is due on it from that day. `taken` is what a note on a down payment
    takes back, in net cents by tax and nature; without it that is a part of all that was ordered.

    Raises TooMuchCredited, NothingCredited, NotAnInvoice.
    """
    corrects = Invoice.objects.select_for_update().get(pk=corrects.pk)
    note = Invoice(
        id=uuid4(),
        kind=Invoice.Kind.CREDIT_NOTE,
        corrects=corrects,
        due_on=today,
        credited_from=max(corrects.issued_on, credited_from or corrects.issued_on),
        reference=corrects.number,
        reason=_words(reason, corrects.language),
        **{name: getattr(corrects, name) for name in SAME},
    )
    lines = _lines(note, corrects, amounts)
    earlier = list(corrects.corrections.all())
    totals = settled_vat(totals_of(lines), asked=vat_of(corrects), earlier=vat_of(*earlier))
    totals = with_natures(totals, taken or {})
    return finalize_invoice(note, lines, series="credit_note", by=by, now=now, today=today, totals=totals)


def _words(reason: object, language: str) -> str:
    with override(language):
        return str(reason)[:200]


def _lines(note: Invoice, corrects: Invoice, amounts: Mapping[int, int] | None) -> list[InvoiceLine]:
    left = left_of(corrects)
    known = [Creditable(line.position, line.net_cents, line.net_cents - cents) for line, cents in left]
    wanted = amounts_to_credit(known, amounts, whole=amounts is None)
    return [_line(note, line, wanted[line.position]) for line, _left in left if line.position in wanted]


def _line(note: Invoice, line: InvoiceLine, cents: int) -> InvoiceLine:
    """Return the line of the note: the same quantity and price when all of it goes back, else one time the
    amount.
    """
    if cents == line.net_cents:
        return InvoiceLine(invoice_id=note.id, credits=line, **line.terms())
    gross = gross_part(cents, net_cents=line.net_cents, gross_cents=line.gross_cents, rate_pct=line.vat_rate)
    part = {"quantity": 1, "unit_net_cents": cents, "unit_gross_cents": gross}
    return InvoiceLine(invoice_id=note.id, credits=line, **line.terms() | part)
