"""The keepers of what happens to issued documents by itself; all run as the operator."""

from datetime import date, datetime

from agenda.models import Obligation
from agenda.registry import Again, Kept, Outcome, keeper
from billing.invoicing.actions.report_sales import report_sales
from billing.invoicing.actions.transmit_document import (
    ASK_EVERY,
    may_be_refused,
    promise_statuses,
    send_document,
    take_answers,
)
from billing.invoicing.models import Invoice, Transmission
from billing.invoicing.policy.channels import CHORUS, PLATFORM, SENT, report_period, statuses_id
from billing.invoicing.policy.retention import YEARS
from billing.money.policy.days import paris_day


@keeper("CGI-289", kind="dispatch", where="operator")
def keep_transmission(obligation: Obligation, *, now: datetime) -> Outcome:
    """Send a document where its recipient is."""
    way = send_document(invoice_id=obligation.subject_id, now=now)
    return Kept(channel=way.channel, reference=way.reference)


@keeper("CGI-289", kind="answer", where="operator")
def keep_platform_status(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the platform what became of a document until it says; its silence makes this promise late."""
    way = Transmission.objects.get(invoice_id=obligation.subject_id)
    taken = take_answers(channel=way.channel, now=now)
    way.refresh_from_db()
    return Again(now + ASK_EVERY) if way.state == SENT else Kept(state=way.state, taken=taken)


@keeper("CGI-289", kind="statuses", where="operator")
def keep_statuses_read(obligation: Obligation, *, now: datetime) -> Outcome:
    """Read what a channel says, again and again, until nothing on its way there can be refused any more."""
    channel = next(each for each in (CHORUS, PLATFORM) if statuses_id(each) == obligation.subject_id)
    taken = take_answers(channel=channel, now=now)
    goes_on = may_be_refused(channel)
    if goes_on:
        promise_statuses(channel, now=now, after=obligation.pk)
    return Kept(channel=channel, taken=taken, goes_on=goes_on)


@keeper("CGI-290", kind="report", where="operator")
def keep_sales_report(obligation: Obligation, *, now: datetime) -> Outcome:
    """Report the sales of a period that no platform carries."""
    period = report_period(date.fromisoformat(obligation.occurrence))
    made = report_sales(starts_on=period.starts_on, ends_on=period.ends_on, now=now)
    return Kept(report=str(made.pk), rows=len(made.rows), sha256=made.sha256)


@keeper("CCOM-L123-22", kind="year", where="operator")
def keep_archive(obligation: Obligation, *, now: datetime) -> Outcome:
    """Say how many documents of a financial year were kept for their ten years.

    To destroy them is a person's act.
    """
    year = paris_day(obligation.run_at).year - YEARS - 1
    return Kept(year=year, documents=Invoice.objects.filter(issued_on__year=year).count())
