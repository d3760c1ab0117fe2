"""The keepers of what happens to the books by itself; all run as the operator."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper
from billing.accounting.actions.recognise_revenue import recognise_revenue
from billing.accounting.actions.validate_entries import validate_entries


@keeper("LPF-A47A", kind="validation", where="operator")
def keep_validation(obligation: Obligation, *, now: datetime) -> Outcome:
    """Validate what was written: each entry takes its number."""
    return Kept(entries=validate_entries(now=now))


@keeper("CCOM-L123-21", kind="recognition", where="operator")
def keep_recognition(obligation: Obligation, *, now: datetime) -> Outcome:
    """Count what a month served of what was invoiced."""
    month = date.fromisoformat(obligation.occurrence)
    return Kept(month=f"{month:%Y-%m}", invoices=recognise_revenue(month=month, now=now))
