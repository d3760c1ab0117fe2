"""See to an invoice on the day after its due date."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from audit.queries import is_logged
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.money.policy.days import paris_day


def note_overdue(*, invoice_id: UUID, now: datetime) -> int:
    """Return what is overdue of the invoice in cents; from today it stands among what is.

    Looked at again, because money came in part or left again, its history tells it once per due day. Its
    reminders, and the notice that access will stop, are promised. A professional's interest runs by
    itself (LG-S6.3p); a consumer's only from a formal notice (LG-S6.3c).
    """
    debt = apply_debt_standing(invoice_id=invoice_id, now=now).debt
    if not debt.is_overdue(paris_day(now)):
        return 0
    facts = {"balance_cents": debt.left_cents, "due_on": str(debt.due_on)}
    if not is_logged("invoice.overdue", on=invoice_id, facts={"due_on": facts["due_on"]}):
        log_action("invoice.overdue", by=None, on=invoice_id, at=now, facts=facts)
    return debt.left_cents
