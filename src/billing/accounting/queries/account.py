"""A client's account, read from the books."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from billing.accounting.models import JournalEntry, JournalLine
from billing.accounting.policy.chart import RECEIVABLE
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import with_claim_balance
from billing.invoicing.models import Invoice
from billing.invoicing.policy.account_statement import Movement
from billing.invoicing.queries.balances import with_due_day
from billing.payments.models import Payment, Refund
from billing.payments.policy.online import BEYOND, TAKEN_BACK

Source = JournalEntry.Source

KINDS = {
    (Source.PAYMENT, "credited"): "payment",
    (Source.PAYMENT, "proved"): "payment",
    (Source.PAYMENT, "bounced"): "refused",
    (Source.REFUND, "made"): "refund",
    (Source.REFUND, "failed"): "refund_failed",
    (Source.CLAIM, "issued"): "claim",
    (Source.WRITE_OFF, "written_off"): "written_off",
    (Source.WRITE_OFF, "undone"): "write_off_undone",
}


def movements_of(customer_id: UUID, *, currency: str, on: date) -> list[Movement]:
    """Return what was asked of a client and what came, up to a day, in five statements."""
    rows = JournalLine.objects.filter(
        customer_id=customer_id, role=RECEIVABLE, entry__currency=currency, entry__on__lte=on
    )
    lines = list(rows.select_related("entry").order_by("entry__on", "entry__rank"))
    documents = _documents((line.entry for line in lines), on)
    money = _money(line.entry for line in lines)
    due = _claims_due(line.entry for line in lines)
    taken_back = _taken_back(line.entry for line in lines)
    return [_movement(line, documents, money, due, taken_back) for line in lines]


def _taken_back(entries: Iterable[JournalEntry]) -> set[UUID]:
    """Return the refunds that are none: the payer's bank took the money back."""
    ids = [entry.source_id for entry in entries if entry.source == Source.REFUND]
    rows = Refund.objects.filter(pk__in=ids, reason__in=(TAKEN_BACK, BEYOND))
    return set(rows.values_list("pk", flat=True))


def _movement(
    line: JournalLine,
    documents: dict[UUID, Invoice],
    money: dict[UUID, Payment],
    due: dict[UUID, date],
    taken_back: Collection[UUID],
) -> Movement:
    entry = line.entry
    found: Invoice | None = documents.get(entry.source_id)
    if found is not None:
        is_asked = not found.is_credit_note
        due_on = found.falls_due_on if is_asked else None  # type: ignore[attr-defined]  # annotated
        return Movement(
            entry.on, str(found.kind), found.number, line.cents, str(found.pk), due_on, entry.rank
        )
    kind = KINDS[Source(entry.source), entry.event]
    if kind == "refund" and entry.source_id in taken_back:
        kind = "taken_back"
    if kind == "claim" and line.cents < 0:
        kind = "claim_credit"
    paid = money.get(entry.source_id)
    label = f"{paid.method}|{paid.reference}" if paid else entry.reference
    key = str(paid.pk if paid else entry.source_id)
    day = due.get(entry.source_id) if kind == "claim" else None
    return Movement(entry.on, kind, label, line.cents, key, day, entry.rank)


def _documents(entries: Iterable[JournalEntry], on: date) -> dict[UUID, Invoice]:
    """Return the documents of entries, due on the day that was known at the end of a day."""
    ids = [entry.source_id for entry in entries if entry.source == Source.INVOICE]
    return {row.pk: row for row in with_due_day(Invoice.objects.filter(pk__in=ids), as_of=on)}


def _claims_due(entries: Iterable[JournalEntry]) -> dict[UUID, date]:
    ids = [entry.source_id for entry in entries if entry.source == Source.CLAIM]
    rows = with_claim_balance(InterestClaim.objects.filter(pk__in=ids)) if ids else ()
    return {row.pk: row.falls_due_on for row in rows}


def _money(entries: Iterable[JournalEntry]) -> dict[UUID, Payment]:
    """Return the payment each entry of money is about, by what the entry was made from."""
    ids: dict[str, list[UUID]] = {}
    for entry in entries:
        ids.setdefault(entry.source, []).append(entry.source_id)
    found = {row.pk: row for row in Payment.objects.filter(pk__in=ids.get(Source.PAYMENT, []))}
    refunds = Refund.objects.filter(pk__in=ids.get(Source.REFUND, [])).select_related("payment")
    return found | {row.pk: row.payment for row in refunds}
