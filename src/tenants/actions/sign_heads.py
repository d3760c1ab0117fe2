"""Sign the head of every audit trail: the operator's and each tenant's."""

import logging
from datetime import datetime

from audit.actions import anchor_head
from audit.actions.anchor import Departs
from audit.policy.note import BadNote
from contracts.policy.clauses import keeps
from isolation.context import inside, inside_operator
from tenants.models import Tenant

log = logging.getLogger(__name__)


@keeps("LG-DCl")
def sign_heads(*, now: datetime, restored: str = "") -> int:
    """Return how many heads were signed and kept outside the database.

    A trail that isn't the one signed before is left as it is and said in the log; it keeps none of the others
    back. After a backup was `restored`, in these words, it goes on and says so.
    """
    with inside_operator():
        tenants = list(Tenant.objects.exclude(state__in=("opening", "erased")).order_by("slug"))
    return sum(_signed(place, now, restored) for place in [None, *tenants])


def _signed(tenant: Tenant | None, now: datetime, restored: str) -> bool:
    try:
        with inside(tenant) if tenant is not None else inside_operator():
            return anchor_head(now=now, restored=restored)
    except (Departs, BadNote) as why:
        whose = tenant.pk if tenant is not None else "the operator"
        log.error("the audit trail of %s isn't the one signed before: %s", whose, why)
        return False
