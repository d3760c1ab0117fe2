"""The keepers of what is promised about payments; all run as the operator."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.payments.actions.flag_missing_funds import flag_missing_funds
from billing.payments.actions.refund_payment import make_refund


@keeper("LG-S5.2d", kind="proved-funds", where="operator")
def keep_proved_funds(obligation: Obligation, *, now: datetime) -> Outcome:
    """Flag a transfer that was proved and never credited."""
    missing = flag_missing_funds(payment_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(missing, "the money came, or was given up", missing=missing)


@keeper("LG-S6.2k", kind="refund", where="operator")
def keep_refund(obligation: Obligation, *, now: datetime) -> Outcome:
    """Have the provider give money back."""
    return Kept(state=make_refund(refund_id=obligation.subject_id, now=now, today=paris_day(now)))
