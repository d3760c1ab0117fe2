"""The keepers of what is promised about payments; all run as the operator."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Evidence, keeper
from billing.actions.note_missing_funds import note_missing_funds
from billing.policy.days import paris_day


@keeper("LG-S5.2d", kind="proved-funds", where="operator")
def proved_funds_came(obligation: Obligation, *, now: datetime) -> Evidence:
    """Flag a transfer that was proved and never credited."""
    return Evidence(missing=note_missing_funds(payment_id=obligation.subject_id, now=now, today=paris_day(now)))
