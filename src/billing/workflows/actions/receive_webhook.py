"""Take a message of the payment provider: once, quickly, and look into it right after."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from billing.invoicing.models import Invoice
from billing.orders.actions.follow_setup import follow_setup
from billing.orders.models import Order
from billing.payments.gateways.stripe_checkout import Message, names_of
from billing.payments.models import Checkout, MethodSetup, SavedMethod, WebhookEvent
from billing.workflows.actions.follow_checkout import follow_checkout
from contracts.policy.clauses import keeps

LOOKED_INTO_WITHIN = timedelta(minutes=10)


@transaction.atomic
@keeps("LG-S6.2k")
def receive_webhook(*, message: Message, now: datetime) -> bool:
    """Return whether the message is new. Only its names are kept; what it is about is asked for again.

    Killed after this commit, the agenda looks into it all the same.
    """
    row = WebhookEvent(
        id=uuid4(),
        event_id=message.event_id,
        kind=message.kind[:80],
        session_id=message.session_id[:120],
        intent_id=message.intent_id[:80],
        received_at=now,
        handled_at=None if message.session_id or message.intent_id else now,  # about nothing of ours
    )
    WebhookEvent.objects.bulk_create([row], ignore_conflicts=True)
    if not WebhookEvent.objects.filter(pk=row.pk).exists():
        return False
    if message.session_id or message.intent_id:
        due_at = now + LOOKED_INTO_WITHIN
        open_obligation("LG-S6.2k", kind="provider-event", subject=row.id, due_at=due_at, run_at=now, now=now)
        wake_worker()
    return True


@transaction.atomic
def process_webhook(*, event_id: UUID, now: datetime, today: date) -> bool:
    """Return whether a message was about something of ours.

    What it pays or saves is brought up to date then.
    """
    event = WebhookEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    setup = setup_of(event)
    checkout = None if setup else checkout_of(event)
    if setup is not None:
        follow_setup(setup_id=setup.id, now=now)
    if checkout is not None:
        follow_checkout(checkout_id=checkout.id, now=now, today=today)
    event.mark_handled(at=now, about=setup or checkout)
    return bool(setup or checkout)


def setup_of(event: WebhookEvent) -> MethodSetup | None:
    """Return the visit a message is about, found by its page or the name we gave it; None.

    It is no visit of ours.
    """
    if event.session_id and (found := MethodSetup.objects.filter(session_id=event.session_id).first()):
        return found
    if not event.intent_id.startswith("seti_"):
        return None
    return MethodSetup.objects.filter(pk__in=_uuids(names_of(event.intent_id).get("setup"))).first()


def checkout_of(event: WebhookEvent) -> Checkout | None:
    """Return the attempt a message is about, found by its page, its intent or the names we gave it; None.

    Not ours.

    One that we began and lost (the provider heard us, our commit failed) is written down again.
    """
    if event.session_id and (found := Checkout.objects.filter(session_id=event.session_id).first()):
        return found
    if not event.intent_id.startswith("pi_"):
        return None
    return Checkout.objects.filter(intent_id=event.intent_id).first() or _by_name(event)


def _by_name(event: WebhookEvent) -> Checkout | None:
    names = names_of(event.intent_id)
    key = next(iter(_uuids(names.get("checkout"))), None)
    invoice = Invoice.objects.filter(pk__in=_uuids(names.get("invoice"))).first()
    order = Order.objects.filter(pk__in=_uuids(names.get("order"))).first()
    about = invoice or order
    if about is None or key is None or about.gross_cents <= 0:
        return None
    lost = {
        "intent_id": event.intent_id,
        "amount_cents": about.gross_cents,
        "currency": about.currency,
        "method": SavedMethod.objects.filter(pk__in=_uuids(names.get("method"))).first(),
    }
    found, _ = Checkout.objects.get_or_create(
        pk=key, defaults={"invoice": invoice, "order": order, "started_at": event.received_at, **lost}
    )
    return found


def _uuids(text: str | None) -> list[UUID]:
    """Return the name a text holds, none if it holds no name."""
    try:
        return [UUID(text or "")]
    except ValueError:
        return []
