"""Send an issued document where its recipient is, and keep what becomes of it there."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DataError, transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from agenda.models import Obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.finalize_invoice import EINVOICE, SENT_WITHIN
from billing.invoicing.actions.read_answers import answers_in_time, read
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.gateways.channels import InvoiceFiles, PlatformStatus, gateway
from billing.invoicing.models import Invoice, Transmission
from billing.invoicing.policy.channels import (
    ANSWERS,
    PAID,
    REFUSED,
    TRANSMISSION,
    AnswerReading,
    statuses_id,
)

logger = logging.getLogger(__name__)

ASK_EVERY = timedelta(hours=6)

ANSWERED_WITHIN = timedelta(days=7)

READ_WITHIN = timedelta(days=1)


class ReasonNeeded(Exception):
    """Raised when a refusal is recorded without its reason."""


@transaction.atomic
def send_document(*, invoice_id: UUID, now: datetime) -> Transmission:
    """Return the way of a document after it was handed to its channel; what left before stays as it is.

    The file written and not recorded, because the machine stopped between, is written again under the same
    name.
    """
    way = (
        Transmission.objects.select_for_update(of=("self",))
        .select_related("invoice")
        .get(invoice_id=invoice_id)
    )
    if not TRANSMISSION.allows("send", way.state):
        return way
    invoice = way.invoice
    xml = invoice_ubl(invoice) if way.channel in settings.EINVOICE_UBL else invoice_xml(invoice)
    assert xml is not None, "a document that is sent was issued with its XML"
    reference = gateway(way.channel).send(InvoiceFiles(invoice.number, invoice_pdf(invoice), xml))
    way.move("send", at=now, reference=reference)
    if gateway(way.channel).supports_statuses:
        open_obligation(
            EINVOICE,
            kind="answer",
            subject=invoice.pk,
            occurrence=str(way.events.count()),
            run_at=now + ASK_EVERY,
            due_at=now + ANSWERED_WITHIN,
            now=now,
        )
        promise_statuses(way.channel, now=now)
    log_action(
        "invoice.sent", by=None, on=invoice, at=now, facts={"number": invoice.number, "channel": way.channel}
    )
    return way


@transaction.atomic
def note_answer(
    *, invoice_id: UUID, state: str, at: datetime, reason: str = "", by: Actor | None, now: datetime
) -> Transmission:
    """Return the way of a document with what the other side said kept.

    Received, refused with its reason, or paid.

    The same answer twice is kept once. Raises WrongMove, ReasonNeeded.
    """
    way = Transmission.objects.select_for_update().get(invoice_id=invoice_id)
    if way.state == state:
        return way
    act = ANSWERS[state]
    TRANSMISSION.after(act, way.state)
    if state == REFUSED and not reason.strip():
        raise ReasonNeeded
    way.move(act, at=at, reason=reason.strip())
    log_action(
        f"invoice.{state}",
        by=by,
        on=invoice_id,
        at=now,
        facts={"channel": way.channel},
        personal={"reason": reason},
    )
    return way


@transaction.atomic
def send_again(*, invoice_id: UUID, by: Actor, now: datetime) -> Transmission:
    """Return the way of a refused document, promised to be sent once more.

    Raises WrongMove when it wasn't refused.
    """
    way = Transmission.objects.select_for_update().get(invoice_id=invoice_id)
    TRANSMISSION.after("send_again", way.state)
    tries = way.events.count()
    open_obligation(
        EINVOICE,
        kind="dispatch",
        subject=invoice_id,
        occurrence=f"again {tries}",
        due_at=now + SENT_WITHIN,
        run_at=now,
        now=now,
    )
    log_action("invoice.sent_again", by=by, on=invoice_id, at=now, facts={"channel": way.channel})
    wake_worker()
    return way


def take_answers(*, channel: str, now: datetime) -> int:
    """Return how many answers of a channel were new, the oldest first: each to its document's last state.

    One that can't be followed is left for a person, who sees it among the answers to look at.
    """
    answers, _unreadable = answers_in_time(channel, now=now)
    return sum(_take_or_leave(answer, channel, now) for answer in answers)


def _take_or_leave(answer: PlatformStatus, channel: str, now: datetime) -> bool:
    """Return whether an answer was new; one that can't be taken keeps none of the others back."""
    try:
        with transaction.atomic():
            return _take(answer, channel, now)
    except (ReasonNeeded, DataError, ValueError):  # a WrongMove is a ValueError
        logger.exception("an answer of %s can't be taken", channel)
        return False


def _take(answer: PlatformStatus, channel: str, now: datetime) -> bool:
    way, reading = read(answer, channel=channel)
    if way is None or reading != AnswerReading.FOLLOW:
        return False
    note_answer(
        invoice_id=way.invoice_id, state=answer.state, at=answer.at, reason=answer.reason, by=None, now=now
    )
    return True


def promise_statuses(channel: str, *, now: datetime, after: UUID | None = None) -> None:
    """Promise to read the answers of a channel while a document on its way there may still be refused.

    Once at a time: `after` is the promise that is being kept.
    """
    subject = statuses_id(channel)
    waiting = Obligation.objects.waiting().filter(clause=EINVOICE, kind="statuses", subject_id=subject)
    if (waiting.exclude(pk=after) if after else waiting).exists():
        return
    open_obligation(
        EINVOICE,
        kind="statuses",
        subject=subject,
        occurrence=now.isoformat(),
        run_at=now + ASK_EVERY,
        due_at=now + READ_WITHIN,
        now=now,
    )


def may_be_refused(channel: str) -> bool:
    """Return whether a document of a channel is neither refused nor paid yet."""
    on_the_way = TRANSMISSION.acts["refuse"][0]
    return Transmission.objects.filter(channel=channel, state__in=on_the_way).exists()


def note_paid(*, invoice: Invoice, now: datetime) -> None:
    """Tell the channel's way of an invoice that it is paid in full.

    A document that never left has nothing to tell.
    """
    way = Transmission.objects.filter(invoice=invoice, state__in=TRANSMISSION.acts["pay"][0]).first()
    if way is not None:
        note_answer(invoice_id=invoice.pk, state=PAID, at=now, by=None, now=now)


def note_unpaid(*, invoice: Invoice, now: datetime) -> None:
    """Take the word "paid" back from an invoice's way once its money left again; what comes of it is read
    again.
    """
    way = Transmission.objects.select_for_update().filter(invoice=invoice, state=PAID).first()
    if way is None:
        return
    way.move("unpay", at=now)
    log_action("invoice.unpaid_again", by=None, on=invoice.pk, at=now, facts={"channel": way.channel})
    if gateway(way.channel).supports_statuses:
        promise_statuses(way.channel, now=now)
