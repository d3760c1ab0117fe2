"""Record the formal notice to pay that was sent."""

from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.record_registered_letter import record_registered_letter
from billing.collections.actions.render_formal_notice import formal_notice_pdf
from billing.collections.models import FormalNotice
from billing.collections.queries.late import formal_notice_of
from billing.customers.actions.file_sent import file_sent
from billing.customers.models import SentDocument
from billing.invoicing.models import Invoice
from billing.invoicing.policy.pauses import due_after_pauses, outside_pauses
from billing.invoicing.queries.balances import falls_due_on
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.money.policy.days import day_starts_at
from contracts.policy.clauses import keeps


class TooEarly(Exception):
    """Raised when the invoice was not overdue on the day of the notice."""


class PaymentSuspended(Exception):
    """Raised when an event suspended the payment of the invoice on the day of the notice."""


class NoticeAlreadyGiven(Exception):
    """Raised when a formal notice that counts was given already: interest runs from the first."""


@transaction.atomic
@keeps("LG-S6.3c")
def record_formal_notice(
    *, invoice: Invoice, sent_on: date, letter: str, by: Actor | None, now: datetime
) -> FormalNotice:
    """Return the notice; a late consumer's interest runs from its date.

    More time granted since puts an end to an earlier one: then another may be given. Its letter is kept as it
    is drawn for the day it was sent.

    Raises PaymentSuspended, TooEarly, NoticeAlreadyGiven, NothingOverdue when the invoice was paid by then.
    """
    pauses = pauses_by_invoice([invoice.pk]).get(invoice.pk, ())
    due_on = due_after_pauses(falls_due_on(invoice), pauses)
    if not outside_pauses([sent_on], pauses):
        raise PaymentSuspended(sent_on)
    if sent_on <= due_on:
        raise TooEarly(sent_on)
    if formal_notice_of(invoice) is not None:
        raise NoticeAlreadyGiven(invoice.number)
    notice = FormalNotice.objects.create(invoice=invoice, sent_on=sent_on, letter=letter, created_at=now)
    if letter:
        record_registered_letter(
            purpose="payment", number=letter, sent_on=sent_on, notice=notice, by=by, now=now
        )
    _keep_letter(notice)
    log_action(
        "formal_notice.given",
        by=by,
        on=invoice,
        at=now,
        facts={"number": invoice.number, "sent_on": str(sent_on)},
    )
    return notice


def _keep_letter(notice: FormalNotice) -> None:
    invoice = notice.invoice
    with translation.override(invoice.language):
        subject = _("Formal notice to pay the invoice %(number)s") % {"number": invoice.number}
        if notice.letter:
            subject = _("%(subject)s, registered letter %(letter)s") % {
                "subject": subject,
                "letter": notice.letter,
            }
    file_sent(
        customer_id=invoice.customer_id,
        channel=SentDocument.Channel.LETTER,
        key=notice.sent_key,
        kind="billing/formal_notice",
        recipient=str(invoice.buyer.get("name", "")),
        subject=subject,
        about=[invoice.pk, notice.pk],
        content=formal_notice_pdf(invoice, today=notice.sent_on),
        at=day_starts_at(notice.sent_on),
    )
