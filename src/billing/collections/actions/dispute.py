"""Keep that a client contests what asks for money, and how it ended."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.collections.models import Dispute, InterestClaim
from billing.invoicing.models import Invoice, ProForma
from contracts.policy.clauses import keeps

Asking = Invoice | InterestClaim | ProForma

FIELDS = {Invoice: "invoice", InterestClaim: "claim", ProForma: "pro_forma"}


class DisputeStands(Exception):
    """Raised when the document is contested already."""


class NoDispute(Exception):
    """Raised when nothing is contested."""


@transaction.atomic
@keeps("LG-S5.2x")
def open_dispute(*, about: Asking, reason: str, by: Actor | None, now: datetime) -> Dispute:
    """Return the open dispute of an invoice, a claim or a pro forma.

    While an invoice or a claim is contested no new order is taken from the client.
    Raises DisputeStands.
    """
    type(about).objects.select_for_update(of=("self",)).get(pk=about.pk)
    if about.disputes.active().exists():
        raise DisputeStands(about.number)
    dispute = Dispute.objects.create(**{FIELDS[type(about)]: about}, reason=reason, opened_at=now)
    log_action(
        "dispute.opened", by=by, on=about, at=now, facts={"number": about.number}, personal={"reason": reason}
    )
    _follow(about, now)
    return dispute


@transaction.atomic
def close_dispute(*, about: Asking, outcome: str, by: Actor | None, now: datetime) -> Dispute:
    """Return the dispute, closed with its outcome. Raises NoDispute."""
    dispute: Dispute | None = about.disputes.active().select_for_update(of=("self",)).first()
    if dispute is None:
        raise NoDispute(about.number)
    dispute.closed_at = now
    dispute.outcome = outcome
    dispute.save(update_fields=["closed_at", "outcome"])
    log_action("dispute.closed", by=by, on=about, at=now, personal={"outcome": outcome})
    _follow(about, now)
    return dispute


def _follow(about: Asking, now: datetime) -> None:
    """Hold back the reminders of what is contested, or owe them again."""
    if isinstance(about, Invoice) and not about.is_credit_note:
        apply_debt_standing(invoice_id=about.pk, now=now)
