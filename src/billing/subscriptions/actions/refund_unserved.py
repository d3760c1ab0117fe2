"""Credit what an event kept from being served, line by line and day by day, give back what was paid of it,
and tell the client.
"""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.models import Subscription, UnservedCredit
from billing.subscriptions.queries.unserved import not_served_from, owed_for, unserved_days
from contracts.policy.clauses import keeps

REASON = "force_majeure"

_WHY = gettext_lazy("Days not served because of a force majeure event.")


@transaction.atomic
@keeps("LG-S20.3m")
def refund_unserved(
    *, subscription: Subscription, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes issued now for the days of a subscription that events kept from being served.

    With their VAT, in whichever term they lay; by what stands now, as often as wanted: no day is credited
    twice. Licences added during the term count from the day they were added. Never more than is left of a
    line, nor is more given back than was paid: what is unpaid is owed no longer.
    """
    subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    notes: list[Invoice] = []
    details: dict[str, Any] = {"reason": _WHY, "by": by, "now": now, "today": today}
    unserved = unserved_days(subscription)
    for invoice, amounts in owed_for(subscription, unserved):
        details["credited_from"] = not_served_from(invoice, subscription, unserved)
        with suppress(NothingCredited):
            notes += credit_order(corrects=invoice, amounts=amounts, **details)
    for note in notes:
        UnservedCredit.objects.create(subscription=subscription, note=note)
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=today)
    if notes:
        _tell(subscription, notes, by, now)
    return notes


def _tell(subscription: Subscription, notes: list[Invoice], by: Actor | None, now: datetime) -> None:
    facts = {
        "notes": [note.number for note in notes],
        "net_cents": sum(note.net_cents for note in notes),
    }
    log_action("force_majeure.credited", by=by, on=subscription, at=now, facts=facts)
    for note in notes:
        key = f"unserved-credited:{note.id}"
        enqueue_message("billing/unserved_credited", ids={"note": note.id}, now=now, key=key)
    wake_worker()
