"""Make our side of a method left at the provider what the provider says it is; a trial begins with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from billing.orders.actions.mark_order_ready import mark_order_ready
from billing.orders.models import Order
from billing.orders.queries.trial import trial_offered
from billing.payments.actions.revoke_method import retire
from billing.payments.gateways.stripe_checkout import Unreachable
from billing.payments.gateways.stripe_saved import SetupResult, fetch_setup_result
from billing.payments.models import MethodSetup, SavedMethod
from billing.payments.policy.online import SAVED
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.3", "LG-S6.2k")
def follow_setup(*, setup_id: UUID, now: datetime) -> MethodSetup:
    """Return the visit as the provider knows it now.

    Asked again under a lock, so that late news change nothing.

    Raises NotConfigured, Unreachable.
    """
    setup = MethodSetup.objects.select_for_update(of=("self",)).select_related("order").get(pk=setup_id)
    if setup.is_settled:
        return setup
    if setup.session_id is None:
        raise Unreachable("the visit has no page")
    apply_setup_result(setup, fetch_setup_result(setup.session_id), now=now)
    return setup


def apply_setup_result(setup: MethodSetup, left: SetupResult, *, now: datetime) -> None:
    """Bring a visit to what stands at the provider.

    The method is kept, and the order's trial begins, once.
    """
    if setup.is_settled:
        return
    method = _save(setup, left, now) if left.state == SAVED else None
    setup.move(state=left.state, setup_id=left.setup_id, method=method, at=now)
    if method is not None and setup.order_id is not None:
        _begin(setup.order_id, method, now)


def _save(setup: MethodSetup, left: SetupResult, now: datetime) -> SavedMethod:
    """Return the method, the only one the client is charged on from now on."""
    found = SavedMethod.objects.filter(provider_method_id=left.method_id).first()
    if found is not None:
        return found
    for other in SavedMethod.objects.active().filter(customer_id=setup.customer_id):
        retire(other, by=setup.contact, now=now)
    method = SavedMethod.objects.create(
        customer_id=setup.customer_id,
        provider_customer_id=left.customer_id,
        provider_method_id=left.method_id,
        kind=left.kind,
        created_at=now,
    )
    log_action("method.saved", by=setup.contact, on=setup.customer_id, at=now, facts={"kind": method.kind})
    return method


def _begin(order_id: UUID, method: SavedMethod, now: datetime) -> None:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state == Order.State.AWAITING_PAYMENT and trial_offered(order):
        mark_order_ready(order=order, on=None, now=now, verb="order.tried")
    elif order.state == Order.State.CANCELLED and method.revoked_at is None:
        retire(method, by=None, now=now)  # it was left for what is no more
