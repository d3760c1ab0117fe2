"""The keepers of billing's promises; all run as the operator."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper, kept_or_moot
from billing.actions.expire_quote import expire_quote
from billing.actions.mark_cancellable import mark_cancellable
from billing.actions.note_overdue import note_overdue
from billing.actions.open_access import open_access
from billing.policy.days import paris_day


@keeper("LG-S6.1", kind="quote-validity", where="operator")
def quote_expires(obligation: Obligation, *, now: datetime) -> Outcome:
    """Close a quote whose validity has ended."""
    expired = expire_quote(version_id=obligation.subject_id, now=now)
    return kept_or_moot(expired, "signed, refused or replaced", version=str(obligation.subject_id))


@keeper("LG-S5.2c", kind="cancellable", where="operator")
def order_is_cancellable(obligation: Obligation, *, now: datetime) -> Outcome:
    """Mark an order unpaid after its business days."""
    marked = mark_cancellable(order_id=obligation.subject_id, now=now)
    return kept_or_moot(marked, "paid or cancelled", order=str(obligation.subject_id))


@keeper("LG-S12", kind="open-access", where="operator")
def access_opens(obligation: Obligation, *, now: datetime) -> Outcome:
    """Open what a funded order sold."""
    tenants = open_access(order_id=obligation.subject_id, now=now, today=paris_day(now))
    return Kept(tenants=[str(tenant) for tenant in tenants])


@keeper("LG-S6.3p", kind="overdue", where="operator")
def professional_is_late(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what a professional left unpaid: interest runs by itself."""
    cents = note_overdue(invoice_id=obligation.subject_id, now=now)
    return kept_or_moot(cents > 0, "nothing unpaid", balance_cents=cents)


@keeper("LG-S6.3c", kind="overdue", where="operator")
def consumer_is_late(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what a consumer left unpaid: a formal notice is next."""
    cents = note_overdue(invoice_id=obligation.subject_id, now=now)
    return kept_or_moot(cents > 0, "nothing unpaid", balance_cents=cents)
