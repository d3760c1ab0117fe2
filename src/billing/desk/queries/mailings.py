"""What can be sent to many, and what became of a sending."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from agenda.models import OutboxMessage
from billing.collections.models import Dispute, InterestClaim
from billing.collections.queries.claims import overdue_claims
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
    asked = [(row, row) for row in rows]
    if kind == Mailing.Kind.REMINDERS:
        claims = InterestClaim.objects.filter(pk__in=ids, corrects=None).select_related("invoice__order")
        asked += [(claim, claim.invoice) for claim in claims.order_by("number")]
    return _asked_of_clients(asked)


def _asked_of_clients(asked: Sequence[tuple[Invoice | InterestClaim, Invoice]]) -> list[Wanted]:
    """Return these documents, each with the invoice it is about, as they are sent."""
    speakers: dict[UUID, UUID] = {}
    customers = {invoice.customer_id for _document, invoice in asked}
    for contact in Contact.objects.speaking().filter(customer__in=customers).order_by("created_at"):
        speakers.setdefault(contact.customer_id, contact.pk)
    return [
        Wanted(
            str(document.pk),
            document.number,
            str(invoice.customer_id),
            str((invoice.order.contact_id if invoice.order else speakers.get(invoice.customer_id)) or ""),
        )
        for document, invoice in asked
    ]


def still_wanted(kind: str, keys: Collection[str], *, today: date) -> list[Any]:
    """Return which of these documents it still makes sense to write about.

    Unpaid and uncontested, invoices before claims for late interest, or to be signed.
    """
    if kind == Mailing.Kind.QUOTES:
        rows = QuoteVersion.objects.waiting().filter(pk__in=keys, valid_until__gte=today)
        return list(rows.select_related("quote").order_by("quote__number"))
    if kind == Mailing.Kind.INVOICES:
        return list(Invoice.objects.filter(pk__in=keys).order_by("number"))
    contested = Dispute.objects.active().filter(invoice__in=[UUID(key) for key in keys]).values("invoice")
    late = overdue_invoices(today).filter(pk__in=keys).exclude(pk__in=contested).order_by("number")
    claims = overdue_claims(today).filter(pk__in=keys, is_disputed=False).select_related("invoice")
    return [*late, *claims.order_by("number")]


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
