"""Undo the terms that a client's word should have stopped."""

from contextlib import suppress
from datetime import date, datetime

from django.utils.translation import gettext_lazy

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.money.policy.days import paris_day
from billing.orders.models import OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.models import Subscription
from contracts.policy.clauses import keeps

REASON = "terminated"

_WHY = gettext_lazy("Renewal undone: the subscription had been terminated.")


@keeps("LG-S20.2")
def undo_renewals(
    *, subscription: Subscription, effective_on: date, by: Actor, now: datetime
) -> list[Invoice]:
    """Return the credit notes of all that was invoiced for the terms from a day on, and for what was added in
    them; what was paid of it is given back.
    """
    notes = []
    for invoice in _invoices(subscription, effective_on):
        with suppress(NothingCredited):
            notes.append(credit_invoice(corrects=invoice, reason=_WHY, by=by, now=now, today=paris_day(now)))
    for note in notes:
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=paris_day(now))
    facts = {"from": str(effective_on), "credit_notes": [note.number for note in notes]}
    log_action("subscription.renewal_undone", by=by, on=subscription, at=now, facts=facts)
    return notes


def _invoices(subscription: Subscription, effective_on: date) -> list[Invoice]:
    terms = subscription.terms.filter(starts_on__gte=effective_on)
    added = OrderLine.objects.filter(
        contract_id=subscription.contract_id,
        licences_after__isnull=False,
        order__confirmed_on__gte=effective_on,
    )
    orders = [*terms.values_list("order_id", flat=True), *added.values_list("order_id", flat=True)]
    rows = Invoice.objects.filter(order__in=orders, kind=Invoice.Kind.INVOICE)
    return list(rows.select_related("order").order_by("created_at"))
