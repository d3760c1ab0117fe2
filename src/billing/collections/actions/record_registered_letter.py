"""Keep a registered letter: its number, its days, its scan."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from agenda.actions import close_obligation, open_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import FormalNotice, RegisteredLetter
from billing.collections.policy.letters import breach_ends_on
from billing.collections.queries.suspensions import rules_by
from billing.money.policy.days import within_day
from billing.registry import announce
from contracts.policy.clauses import keeps


class DatesDisagree(Exception):
    """Raised when a letter would be presented before it was sent, or received before it was presented."""


class NumberKnown(Exception):
    """Raised when a letter of this number about the same subscription is kept already."""


@transaction.atomic
@keeps("LG-S20.1")
def record_registered_letter(
    *,
    purpose: str,
    number: str,
    sent_on: date,
    by: Actor | None,
    now: datetime,
    notice: FormalNotice | None = None,
    subscription_id: UUID | None = None,
    reason: str = "",
) -> RegisteredLetter:
    """Return the letter as it was posted, about a formal notice or a subscription. Raises NumberKnown."""
    if subscription_id is not None and _is_known(number, subscription_id):
        raise NumberKnown(number)
    letter = RegisteredLetter.objects.create(
        purpose=purpose,
        number=number,
        sent_on=sent_on,
        notice=notice,
        subscription_id=subscription_id,
        reason=reason,
        created_at=now,
    )
    log_action(
        "letter.sent",
        by=by,
        on=letter,
        at=now,
        facts={"number": number, "purpose": purpose, "on": str(sent_on)},
    )
    return letter


def _is_known(number: str, subscription_id: UUID) -> bool:
    return RegisteredLetter.objects.filter(number=number, subscription_id=subscription_id).exists()


@transaction.atomic
@keeps("LG-S20.1")
def update_letter_tracking(
    *,
    letter: RegisteredLetter,
    presented_on: date | None,
    received_on: date | None,
    remedied_on: date | None,
    scan: "File[Any] | None",
    by: Actor,
    now: datetime,
) -> RegisteredLetter:
    """Return the letter with what the post said of it.

    The 15 days of a breach run from the first presentation; corrected after the contract was ended for it,
    what ended before it might runs on.

    Raises DatesDisagree.
    """
    days = [day for day in (letter.sent_on, presented_on, received_on) if day is not None]
    if days != sorted(days) or (received_on and not presented_on):
        raise DatesDisagree
    letter.presented_on = presented_on
    letter.received_on = received_on
    letter.remedied_on = remedied_on
    if scan:
        letter.scan.save(f"{letter.id}.pdf", scan, save=False)
    letter.save()
    facts = {
        "presented_on": str(presented_on),
        "received_on": str(received_on),
        "remedied_on": str(remedied_on),
    }
    log_action("letter.followed", by=by, on=letter, at=now, facts=facts | {"scan": bool(letter.scan)})
    if letter.purpose == RegisteredLetter.Purpose.BREACH:
        announce("breach_letter_followed", letter=letter, by=by, now=now)
        _promise(letter, now)
    return letter


def _promise(letter: RegisteredLetter, now: datetime) -> None:
    """Promise to say from when it may be terminated, while it runs."""
    close_obligation("LG-S20.1", kind="terminable", subject=letter.id, now=now, evidence={"followed": True})
    if letter.presented_on is None or letter.subscription is None:
        return
    letter.subscription.refresh_from_db(fields=["ended_on"])
    if letter.subscription.ended_on is not None:
        return
    day = breach_ends_on(
        first_presented_on=letter.presented_on,
        remedied_on=letter.remedied_on,
        days=rules_by(letter.subscription.contract).termination.breach_days,
    )
    if day is not None:
        open_obligation(
            "LG-S20.1",
            kind="terminable",
            subject=letter.id,
            **within_day(day, now=now),
            now=now,
            occurrence=f"{letter.presented_on}/{now.isoformat()}"[:40],
        )
