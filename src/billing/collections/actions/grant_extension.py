"""Grant a client more time, in writing."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.invoicing.actions.finalize_invoice import LATE_CLAUSE
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.models import Acceleration, Invoice, PaymentExtension
from billing.invoicing.queries.balances import falls_due_on
from billing.registry import announce
from contracts.policy.clauses import keeps


class NotLater(Exception):
    """Raised when the new date is not after the day the invoice is due."""


class NoDocument(Exception):
    """Raised when no written agreement is named."""


@transaction.atomic
@keeps("LG-S6.3d", "LG-S5.2c")
def grant_extension(
    *, invoice: Invoice, new_due_on: date, document: str, by: Actor, now: datetime, today: date
) -> PaymentExtension:
    """Return the deferral: the due date moves for everything, and so does the day the order becomes
    cancellable; what pressed for the money stops, and access comes back.

    After a termination it puts off what was due at once. It opens nothing before the funds (LG-S5.2d).
    Raises NotLater, NoDocument.
    """
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if new_due_on <= falls_due_on(locked):
        raise NotLater(new_due_on)
    if not document.strip():
        raise NoDocument
    deferral = PaymentExtension.objects.create(
        invoice=locked, agreed_on=today, new_due_on=new_due_on, document=document.strip(), created_at=now
    )
    Acceleration.objects.filter(invoice=locked).update(due_on=new_due_on)
    clause = LATE_CLAUSE[locked.customer_type]
    close_obligation(
        clause, kind="overdue", subject=locked.id, now=now, evidence={"deferred_to": str(new_due_on)}
    )
    schedule_overdue(locked, due_on=new_due_on, now=now)
    announce_invoice_deferred(invoice=locked, until=new_due_on, now=now)
    log_action(
        "deferral.granted",
        by=by,
        on=locked,
        at=now,
        facts={"number": locked.number, "new_due_on": str(new_due_on)},
    )
    apply_debt_standing(invoice_id=locked.pk, now=now)
    return deferral


def announce_invoice_deferred(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Tell that an invoice is due later: the day its order can be cancelled moves with it."""
    announce("invoice_deferred", invoice=invoice, until=until, now=now)
