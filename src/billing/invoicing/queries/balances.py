"""What is owed on invoices, and since when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from billing.invoicing.models import Acceleration, Allocation, Invoice, PaymentExtension, WriteOff
from billing.invoicing.models.invoice import InvoiceQuerySet
from billing.invoicing.policy.due import AgreedExtension as Agreed
from billing.invoicing.policy.due import effective_due_on
from billing.invoicing.policy.paid import Payment as Paid
from billing.invoicing.policy.paid import with_credits_first
from billing.invoicing.policy.pauses import due_after_pauses
from billing.invoicing.policy.state import LATE, PAYMENT_SUSPENDED, invoice_state
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.registry import ask
from contracts.policy.clauses import keeps


def with_balance(invoices: InvoiceQuerySet) -> QuerySet[Any]:
    """Return invoices with `paid_cents`, `written_off_cents`, `balance_cents` and `falls_due_on`.

    Deferrals, terminations and events that suspend payments counted; what was given up is asked no more, nor
    what a credit note took back, be it that money in hand stands in its place.
    """
    asked = F("gross_cents") - F("settled_cents") - F("written_off_cents")
    rows: QuerySet[Any] = (
        with_due_day(invoices)
        .annotate(settled_cents=_sum_of(Allocation.objects.effective()))
        .annotate(written_off_cents=_sum_of(WriteOff.objects.active()))
        .annotate(paid_cents=F("settled_cents") + Least(_unput_notes(), Greatest(asked, Value(0))))
        .annotate(balance_cents=F("gross_cents") - F("paid_cents") - F("written_off_cents"))
    )
    return rows


def _unput_notes() -> Any:
    """Return what the credit notes of an invoice took back and has not been put against anything yet."""
    mine = Invoice.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    taken = Subquery(mine.annotate(total=Sum("gross_cents")).values("total"))
    shares = Allocation.objects.active().filter(credit_note__corrects=OuterRef("pk")).order_by()
    put = Subquery(shares.values("credit_note__corrects").annotate(total=Sum("amount_cents")).values("total"))
    nothing = {"output_field": BigIntegerField()}
    return Coalesce(taken, Value(0), **nothing) - Coalesce(put, Value(0), **nothing)


@keeps("LG-S20.3m")
def with_due_day(invoices: InvoiceQuerySet, *, as_of: date | None = None) -> QuerySet[Any]:
    """Return invoices with `falls_due_on`: the day agreed, or the first day after an event it fell into.

    While an event has no end the day stands as agreed: nothing is late then. `as_of`: with what had been
    agreed or ended by the end of a day only. `falls_due_on` says the same of one.
    """
    after = ask("due_after_events", order="order_id", due="falls_due_on")
    rows: QuerySet[Any] = invoices.with_due_day(as_of).annotate(
        falls_due_on=Coalesce(after, F("falls_due_on"))
    )
    return rows


def _sum_of(rows: QuerySet[Any]) -> Any:
    mine = rows.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    total = Subquery(mine.annotate(total=Sum("amount_cents")).values("total"))
    return Coalesce(total, Value(0), output_field=BigIntegerField())


def with_credited(invoices: InvoiceQuerySet) -> QuerySet[Any]:
    """Return invoices with what `with_balance` gives, and `credited_cents`: what credit notes took back."""
    notes = Invoice.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    total = Subquery(notes.annotate(total=Sum("gross_cents")).values("total"))
    credited = Coalesce(total, Value(0), output_field=BigIntegerField())
    rows: QuerySet[Any] = with_balance(invoices).annotate(credited_cents=credited)
    return rows


def is_only_proved(invoice: Invoice) -> bool:
    """Return whether some of what pays an invoice is money that isn't there yet."""
    shares = Allocation.objects.active().filter(invoice=invoice, payment__isnull=False)
    return shares.filter(payment__credited_on=None).exists()


def is_credited(invoice: Invoice) -> bool:
    """Return whether credit notes took back all that an invoice asked, whatever came for it before."""
    row = with_credited(Invoice.objects.filter(pk=invoice.pk)).get()
    return bool(0 < row.gross_cents <= row.credited_cents)


def with_state(invoices: InvoiceQuerySet, *, today: date) -> QuerySet[Any]:
    """Return invoices with what `with_credited` gives, `is_suspended`: an event holds their payment, and
    `is_disputed`: their client contests them.
    """
    rows: QuerySet[Any] = with_credited(invoices).annotate(is_suspended=ask("payment_suspended", today))
    return with_dispute(rows)


def with_dispute(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Return invoices with `is_disputed`: their client contests them."""
    contested = Invoice.objects.filter(pk=OuterRef("pk"), disputes__isnull=False, disputes__closed_at=None)
    rows: QuerySet[Any] = invoices.annotate(is_disputed=Exists(contested))
    return rows


def open_invoices() -> QuerySet[Any]:
    """Return the invoices with something left to pay."""
    return with_balance(Invoice.objects.invoices()).filter(balance_cents__gt=0)


@keeps("LG-S20.3m", "LG-S6.3x")
def overdue_invoices(today: date) -> QuerySet[Any]:
    """Return the invoices not fully paid after their day, whose payment no event suspends today."""
    late = open_invoices().filter(falls_due_on__lt=today).exclude(ask("payment_suspended", today))
    rows: QuerySet[Any] = late.annotate(is_suspended=Value(False))
    return rows


def in_state(rows: QuerySet[Any], state: str, *, today: date) -> QuerySet[Any]:
    """Return the documents in a state, among rows that have their balances and what was credited.

    "credit_note", "disputed", "credited", "written_off", "paid", "late", "payment_suspended", or open for any
    other word; states are counted as `policy.state` does, never stored.
    """
    if state == "credit_note":
        return rows.filter(kind=Invoice.Kind.CREDIT_NOTE)
    if state == "disputed":
        return rows.filter(disputes__closed_at=None, disputes__isnull=False)
    rows = rows.filter(kind=Invoice.Kind.INVOICE)
    if state == "written_off":
        return rows.filter(balance_cents__lte=0, written_off_cents__gt=0)
    if state in {"paid", "credited"}:
        credited = Q(credited_cents__gte=F("gross_cents"), gross_cents__gt=0)
        settled = rows.filter(balance_cents__lte=0, written_off_cents=0)
        return settled.filter(credited if state == "credited" else ~credited)
    rows = rows.filter(balance_cents__gt=0)
    if state == "late":
        return rows.filter(falls_due_on__lt=today).exclude(ask("payment_suspended", today))
    if state == PAYMENT_SUSPENDED:
        return rows.filter(falls_due_on__lt=today).filter(ask("payment_suspended", today))
    return rows


def state_of(invoice: Any, *, today: date) -> str:
    """Return the state of an invoice that has its balance, as `policy.state` counts it.

    What was credited is counted where the row knows it: what is still open isn't settled by it. Whether an
    event suspends its payment is asked where the row doesn't know it.
    """
    state = _counted(invoice, today, is_suspended=getattr(invoice, "is_suspended", False))
    if state == LATE and not hasattr(invoice, "is_suspended"):
        is_late = overdue_invoices(today).filter(pk=invoice.pk).exists()
        return _counted(invoice, today, is_suspended=not is_late)
    return state


def _counted(invoice: Any, today: date, *, is_suspended: bool) -> str:
    return invoice_state(
        is_credit_note=invoice.kind == Invoice.Kind.CREDIT_NOTE,
        gross_cents=invoice.gross_cents,
        paid_cents=invoice.paid_cents,
        credited_cents=getattr(invoice, "credited_cents", 0),
        written_off_cents=invoice.written_off_cents,
        falls_due_on=invoice.falls_due_on,
        today=today,
        is_suspended=is_suspended,
    )


def balance_of(invoice_id: UUID) -> int:
    """Return what is left to pay on an invoice, in cents: only funds that arrived count."""
    return int(with_balance(Invoice.objects.filter(pk=invoice_id)).get().balance_cents)


def uncovered_cents(invoice: Invoice) -> int:
    """Return what no payment has been put against yet, received cheques included, and nobody gave up."""
    standing = (
        Allocation.objects.active().filter(invoice=invoice).aggregate(total=Sum("amount_cents"))["total"]
    )
    return invoice.gross_cents - (standing or 0) - written_off_of(invoice)


def has_money(invoice: Invoice) -> bool:
    """Return whether a payment was put against an invoice and stands, a cheque in hand included."""
    return Allocation.objects.active().filter(invoice=invoice, payment__isnull=False).exists()


def credited_beside_money_in_hand() -> frozenset[UUID]:
    """Return the invoices with credit notes and money in hand: what notes took back may not be put yet."""
    held = Allocation.objects.active().filter(
        payment__isnull=False, payment__credited_on=None, payment__proof_on=None
    )
    credited = Invoice.objects.filter(corrects__isnull=False).values("corrects")
    return frozenset(held.filter(invoice__in=credited).values_list("invoice_id", flat=True))


def methods_of_money(invoice: Invoice) -> list[str]:
    """Return the methods of the payments that stand against an invoice, those in hand too, the last first."""
    rows = Allocation.objects.active().filter(invoice=invoice, payment__isnull=False)
    return list(rows.order_by("-allocated_at").values_list("payment__method", flat=True))


def written_off_of(invoice: Invoice) -> int:
    """Return what was given up of an invoice, in cents."""
    rows = WriteOff.objects.active().filter(invoice=invoice)
    return int(rows.aggregate(total=Sum("amount_cents"))["total"] or 0)


def last_share(invoice: Invoice) -> Allocation | None:
    """Return the share of the last payment that pays an invoice; None where credit notes alone do."""
    rows = Allocation.objects.effective().filter(invoice=invoice, payment__isnull=False)
    return rows.select_related("payment").order_by("-payment__credited_on", "-allocated_at").first()


def falls_due_on(invoice: Invoice, *, as_of: date | None = None) -> date:
    """Return the day an invoice is due: what was agreed to in writing, or sooner once a contract ended.

    The first day after an event it fell into; as agreed while that has no end. `as_of`: with the time that
    had been granted by the end of a day only.
    """
    agreed = [
        Agreed(row.agreed_on, row.new_due_on, row.agreed_on, bool(row.document))
        for row in PaymentExtension.objects.filter(invoice=invoice)
        if as_of is None or row.agreed_on <= as_of
    ]
    sooner = Acceleration.objects.filter(invoice=invoice).first()
    ended_on = sooner.due_on if sooner else None
    day = effective_due_on(invoice.due_on, deferrals=agreed, terminated_on=ended_on)
    after = due_after_pauses(day, pauses_by_invoice([invoice.pk]).get(invoice.pk, ()))
    return day if after == date.max else after


def payments_of(invoices: Collection[UUID]) -> dict[UUID, list[Paid]]:
    """Return what was paid on each invoice and when.

    The credit, the proof of a transfer, or the day from which a credit note counts; what was given up bears
    nothing from its day.
    """
    found: dict[UUID, list[Paid]] = {invoice_id: [] for invoice_id in invoices}
    shares = Allocation.objects.effective().filter(invoice_id__in=invoices).order_by()
    for invoice_id, cents, *days in shares.values_list("invoice_id", "amount_cents", *_PAID_BY):
        found[invoice_id].append(Paid(_paid_on(invoice_id, *days), cents))
    for lost in WriteOff.objects.active().filter(invoice_id__in=invoices):
        found[lost.invoice_id].append(Paid(lost.on, lost.amount_cents))  # type: ignore[index]  # filtered
    unused = _unused_credits(invoices)
    asked = dict(Invoice.objects.filter(pk__in=unused).values_list("pk", "gross_cents"))
    return {
        key: with_credits_first(paid, unused.get(key, ()), asked_cents=asked.get(key, 0))
        for key, paid in found.items()
    }


def _unused_credits(invoices: Collection[UUID]) -> dict[UUID, list[Paid]]:
    """Return what of the credit notes of each invoice did not settle it, and since when they count."""
    mine = Allocation.objects.active().filter(credit_note=OuterRef("pk"), invoice=OuterRef("corrects"))
    used = Subquery(mine.order_by().values("credit_note").annotate(total=Sum("amount_cents")).values("total"))
    found: dict[UUID, list[Paid]] = {}
    notes = Invoice.objects.filter(corrects__in=invoices).annotate(
        used=Coalesce(used, Value(0), output_field=BigIntegerField())
    )
    for corrects, gross, put, since, issued in notes.values_list(
        "corrects", "gross_cents", "used", "credited_from", "issued_on"
    ):
        if corrects is not None and gross > put:
            found.setdefault(corrects, []).append(Paid(since or issued, gross - put))
    return found


def counts_from(note: Invoice) -> date:
    """Return since when the invoice that a credit note corrects asks less."""
    return note.credited_from or note.issued_on


#: What says since when a share pays: its payment's days, or its credit note's.
_PAID_BY = (
    "payment__credited_on",
    "payment__proof_on",
    "credit_note__corrects_id",
    "credit_note__credited_from",
    "credit_note__issued_on",
)


def _paid_on(
    invoice_id: UUID,
    credited_on: date | None,
    proof_on: date | None,
    corrects: UUID | None,
    credited_from: date | None,
    issued_on: date | None,
) -> date:
    if issued_on is not None:
        return (credited_from or issued_on) if corrects == invoice_id else issued_on
    return min(day for day in (credited_on, proof_on) if day is not None)
