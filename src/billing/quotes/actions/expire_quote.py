"""Close a quote whose validity has ended."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from billing.quotes.models import QuoteVersion
from billing.quotes.policy.states import QUOTE_VERSION
from contracts.policy.clauses import keeps


@keeps("LG-S6.1")
def expire_quote(*, version_id: UUID, now: datetime) -> bool:
    """Return whether the version was still waiting and is now closed: past its date it needs a new
    version.
    """
    version = QuoteVersion.objects.select_for_update().select_related("quote").get(pk=version_id)
    if not QUOTE_VERSION.allows("expire", version.state):
        return False
    version.move("expire")
    log_action("quote.expired", by=None, on=version.quote_id, at=now, facts={"number": version.label})
    return True
