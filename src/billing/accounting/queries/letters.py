"""Which documents, payments and refunds are paid together, and their lines on a client's account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from billing.accounting.models import JournalLine
from billing.accounting.policy.entries import WITH_CUSTOMER
from billing.collections.models import InterestClaim
from billing.invoicing.models import Allocation, WriteOff
from billing.payments.models import ClaimAllocation, Refund


@dataclass(frozen=True, slots=True)
class Group:
    """Documents and payments tied together by what pays what."""

    documents: frozenset[UUID]
    payments: frozenset[UUID]


def group_of(*, documents: Collection[UUID] = (), payments: Collection[UUID] = ()) -> Group:
    """Return all that is tied to a document or to a payment, by one statement a step outward."""
    known_documents = set(documents)
    known_payments = set(payments)
    edges = Allocation.objects.active().order_by()
    new_documents, new_payments = set(documents), set(payments)
    while new_documents or new_payments:
        touching = edges.filter(
            Q(invoice__in=new_documents) | Q(credit_note__in=new_documents) | Q(payment__in=new_payments)
        )
        paid = touching.values_list("invoice_id", "credit_note_id", "payment_id")
        rows = [*_claims_tied(new_documents, new_payments), *paid]
        new_documents = {each for row in rows for each in row[:2] if each} - known_documents
        new_payments = {row[2] for row in rows if row[2]} - known_payments
        known_documents |= new_documents
        known_payments |= new_payments
    return Group(frozenset(known_documents), frozenset(known_payments))


def _claims_tied(
    documents: Collection[UUID], payments: Collection[UUID]
) -> list[tuple[UUID | None, UUID | None, UUID | None]]:
    """Return what claims are tied to: the money that pays them, and what corrects them."""
    shares = ClaimAllocation.objects.active().filter(Q(claim__in=documents) | Q(payment__in=payments))
    fixed = InterestClaim.objects.filter(corrects__isnull=False)
    return [
        *((claim, None, payment) for claim, payment in shares.values_list("claim_id", "payment_id")),
        *(
            (claim, corrected, None)
            for claim, corrected in fixed.filter(Q(pk__in=documents) | Q(corrects__in=documents)).values_list(
                "pk", "corrects_id"
            )
        ),
    ]


def lines_of(group: Group) -> dict[str, list[JournalLine]]:
    """Return the lines of a group on its client's accounts, account by account."""
    refunds = Refund.objects.filter(payment__in=group.payments).values_list("pk", flat=True)
    lost = WriteOff.objects.filter(Q(invoice__in=group.documents) | Q(claim__in=group.documents))
    sources = [*group.documents, *group.payments, *refunds, *lost.values_list("pk", flat=True)]
    found: dict[str, list[JournalLine]] = {}
    for line in JournalLine.objects.filter(entry__source_id__in=sources, role__in=WITH_CUSTOMER):
        found.setdefault(line.account, []).append(line)
    return found
