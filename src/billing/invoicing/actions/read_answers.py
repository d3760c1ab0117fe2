"""What platforms said that could not be followed: a clerk looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.invoicing.gateways.channels import PlatformStatus, gateway
from billing.invoicing.models import Transmission
from billing.invoicing.policy.channels import (
    CHORUS,
    PLATFORM,
    RECEIVED,
    REFUSED,
    SENT,
    AnswerReading,
    is_late,
    is_readable,
    reading_of,
    said_in_order,
    shown_name,
)


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer that waits for somebody: of which document, and why it was not followed."""

    channel: str
    name: str
    why: str
    state: str = ""
    at: datetime | None = None
    reason: str = ""
    way: Transmission | None = None


def answers_in_time(channel: str, *, now: datetime) -> tuple[list[PlatformStatus], list[str]]:
    """Return a channel's answers in the order in which they were given, whatever their files are called, and
    the names of those that can't be read.
    """
    known = gateway(channel)
    found: list[PlatformStatus] = []
    unreadable = list(getattr(known, "unreadable", list)())
    for each in known.answers():
        if is_readable(each.number, each.state, each.reason, at=each.at, now=now):
            found.append(each)
        else:
            unreadable.append(each.name or each.number)
    in_order = sorted(found, key=lambda each: said_in_order(each.state, each.at))
    return in_order, [shown_name(name) for name in unreadable]


def read(answer: PlatformStatus, *, channel: str) -> tuple[Transmission | None, AnswerReading]:
    """Return the way an answer is about, and what is to be done with it."""
    rows = Transmission.objects.filter(invoice__number=answer.number, channel=channel)
    way = rows.select_related("invoice").first()
    if way is None:
        return None, reading_of(answer.state, reason=answer.reason, way_state=None, is_known=False)
    last = way.events.filter(state__in=(RECEIVED, REFUSED)).order_by("-at").first()
    return way, reading_of(
        answer.state,
        reason=answer.reason,
        way_state=way.state,
        is_known=_is_known(answer, way),
        is_late=last is not None and is_late(answer.state, answer.at, last_at=last.at),
    )


def _is_known(answer: PlatformStatus, way: Transmission) -> bool:
    """Return whether an answer was noted: itself, or by hand before the document was sent again."""
    if way.events.filter(state=answer.state, at=answer.at).exists():
        return True
    sent = way.events.filter(state=SENT).order_by("-at").first()
    if sent is None or not is_late(answer.state, answer.at, last_at=sent.at):
        return False
    return way.events.filter(state=answer.state, at__lt=sent.at).exists()


def open_answers(*, now: datetime) -> list[OpenAnswer]:
    """Return the answers nobody could follow, by channel: unreadable, unknown, or out of order."""
    found = []
    for channel in (CHORUS, PLATFORM):
        answers, unreadable = answers_in_time(channel, now=now)
        found += [OpenAnswer(channel, name, "unreadable") for name in unreadable]
        for answer in answers:
            way, reading = read(answer, channel=channel)
            if reading not in {AnswerReading.FOLLOW, AnswerReading.NOTHING}:
                found.append(
                    OpenAnswer(
                        channel, answer.number, str(reading), answer.state, answer.at, answer.reason, way
                    )
                )
    return found
