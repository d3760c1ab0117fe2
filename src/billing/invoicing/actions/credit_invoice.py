"""Credit an invoice: the note, and what it changes about the money."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from audit.policy.actor import Actor
from billing.invoicing.actions.issue_credit_note import issue_credit_note
from billing.invoicing.actions.settle_invoice import put_notes, sync_invoice_state
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import Row
from billing.registry import announce, ask


@transaction.atomic
def credit_invoice(
    *,
    corrects: Invoice,
    reason: object,
    by: Actor | None,
    now: datetime,
    today: date,
    amounts: Mapping[int, int] | None = None,
    credited_from: date | None = None,
    taken: Mapping[Row, Mapping[str, int]] | None = None,
) -> Invoice:
    """Return the credit note, taken off what is left to pay of its invoice.

    The rest of it is owed to the client.

    What was promised about the unpaid invoice ends with its debt; what was given up of it stands for the
    rest only. `reason` is told on the note; since when less is owed is `credited_from`, the invoice's day
    unless it is said; `taken` as `issue_credit_note` takes it. Raises what `issue_credit_note` raises.
    """
    lifted = ask("write_offs_lifted", corrects, by=by, now=now, today=today)
    note = issue_credit_note(
        corrects=corrects,
        amounts=amounts,
        reason=reason,
        credited_from=credited_from,
        taken=taken,
        by=by,
        now=now,
        today=today,
    )
    put_notes(corrects, now=now)
    announce("write_offs_put_back", invoice=corrects, lifted=lifted, by=by, now=now, today=today)
    sync_invoice_state(corrects, now=now, today=today)
    return note
