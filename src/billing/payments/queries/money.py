"""What of a client's money pays what, and what is left of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import is_only_proved
from billing.invoicing.queries.credits import owed_by
from billing.payments.models import ClaimAllocation, Payment, Refund
from billing.payments.policy.allocation import COVERS, unallocated_cents


def invoices_of(payment_id: UUID, *, lock: bool = False) -> list[Invoice]:
    """Return the invoices a payment pays or was sent for, locked in the order that never deadlocks when
    asked.
    """
    standing = Allocation.objects.active().filter(payment_id=payment_id).values("invoice")
    rows = Invoice.objects.filter(Q(pk__in=standing) | Q(meant_payments=payment_id)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True).distinct())
    found = Invoice.objects.filter(pk__in=ids).order_by("pk")
    return list(found.select_for_update(of=("self",)) if lock else found)


def with_unallocated(payments: QuerySet[Any]) -> QuerySet[Any]:
    """Return payments with `allocated_cents`, `refunded_cents` and `unallocated_cents`."""
    rows: QuerySet[Any] = payments.annotate(
        allocated_cents=_sum(Allocation.objects.active()) + _sum(ClaimAllocation.objects.active()),
        refunded_cents=_sum(Refund.objects.within()) + _settled(),
    ).annotate(free_cents=F("amount_cents") - F("allocated_cents") - F("refunded_cents"))
    return rows


def _sum(rows: QuerySet[Any]) -> Any:
    mine = (
        rows.filter(payment=OuterRef("pk")).order_by().values("payment").annotate(total=Sum("amount_cents"))
    )
    return Coalesce(Subquery(mine.values("total")), Value(0), output_field=BigIntegerField())


def _settled() -> Any:
    """Return what of a payment makes good money given back of another that never came."""
    mine = Refund.objects.active().filter(settled_by=OuterRef("pk")).order_by().values("settled_by")
    total = mine.annotate(total=Sum("amount_cents")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())


def unallocated_of(payment: Payment) -> int:
    """Return what of a payment pays nothing and was not given back, in cents."""
    row = with_unallocated(Payment.objects.filter(pk=payment.pk)).get()
    return unallocated_cents(
        brought=row.amount_cents, allocated=row.allocated_cents, refunded=row.refunded_cents
    )


def given_back_by(note: Invoice) -> int:
    """Return what goes back to the client for a credit note, asked or still to be, in cents.

    Nothing of what was never paid, nor while what stands against its invoice is only proved or in hand.
    """
    if note.corrects is None or is_only_proved(note.corrects):
        return 0
    asked = note.refunds.active().aggregate(total=Sum("amount_cents"))["total"] or 0
    return int(asked) + owed_by(note)


def paid_beside(note: Invoice) -> dict[str, int]:
    """Return what of a credit note pays other invoices of its order, in cents by their number."""
    stands = Allocation.objects.active().filter(credit_note=note, invoice=note.corrects)
    left = Allocation.objects.filter(
        invoice=note.corrects, release_reason=COVERS, released_at__in=stands.values("allocated_at")
    )
    found: dict[str, int] = {}
    for row in left:
        went = Allocation.objects.active().filter(payment=row.payment_id, invoice__order=note.order_id)
        beside = went.filter(allocated_at=row.released_at or row.allocated_at).exclude(invoice=note.corrects)
        for number, cents in beside.values_list("invoice__number", "amount_cents"):
            found[number] = found.get(number, 0) + cents
    return found


def credits_of(customer_id: UUID) -> list[Any]:
    """Return a client's payments that arrived and have something left."""
    rows = with_unallocated(Payment.objects.arrived().filter(customer_id=customer_id)).filter(
        free_cents__gt=0
    )
    return list(rows.order_by("received_on"))
