"""Promise to count what is served of what was invoiced, when the month ends."""

from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from agenda.actions import open_obligation
from billing.invoicing.models import Invoice
from billing.money.policy.calendar_months import add_months
from billing.money.policy.days import within_day
from billing.money.policy.periods import month_of

RECOGNITION = "CCOM-L123-21"  # French commercial code: revenue is what has been earned when the books close

WAITING = ("product", "discount")


def plan_recognition(document: Invoice, *, now: datetime) -> None:
    """Promise the end of a document's month, if something of it may be served later."""
    if document.lines.filter(kind__in=WAITING).exists():
        promise_month(month_of(document.issued_on), now=now)


def promise_month(month: date, *, now: datetime) -> None:
    """Promise the first day after a month: what it served is written then."""
    after = add_months(month, 1)
    open_obligation(
        RECOGNITION,
        kind="recognition",
        subject=month_id(month),
        occurrence=str(month),
        now=now,
        **within_day(after, now=now),
    )


def month_id(month: date) -> UUID:
    """Return the id under which a month's revenue is promised to be counted."""
    return uuid5(NAMESPACE_URL, f"preau:revenue:{month:%Y-%m}")
