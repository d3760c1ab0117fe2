"""What became of the money of a withdrawal."""

from __future__ import annotations

from django.db.models import Max, Sum

from billing.invoicing.queries.balances import is_only_proved
from billing.payments.models import Refund
from billing.payments.queries.money import given_back_by, paid_beside
from billing.returns.models import Withdrawal
from billing.returns.policy.withdrawal import RefundsSoFar


def given_back(withdrawal: Withdrawal) -> RefundsSoFar | None:
    """Return what was given back of a withdrawal and what still is to be.

    None while nothing is credited of what was asked; of what was given for nothing there is nothing to wait
    for.
    """
    notes = [credit.note for credit in withdrawal.credits.select_related("note__corrects")]
    if not notes:
        return None if withdrawal.order.gross_cents else RefundsSoFar(0, None, 0)
    made = Refund.objects.active().filter(note__in=notes, made_on__isnull=False)
    found = made.aggregate(cents=Sum("amount_cents"), on=Max("made_on"))
    cents = found["cents"] or 0
    left = sum(given_back_by(note) for note in notes) - cents
    waits = any(is_only_proved(note.corrects) for note in notes if note.corrects is not None)
    beside = sum(cents for note in notes for cents in paid_beside(note).values())
    return RefundsSoFar(cents, found["on"], left, awaits_money=waits, beside_cents=beside)
