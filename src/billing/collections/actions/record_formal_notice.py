"""Record the formal notice to pay that was sent."""

from datetime import date, datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.record_registered_letter import record_registered_letter
from billing.collections.models import FormalNotice
from billing.collections.queries.late import formal_notice_of
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import falls_due_on
from contracts.policy.clauses import keeps


class TooEarly(Exception):
    """Raised when the invoice was not overdue on the day of the notice."""


class NoticeAlreadyGiven(Exception):
    """Raised when a formal notice that counts was given already: interest runs from the first."""


@transaction.atomic
@keeps("LG-S6.3c")
def record_formal_notice(
    *, invoice: Invoice, sent_on: date, letter: str, by: Actor | None, now: datetime
) -> FormalNotice:
    """Return the notice; a late consumer's interest runs from its date.

    More time granted since puts an end to an earlier one: then another may be given.

    Raises TooEarly, NoticeAlreadyGiven.
    """
    if sent_on <= falls_due_on(invoice):
        raise TooEarly(sent_on)
    if formal_notice_of(invoice) is not None:
        raise NoticeAlreadyGiven(invoice.number)
    notice = FormalNotice.objects.create(invoice=invoice, sent_on=sent_on, letter=letter, created_at=now)
    if letter:
        record_registered_letter(
            purpose="payment", number=letter, sent_on=sent_on, notice=notice, by=by, now=now
        )
    log_action(
        "formal_notice.given",
        by=by,
        on=invoice,
        at=now,
        facts={"number": invoice.number, "sent_on": str(sent_on)},
    )
    return notice
