"""What keeps a client from ordering: a dispute, or something overdue."""

from datetime import date
from uuid import UUID

from billing.collections.models import Dispute
from billing.collections.policy.suspension import blocks_orders
from billing.collections.queries.overdue import overdue_cents
from contracts.policy.clauses import keeps


class DisputeOpen(Exception):
    """Raised when an earlier payment is contested: no new order meanwhile (LG-S5.2x)."""


class OverdueOpen(Exception):
    """Raised when something is overdue: no new order until it is paid (LG-S6.3x)."""


@keeps("LG-S5.2x", "LG-S6.3x")
def check_payments(customer_id: UUID, today: date) -> None:
    """Raise OverdueOpen or DisputeOpen while a client can't order anything new."""
    overdue = overdue_cents(customer_id, today)
    disputed = Dispute.objects.active().about_payment_by(customer_id).exists()
    match blocks_orders([overdue], is_disputed=disputed):
        case "overdue":
            raise OverdueOpen
        case "disputed":
            raise DisputeOpen
