"""Issue an invoice, or the credit note that takes one back; once issued neither ever changes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from agenda.actions import owe
from audit.actions import write
from billing.actions.write_quote import buyer_of
from billing.gateways.seller import seller
from billing.models import Invoice, InvoiceLine, NumberSeries, Order
from billing.models.lines import Line, totals_of
from billing.policy.clients import capacity
from billing.policy.completeness import missing_of_buyer
from billing.policy.days import day_starts_at
from billing.policy.numbering import document_number
from billing.queries.mentions import sentences

LATE_CLAUSE = {"consumer": "LG-S6.3c", "professional": "LG-S6.3p", "public_body": "LG-S6.3p"}


class NotAnInvoice(Exception):
    """Raised before a number is taken, when the document would not be a valid invoice; says what is missing."""


@transaction.atomic
def issue_invoice(*, order: Order, by: Any, now: datetime, today: date) -> Invoice:
    """Return the invoice of an order, numbered without a gap, all its words frozen.

    It is validated before it takes its number. Opens the promise to see to it if it falls overdue.
    Raises NotAnInvoice.
    """
    version, customer = order.version, order.customer
    language = version.language if version else customer.language
    buyer = dict(version.buyer) if version else buyer_of(customer)
    invoice = Invoice(
        kind=Invoice.Kind.INVOICE,
        customer=customer,
        order=order,
        tenant_id=order.sites.values_list("tenant_id", flat=True).first(),
        regime=capacity(customer.client).late_payment_regime,
        method=order.method,
        language=language,
        supplied_on=order.confirmed_on,
        due_on=today + timedelta(days=version.payment_days if version else 0),
        buyer=buyer,
        reference=version.label if version else order.number,
        currency=order.currency,
    )
    lines = [InvoiceLine(invoice_id=invoice.id, **line.terms()) for line in order.lines.all()]
    issued = _issue(invoice, lines, series="invoice", by=by, now=now, today=today)
    owe_overdue(issued, due_on=issued.due_on, now=now)
    return issued


@transaction.atomic
def issue_credit_note(*, corrects: Invoice, by: Any, now: datetime, today: date) -> Invoice:
    """Return the credit note that takes the whole of an invoice back, in its own series without a gap."""
    same = ("customer_id", "order_id", "tenant_id", "regime", "method", "language", "supplied_on", "buyer", "currency")
    note = Invoice(kind=Invoice.Kind.CREDIT_NOTE, corrects=corrects, due_on=today, reference=corrects.number,
                   **{name: getattr(corrects, name) for name in same})  # fmt: skip
    lines = [InvoiceLine(invoice_id=note.id, **line.terms()) for line in corrects.lines.all()]
    return _issue(note, lines, series="credit_note", by=by, now=now, today=today)


def _issue(
    invoice: Invoice, lines: Sequence[InvoiceLine], *, series: str, by: Any, now: datetime, today: date
) -> Invoice:
    _seal(invoice, lines, now, today)
    validate(invoice, lines)
    rank = NumberSeries.objects.take(series, today.year)
    invoice.number = document_number(series, year=today.year, rank=rank)
    InvoiceLine.objects.bulk_create(lines)  # the document that follows seals them
    invoice.save(force_insert=True)
    facts = {"number": invoice.number, "gross_cents": invoice.gross_cents, "currency": invoice.currency}
    write(f"{series}.issued", by=by, on=invoice, at=now, facts=facts)
    return invoice


def _seal(invoice: Invoice, lines: Sequence[Line], now: datetime, today: date) -> None:
    found = totals_of(lines)
    invoice.id = invoice.id or uuid4()
    invoice.put(found)
    invoice.issued_on, invoice.created_at, invoice.seller = today, now, seller()
    invoice.vat_rows = [
        {
            "rate": None if part.rate_pct is None else str(part.rate_pct),
            "net_cents": part.net_cents,
            "vat_cents": part.vat_cents,
        }
        for part in found.subtotals
    ]
    invoice.mentions = sentences(invoice, natures={line.nature for line in lines})


def validate(invoice: Invoice, lines: Sequence[Line]) -> None:
    """Raise NotAnInvoice when a mention the law wants is missing: no number is taken for a document that is none."""
    missing = [*missing_of_buyer(invoice.buyer, kind=invoice.regime)]
    if not lines:
        missing.append("lines")
    if invoice.gross_cents < 0:
        missing.append("total")
    if missing:
        raise NotAnInvoice(", ".join(missing))


def owe_overdue(invoice: Invoice, *, due_on: date, now: datetime, occurrence: str = "") -> None:
    """Promise to see to an invoice on the first day after its due date."""
    due_at = day_starts_at(due_on + timedelta(days=1))
    clause = LATE_CLAUSE[invoice.regime]
    owe(clause, kind="overdue", subject=invoice.id, due_at=due_at, now=now, occurrence=occurrence or str(due_on))
