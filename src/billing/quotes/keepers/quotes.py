"""Keeper of quotes whose day has passed."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Outcome, keeper, kept_or_moot
from billing.quotes.actions.expire_quote import expire_quote


@keeper("LG-S6.1", kind="quote-validity", where="operator")
def keep_quote_validity(obligation: Obligation, *, now: datetime) -> Outcome:
    """Close a quote whose validity has ended."""
    expired = expire_quote(version_id=obligation.subject_id, now=now)
    return kept_or_moot(expired, "signed, refused or replaced", version=str(obligation.subject_id))
