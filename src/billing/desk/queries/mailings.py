"""What can be sent to many, and what became of a sending."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from agenda.models import OutboxMessage
from billing.collections.models import Dispute
from billing.customers.models import Contact
from billing.desk.models import Mailing, MailingRow
from billing.desk.policy.mailing import Wanted
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import overdue_invoices
from billing.quotes.models import QuoteVersion


def documents(kind: str) -> QuerySet[Any]:
    """Return the documents a sending of this kind chooses from."""
    if kind == Mailing.Kind.QUOTES:
        return QuoteVersion.objects.current().select_related("quote__contact")
    return Invoice.objects.select_related("order__contact").order_by("number")


def wanted(kind: str, ids: Collection[UUID]) -> list[Wanted]:
    """Return these documents with who is written to.

    Who ordered, else the first who speaks for the customer.
    """
    rows = list(documents(kind).filter(pk__in=ids))
    if kind == Mailing.Kind.QUOTES:
        return [
            Wanted(str(row.pk), row.label, str(row.quote.customer_id), str(row.quote.contact_id))
            for row in rows
        ]
    speakers: dict[UUID, UUID] = {}
    for contact in Contact.objects.filter(customer__in={row.customer_id for row in rows}).order_by(
        "created_at"
    ):
        speakers.setdefault(contact.customer_id, contact.pk)
    return [
        Wanted(
            str(row.pk),
            row.number,
            str(row.customer_id),
            str((row.order.contact_id if row.order else speakers.get(row.customer_id)) or ""),
        )
        for row in rows
    ]


def still_wanted(kind: str, keys: Collection[str], *, today: date) -> list[Any]:
    """Return which of these documents it still makes sense to write about.

    Unpaid and uncontested, or to be signed.
    """
    if kind == Mailing.Kind.QUOTES:
        rows = QuoteVersion.objects.waiting().filter(pk__in=keys, valid_until__gte=today)
        return list(rows.select_related("quote").order_by("quote__number"))
    if kind == Mailing.Kind.INVOICES:
        return list(Invoice.objects.filter(pk__in=keys).order_by("number"))
    contested = Dispute.objects.active().filter(invoice__in=[UUID(key) for key in keys]).values("invoice")
    return list(overdue_invoices(today).filter(pk__in=keys).exclude(pk__in=contested).order_by("number"))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient: left out and why, waiting, given to the outbox, sent, or not sent yet and
    why.
    """

    row: MailingRow
    state: str
    sent_at: datetime | None = None
    failure: str = ""


def results(mailing: Mailing) -> list[Result]:
    """Return what became of each recipient of a sending, in two statements."""
    rows = list(mailing.rows.select_related("contact", "customer"))
    known = {
        each.key: each for each in OutboxMessage.objects.filter(key__in=[row.message_key for row in rows])
    }
    return [_result(row, known.get(row.message_key)) for row in rows]


def _result(row: MailingRow, message: OutboxMessage | None) -> Result:
    if row.state != MailingRow.State.POSTED or message is None:
        return Result(row, row.state)
    if message.state == OutboxMessage.State.SENT:
        return Result(row, "sent", message.sent_at)
    if message.state == OutboxMessage.State.MOOT:
        return Result(row, "moot")
    return Result(row, "failing" if message.failure else "posted", None, message.failure)


def outcome(mailing: Mailing) -> dict[str, int]:
    """Return how many recipients were written to, and how many were left out, in all and by reason."""
    rows = mailing.rows.values_list("state", "reason").annotate(total=Count("pk")).order_by()
    found = dict.fromkeys(("written_to", "left_out", "nobody", "moot"), 0)
    for state, reason, total in rows:
        if state == MailingRow.State.POSTED:
            found["written_to"] += total
        elif state == MailingRow.State.LEFT_OUT:
            found["left_out"] += total
            found["nobody" if reason == "nobody" else "moot"] += total
    return found


def progress(mailing: Mailing) -> dict[str, int]:
    """Return how many recipients there are, and how many were seen to."""
    total = mailing.rows.count()
    return {"total": total, "done": total - mailing.rows.filter(state=MailingRow.State.WAITING).count()}
