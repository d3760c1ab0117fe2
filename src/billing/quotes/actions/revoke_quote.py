"""Withdraw a quote that was not signed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.orders.policy.orders import binds
from billing.quotes.models import QuoteVersion
from billing.quotes.policy.states import QUOTE_VERSION
from contracts.policy.clauses import keeps


class NotWaiting(Exception):
    """Raised when the version was signed, replaced or closed already."""


@transaction.atomic
@keeps("MC-0")
def revoke_quote(*, version_id: UUID, by: Actor, now: datetime) -> QuoteVersion:
    """Return the version, withdrawn: it can't be signed any more, a new version can still be made of it.

    A signed one is the contract and can't be taken back. Raises NotWaiting.
    """
    version = QuoteVersion.objects.select_for_update().get(pk=version_id)
    if binds(version.state) or not QUOTE_VERSION.allows("revoke", version.state):
        raise NotWaiting(version.state)
    version.move("revoke")
    close_obligation(
        "LG-S6.1", kind="quote-validity", subject=version.id, now=now, evidence={"withdrawn": True}
    )
    log_action("quote.withdrawn", by=by, on=version.quote_id, at=now, facts={"number": str(version)})
    return version
