"""Take back the word that a saved method may be charged; the provider forgets it too."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.payments.gateways.stripe_saved import detach
from billing.payments.models import SavedMethod
from contracts.policy.clauses import keeps

FORGOTTEN_WITHIN = timedelta(hours=24)


class RevokedAlready(Exception):
    """Raised when the method is charged no more already."""


@transaction.atomic
@keeps("LG-S6.2k")
def revoke_method(*, method_id: UUID, by: Actor, now: datetime) -> SavedMethod:
    """Return the method, charged no more from now on; its removal at the provider is promised.

    Raises RevokedAlready.
    """
    method = SavedMethod.objects.select_for_update(of=("self",)).get(pk=method_id)
    if method.revoked_at is not None:
        raise RevokedAlready(method_id)
    retire(method, by=by, now=now)
    return method


def retire(method: SavedMethod, *, by: Actor | None, now: datetime) -> None:
    """Stop charging a method that the caller locked, and promise that the provider forgets it."""
    method.mark_revoked(at=now)
    log_action("method.revoked", by=by, on=method.customer_id, at=now, facts={"kind": method.kind})
    open_obligation(
        "LG-S6.2k", kind="detach", subject=method.id, due_at=now + FORGOTTEN_WITHIN, run_at=now, now=now
    )
    wake_worker()


@transaction.atomic
def detach_method(*, method_id: UUID, now: datetime) -> SavedMethod:
    """Return a revoked method that the provider has forgotten; asked twice it is forgotten once.

    Raises NotConfigured, Unreachable.
    """
    method = SavedMethod.objects.select_for_update(of=("self",)).get(pk=method_id)
    if method.revoked_at is not None and method.detached_at is None:
        detach(method.provider_method_id)
        method.mark_detached(at=now)
    return method
