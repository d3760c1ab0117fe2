"""Which way a document goes: Chorus Pro, an accredited platform, or a line in the report of its period."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from billing.customers.policy.completeness import FRENCH
from billing.money.policy.days import PARIS, paris_day
from contracts.policy.transitions import Transitions

CHORUS = "chorus"

PLATFORM = "platform"

REPORT = "report"

WAITING = "waiting"

SENT = "sent"

RECEIVED = "received"

REFUSED = "refused"

PAID = "paid"

# What happens to an issued document on its way; the document itself never changes.
TRANSMISSION = Transitions(
    {
        "send": ({WAITING, REFUSED}, SENT),
        "send_again": ({REFUSED}, SENT),
        "receive": ({SENT}, RECEIVED),
        "refuse": ({SENT, RECEIVED}, REFUSED),
        "pay": ({SENT, RECEIVED}, PAID),
        "unpay": ({PAID}, RECEIVED),
    }
)

ANSWERS = {RECEIVED: "receive", REFUSED: "refuse", PAID: "pay"}

REPORT_DAYS = 10

FIRST_ANSWER_AT = datetime(2000, 1, 1, tzinfo=UTC)

CLOCKS_APART = timedelta(days=1)


class AnswerReading(StrEnum):
    """What is to be done with an answer of a platform."""

    FOLLOW = "follow"
    NOTHING = "nothing"  # it says nothing new
    UNKNOWN_DOCUMENT = "unknown_document"
    UNKNOWN_STATE = "unknown_state"
    NO_REASON = "no_reason"
    OUT_OF_ORDER = "out_of_order"


def is_readable(*texts: str, at: datetime, now: datetime) -> bool:
    """Return whether an answer can be kept and shown: its texts are whole, its time is of this age.

    A platform's clock may be ahead of ours by a day.
    """
    return FIRST_ANSWER_AT <= at <= now + CLOCKS_APART and all(is_whole(text) for text in texts)


def is_whole(text: str) -> bool:
    """Return whether a text has only signs that can be stored: no NUL, no half of a pair."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def shown_name(name: str) -> str:
    """Return a name that can be shown, whatever signs it has."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")


def said_in_order(state: str, at: datetime) -> tuple[date, bool, datetime, bool]:
    """Return by what answers are put in order: a day's own last word, said without a time, ends the day."""
    is_last = state != RECEIVED
    return paris_day(at), is_last and _is_day(at), at, is_last


def is_late(state: str, at: datetime, *, last_at: datetime) -> bool:
    """Return whether an answer was given before another; a last word dated a day was given by its end."""
    if state != RECEIVED and _is_day(at):
        return paris_day(at) < paris_day(last_at)
    return at < last_at


def _is_day(at: datetime) -> bool:
    """Return whether an instant is a day without a time: midnight, universal or in Paris."""
    return time.min in (at.astimezone(UTC).time(), at.astimezone(PARIS).time())


def reading_of(
    state: str, *, reason: str, way_state: str | None, is_known: bool, is_late: bool = False
) -> AnswerReading:
    """Return what an answer changes of a document whose way stands at `way_state`; None: there is none.

    A refusal counts after the document was received too. One without its reason, one after the document was
    paid, a last word given before what is known already, and what we don't understand wait for a person.
    """
    if way_state is None:
        return AnswerReading.UNKNOWN_DOCUMENT
    if state not in ANSWERS:
        return AnswerReading.UNKNOWN_STATE
    old_news = state == RECEIVED and (is_late or way_state == PAID)
    if is_known or state == way_state or old_news:
        return AnswerReading.NOTHING
    if state == REFUSED and not reason.strip():
        return AnswerReading.NO_REASON
    in_order = not is_late and TRANSMISSION.allows(ANSWERS[state], way_state)
    return AnswerReading.FOLLOW if in_order else AnswerReading.OUT_OF_ORDER


def statuses_id(channel: str) -> UUID:
    """Return the id under which the answers of a channel are promised to be read."""
    return uuid5(NAMESPACE_URL, f"preau:statuses:{channel}")


def channel_of(customer_type: str, *, country: str) -> str:
    """Return the channel of a recipient: public bodies by Chorus Pro, businesses at home by an accredited
    platform.

    Sales to consumers, and to businesses abroad, are reported and not sent: no platform of theirs takes them.
    """
    if country not in FRENCH or customer_type == "consumer":
        return REPORT
    return CHORUS if customer_type == "public_body" else PLATFORM


@dataclass(frozen=True, slots=True)
class Period:
    """Ten days, or what is left of the month after the twentieth; half-open."""

    starts_on: date
    ends_on: date

    @property
    def due_on(self) -> date:
        """Return the last day on which its report is in time, ten days after its end."""
        return self.ends_on + timedelta(days=REPORT_DAYS)


def report_period(day: date) -> Period:
    """Return the period a sale is reported in: 1st to 10th, 11th to 20th, 21st to the end of the month."""
    third = min((day.day - 1) // 10, 2)
    starts_on = day.replace(day=third * 10 + 1)
    last = (
        day.replace(day=monthrange(day.year, day.month)[1])
        if third == 2
        else day.replace(day=third * 10 + 10)
    )
    return Period(starts_on, last + timedelta(days=1))


def period_id(period: Period) -> UUID:
    """Return the id a period's report is promised under."""
    return uuid5(NAMESPACE_URL, f"preau:report:{period.starts_on}")
