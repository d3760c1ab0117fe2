"""Issue the invoice of an order: what was ordered, less the deposits invoiced before."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.policy.actor import Actor
from billing.catalogue.models.lines import Line, LineKind, totals_of
from billing.customers.policy.clients import legal_status
from billing.customers.queries.buyer import buyer_of
from billing.invoicing.actions.finalize_invoice import finalize_invoice
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.down_payment import down_payment_nets
from billing.invoicing.policy.due import due_when_issued
from billing.invoicing.policy.paid import Payment
from billing.invoicing.queries.deposits import deductions
from billing.orders.actions.mark_order_ready import ready_unless_owed
from billing.orders.models import Order
from billing.orders.policy.orders import cheque_due_by
from billing.registry import ask


class InvoicedAlready(Exception):
    """Raised when the order's invoice was issued before: there is one, and it never changes."""


@transaction.atomic
def issue_invoice(
    *,
    order: Order,
    by: Actor | None,
    now: datetime,
    today: date,
    supplied_on: date | None = None,
    payment_days: int = 0,
    paid: Payment | None = None,
) -> Invoice:
    """Return the invoice of an order, numbered without a gap, all its words frozen.

    `supplied_on` is the day of the sale: the order's confirmation, or the day a trial became a term. What was
    ordered without a quote is due in so many `payment_days`: those agreed for what it renews, else at once;
    by cheque on the last day it is waited for. `paid` is the money that came before it.

    Deposits invoiced before are deducted, with their VAT. It is validated before it takes its number. Opens
    the promise to see to it if it falls overdue; one that asks nothing lets its order open. Raises
    NotAnInvoice.
    """
    invoice = _blank(order, today, supplied_on or order.confirmed_on, payment_days)
    lines = _lines(invoice, order, opens_on=_opens_on(order, paid, today))
    lines += deductions(invoice, first=len(lines) + 1)
    issued = finalize_invoice(invoice, lines, series="invoice", by=by, now=now, today=today, paid=paid)
    if issued.gross_cents:
        schedule_overdue(issued, due_on=issued.due_on, now=now)
    else:
        ready_unless_owed(invoice=issued, now=now, today=today)
    return issued


@transaction.atomic
def issue_down_payment(
    *, order: Order, pct: int, by: Actor | None, now: datetime, today: date
) -> Invoice | None:
    """Return the deposit invoice of an order: so many per cent of each rate, its VAT included; type 386.

    None when the share comes to nothing: then there is nothing to ask before the sale.

    The order's own invoice, issued later, deducts it. Raises NotAnInvoice, InvoicedAlready, ValueError on the
    share.
    """
    if order.invoices.filter(kind=Invoice.Kind.INVOICE, is_down_payment=False).exists():
        raise InvoicedAlready(order.number)
    invoice = _blank(order, today, None)
    invoice.is_down_payment = True
    lines = deposit_lines(invoice, list(order.lines.all()), pct=pct, number=order.number)
    if not lines:
        return None
    issued = finalize_invoice(invoice, lines, series="deposit", by=by, now=now, today=today)
    schedule_overdue(issued, due_on=issued.due_on, now=now)
    return issued


def deposit_lines(invoice: Invoice, ordered: Sequence[Line], *, pct: int, number: str) -> list[InvoiceLine]:
    """Return the lines of a deposit invoice: so many per cent of each rate of what is ordered, none of
    nothing.
    """
    shares = down_payment_nets(totals_of(ordered).subtotals, pct=pct)
    with override(invoice.language):
        words = _("Deposit of %(pct)s%% on order %(number)s") % {"pct": pct, "number": number}
    return [
        InvoiceLine(
            invoice_id=invoice.id,
            position=n,
            kind=LineKind.DEPOSIT,
            description=words,
            quantity=1,
            unit_net_cents=cents,
            vat_rate=part.rate_pct,
            tax_category=part.category,
            tax_reason=part.reason,
            nature=ordered[0].nature,
        )
        for n, (part, cents) in enumerate(shares, start=1)
    ]


@transaction.atomic
def issue_final(*, order_id: UUID, by: Actor | None, now: datetime, today: date) -> Invoice:
    """Return the invoice of an order whose deposit was invoiced first; it leaves by mail.

    Raises InvoicedAlready, NotAnInvoice.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if (
        order.state == Order.State.CANCELLED
        or order.invoices.filter(kind="invoice", is_down_payment=False).exists()
    ):
        raise InvoicedAlready(order.number)
    rest = issue_invoice(order=order, by=by, now=now, today=today)
    enqueue_message("billing/rest_asked", ids={"invoice": rest.id}, now=now, key=f"rest:{rest.id}")
    wake_worker()
    return rest


def final_invoice(*, order: Order, by: Actor | None, now: datetime, today: date) -> Invoice:
    """Return the invoice of an order; where only its down payment was invoiced, it is issued now."""
    asked = order.invoices.filter(kind=Invoice.Kind.INVOICE, is_down_payment=False).order_by("created_at")
    return asked.last() or issue_final(order_id=order.pk, by=by, now=now, today=today)


def _opens_on(order: Order, paid: Payment | None, today: date) -> date | None:
    """Return the day what an order sells opens, where it is known: today, once all of it is paid."""
    is_paid = paid is not None and paid.amount_cents >= order.gross_cents and order.held_at is None
    return today if is_paid else None


def _lines(invoice: Invoice, order: Order, *, opens_on: date | None) -> list[InvoiceLine]:
    """Return what was ordered, each line with its school and the period it pays for."""
    periods = ask("service_periods", order, opens_on=opens_on)
    found = []
    for line in order.lines.select_related("site"):
        period = periods.get(line.position)
        found.append(
            InvoiceLine(
                invoice_id=invoice.id,
                site=line.site.name if line.site else "",
                starts_on=period.starts_on if period else None,
                ends_on=period.ends_on if period else None,
                **line.terms(),
            )
        )
    return found


def _blank(order: Order, today: date, supplied_on: date | None, payment_days: int = 0) -> Invoice:
    version = order.version
    customer = order.customer
    return Invoice(
        id=uuid4(),
        kind=Invoice.Kind.INVOICE,
        customer=customer,
        order=order,
        tenant_id=order.reader_id,
        customer_type=legal_status(customer.customer_type).late_payment_regime,
        method=order.method,
        language=order.language,
        supplied_on=supplied_on,
        due_on=_due_on(order, today, payment_days),
        buyer=dict(version.buyer) if version else buyer_of(customer, delivery=order.delivery_address),
        reference=version.label if version else order.number,
        currency=order.currency,
    )


def _due_on(order: Order, today: date, payment_days: int) -> date:
    if version := order.version:
        days = version.payment_days
        return due_when_issued(today, payment_days=days, extended_until=version.extended_until)
    posted_by = cheque_due_by(order.method, cancellable_on=order.cancellable_on)
    return due_when_issued(today, payment_days=payment_days, extended_until=posted_by)
