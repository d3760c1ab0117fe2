"""Keep why an order was not taken, and tell the client."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from agenda.models import OutboxMessage
from audit.actions import log_action
from billing.orders.actions.place_order import Refused
from billing.orders.models import Cart, Refusal
from contracts.policy.clauses import keeps

NOTIFY_WITHIN = timedelta(hours=1)


@transaction.atomic
@keeps("LG-S5.1r")
def refuse_cart(*, cart: Cart, refused: Refused, now: datetime, today: date) -> list[Refusal]:
    """Return the refusals of a cart, each kept once a day with its reason.

    The mail that tells it is in the outbox.

    A client we know is written to at the address we know, whatever was typed.
    """
    contact = refused.contact
    typed = cart.details.get("email", "")
    kept = []
    for reason in refused.reasons:
        refusal, made = Refusal.objects.get_or_create(
            cart=cart,
            reason=reason,
            refused_on=today,
            defaults={
                "contact": contact,
                "email": "" if contact else typed,
                "refused_at": now,
                "language": contact.language if contact else cart.language,
            },
        )
        if made:
            facts = {"reason": reason, "customer": str(contact.customer_id) if contact else ""}
            log_action("order.refused", by=None, on=cart, at=now, facts=facts)
            tell_refusal(refusal, now=now)
        kept.append(refusal)
    return kept


def tell_refusal(refusal: Refusal, *, now: datetime) -> None:
    """Leave the mail that tells a refusal, at most one a day for the same reason to the same client."""
    whose = refusal.contact_id or refusal.cart_id or refusal.order_id
    key = f"order-refused:{whose}:{refusal.reason}:{refusal.order_id or refusal.refused_on}"
    enqueue_message("billing/order_refused", ids={"refusal": refusal.pk}, now=now, key=key)
    open_obligation(
        "LG-S5.1r",
        kind="told",
        subject=refusal.pk,
        due_at=now + NOTIFY_WITHIN,
        run_at=now,
        now=now,
        occurrence=key[-40:],
    )
    wake_worker()


def note_refusal_told(*, refusal_id: UUID, now: datetime) -> datetime | None:
    """Return when a refusal was told by mail, kept with it; None while its mail waits."""
    refusal = Refusal.objects.select_for_update(of=("self",)).get(pk=refusal_id)
    sent = OutboxMessage.objects.filter(
        template="billing/order_refused", ids__refusal=str(refusal.pk)
    ).first()
    if sent is None:  # told the same day for another cart
        refusal.notified_at = now
    elif sent.sent_at is None:
        return None
    else:
        refusal.notified_at = sent.sent_at
    refusal.save(update_fields=["notified_at"])
    return refusal.notified_at
