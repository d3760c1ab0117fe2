"""Tell subscribers that their product goes, or needs more than it did."""

from datetime import datetime

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.catalogue.models import Phaseout, Requirements
from billing.subscriptions.models import Subscription
from contracts.policy.clauses import keeps


def phaseout_key(phaseout: Phaseout, subscription: Subscription) -> str:
    """Return the name under which the notice of a product's end lies in the outbox, once a subscription."""
    return f"phased-out:{phaseout.pk}:{subscription.pk}"


def requirements_key(version: Requirements, subscription: Subscription) -> str:
    """Return the name under which the notice of new requirements lies in the outbox, once a subscription."""
    return f"requirements:{version.pk}:{subscription.pk}"


@keeps("MC-1s")
def tell_subscribers(*, phaseout: Phaseout, now: datetime) -> list[Subscription]:
    """Return the subscriptions of a product whose holders get the notice of its end, each once."""
    running = Subscription.objects.alive().filter(product=phaseout.product_id)
    for subscription in running:
        _tell(phaseout, subscription, now)
    return list(running)


@keeps("MC-1s")
def tell_new_subscriber(*, subscription: Subscription, now: datetime) -> bool:
    """Return whether who bought after its end was announced is told that the product goes, each once."""
    phaseout = Phaseout.objects.filter(product=subscription.product_id).first()
    if phaseout is None:
        return False
    _tell(phaseout, subscription, now)
    wake_worker()
    return True


def _tell(phaseout: Phaseout, subscription: Subscription, now: datetime) -> None:
    enqueue_message(
        "billing/product_phased_out",
        ids={"phaseout": phaseout.id, "subscription": subscription.id},
        now=now,
        key=phaseout_key(phaseout, subscription),
    )


@keeps("LG-S11")
def announce_requirements(*, version: Requirements, now: datetime) -> list[Subscription]:
    """Return the subscriptions of a product whose holders are told of a major change, each once."""
    running = Subscription.objects.alive().filter(product=version.product_id)
    for subscription in running:
        enqueue_message(
            "billing/requirements_changed",
            ids={"version": version.id, "subscription": subscription.id},
            now=now,
            key=requirements_key(version, subscription),
        )
    return list(running)
