"""Send documents or reminders to many: asked once, done in the background, each recipient written to once."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import InterestClaim
from billing.desk.models import Mailing, MailingRow
from billing.desk.policy.mailing import letters
from billing.desk.queries.mailings import still_wanted, wanted

CLAUSE = "HOUSE-MAIL"

SENT_WITHIN = timedelta(minutes=30)

ROWS_A_STEP = 20

VERBS = {"invoices": "invoice.mailed", "reminders": "invoice.reminded", "quotes": "quote.reminded"}

CLAIM_REMINDED = "claim.reminded"

MOOT = {"invoices": "gone", "reminders": "settled", "quotes": "not_waiting"}


class NobodyToWriteTo(Exception):
    """Raised when nothing was chosen."""


@transaction.atomic
def send_many(*, key: UUID, kind: str, ids: Collection[UUID], by: Actor, now: datetime) -> Mailing:
    """Return the sending asked with this key: the same key again changes nothing, whatever was chosen then.

    Its mails leave in the background, a few at a time. Raises NobodyToWriteTo.
    """
    asked = Mailing(id=key, kind=kind, asked_at=now, asked_by=by.id if by else None)
    if not Mailing.objects.filter(pk=key).exists():
        Mailing.objects.bulk_create([asked], ignore_conflicts=True)
    mailing = Mailing.objects.select_for_update().get(pk=key)
    if mailing.rows.exists():
        return mailing
    found = letters(wanted(mailing.kind, ids))
    if not found:
        raise NobodyToWriteTo
    MailingRow.objects.bulk_create(
        MailingRow(
            mailing=mailing,
            position=n,
            contact_id=each.contact or None,
            customer_id=each.customer,
            documents=[list(pair) for pair in each.documents],
        )
        for n, each in enumerate(found, start=1)
    )
    open_obligation(CLAUSE, kind="mailing", subject=mailing.pk, due_at=now + SENT_WITHIN, run_at=now, now=now)
    log_action("mailing.asked", by=by, on=mailing, at=now, facts={"kind": kind, "recipients": len(found)})
    wake_worker()
    return mailing


@transaction.atomic
def send_next(*, mailing_id: UUID, now: datetime, today: date) -> bool:
    """Return whether recipients are left after giving the next few to the outbox.

    Who asked is told of the end.
    """
    mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
    waiting = mailing.rows.filter(state=MailingRow.State.WAITING).order_by("position")
    for row in waiting[:ROWS_A_STEP]:
        _send(mailing, row, now, today)
    if waiting.exists():
        return True
    if mailing.done_at is None:
        mailing.mark_done(at=now)
        if mailing.asked_by:
            enqueue_message(
                "billing/mailing_done", ids={"mailing": mailing.pk}, now=now, key=f"mailing-done:{mailing.pk}"
            )
    return False


def _send(mailing: Mailing, row: MailingRow, now: datetime, today: date) -> None:
    found = still_wanted(mailing.kind, row.keys, today=today)
    if row.contact_id is None:
        return row.mark(MailingRow.State.LEFT_OUT, reason="nobody")
    if not found:
        return row.mark(MailingRow.State.LEFT_OUT, reason=MOOT[mailing.kind])
    enqueue_message(f"billing/many_{mailing.kind}", ids={"row": row.pk}, now=now, key=row.message_key)
    for each in found:
        on = each.quote_id if mailing.kind == Mailing.Kind.QUOTES else each
        verb = CLAIM_REMINDED if isinstance(each, InterestClaim) else VERBS[mailing.kind]
        log_action(verb, by=None, on=on, at=now, facts={"mailing": str(mailing.pk)})
    row.mark(MailingRow.State.POSTED)
