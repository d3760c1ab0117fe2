"""What pages and mails say of suspensions: the notice each stands on, and the first day without access."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from agenda.models import OutboxMessage
from billing.collections.models import Suspension
from billing.collections.policy.standing import stops_on
from billing.collections.policy.suspension import SuspensionNotice
from billing.collections.queries.standing import late_rules_in, mail_of, notice_of, since
from billing.collections.queries.suspensions import rules_in
from billing.money.policy.days import paris_day


@dataclass(frozen=True, slots=True)
class ShownSuspension:
    """A suspension, when its messages left, and the first day without access: None while no clock runs."""

    row: Suspension
    sent_at: datetime | None
    stops_on: date | None
    told_at: datetime | None = None  # when the message left that access has been suspended


def suspensions_shown(rows: Iterable[Suspension]) -> list[ShownSuspension]:
    """Return each suspension with the notice it stands on."""
    return [
        ShownSuspension(row, warned_at(row), _day(row, notice_of(row)), told_suspended_at(row))
        for row in rows
    ]


def warned_at(row: Suspension) -> datetime | None:
    """Return when the notice of a suspension left, None while it waits or where none was needed."""
    mail = mail_of(row)
    return mail.sent_at if mail and mail.state == OutboxMessage.State.SENT else None


def told_suspended_at(row: Suspension) -> datetime | None:
    """Return when the message left that access has been suspended, None while it waits."""
    mail = OutboxMessage.objects.filter(key=row.told_key).first()
    return mail.sent_at if mail and mail.state == OutboxMessage.State.SENT else None


def first_day(row: Suspension) -> date | None:
    """Return the first day without access if the notice leaves on the day it is written."""
    return _day(row, SuspensionNotice(since(row)))


def _day(row: Suspension, notice: SuspensionNotice) -> date | None:
    if row.at_once or row.lifted_at:
        return None
    today = since(row) or paris_day(row.created_at)
    rules = late_rules_in(rules_in(row), row.customer, today)
    return stops_on(notice, rules=rules, today=notice.sent_on or today, cause=row.cause)
