"""Send an issued document where its recipient is, and keep what becomes of it there."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.finalize_invoice import EINVOICE, SENT_WITHIN
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.gateways.channels import InvoiceFiles, PlatformStatus, gateway
from billing.invoicing.models import Invoice, Transmission
from billing.invoicing.policy.channels import ANSWERS, PAID, REFUSED, TRANSMISSION

ASK_EVERY = timedelta(hours=6)

ANSWERED_WITHIN = timedelta(days=7)


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
    """Return how many answers of a channel were new; one that can't follow is left alone."""
    return sum(_take(answer, channel, now) for answer in gateway(channel).answers())


def _take(answer: PlatformStatus, channel: str, now: datetime) -> bool:
    way = Transmission.objects.filter(invoice__number=answer.number, channel=channel).first()
    if (
        way is None
        or answer.state not in ANSWERS
        or way.events.filter(state=answer.state, at=answer.at).exists()
    ):
        return False
    if way.state == answer.state or (answer.state == REFUSED and not answer.reason):
        return False
    if not TRANSMISSION.allows(ANSWERS[answer.state], way.state):
        return False
    note_answer(
        invoice_id=way.invoice_id, state=answer.state, at=answer.at, reason=answer.reason, by=None, now=now
    )
    return True


def note_paid(*, invoice: Invoice, now: datetime) -> None:
    """Tell the channel's way of an invoice that it is paid in full.

    A document that never left has nothing to tell.
    """
    way = Transmission.objects.filter(invoice=invoice, state__in=TRANSMISSION.acts["pay"][0]).first()
    if way is not None:
        note_answer(invoice_id=invoice.pk, state=PAID, at=now, by=None, now=now)
