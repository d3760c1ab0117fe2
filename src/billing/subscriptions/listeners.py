"""What subscriptions answer."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Subquery

from audit.policy.actor import Actor
from billing.catalogue.models import Product
from billing.collections.models import RegisteredLetter, Suspension
from billing.collections.queries.suspensions import Concerned
from billing.invoicing.models import Invoice
from billing.invoicing.policy.pauses import Pause
from billing.money.policy.days import paris_day
from billing.orders.actions.mark_order_ready import is_paid
from billing.orders.models import Order
from billing.registry import answers, listens
from billing.subscriptions.actions.apply_paid_renewals import (
    apply_paid_renewals,
    undo_credited_renewals,
    undo_unpaid_renewal,
)
from billing.subscriptions.actions.end_subscription import make_due_at_once, was_terminated
from billing.subscriptions.actions.undo_termination import (
    undo_unfounded_breach,
    undo_unfounded_terminations,
)
from billing.subscriptions.policy.periods import ServicePeriod
from billing.subscriptions.queries.pauses import due_after_events, pauses_by_invoice, payment_suspended
from billing.subscriptions.queries.periods import service_periods_of
from billing.subscriptions.queries.subscriptions import (
    bound_since,
    orders_running,
    paid_by,
    products_running,
    running_on,
)
from billing.subscriptions.queries.suspended import tenants_ended_as_suspended
from tenants.models import Customer
from tenants.registry import terms_source


@answers("running_products")
def which_products_run(customer: Customer) -> frozenset[object]:
    """Return the products a customer has running subscriptions of."""
    return products_running(customer)


@answers("service_periods")
def which_periods_are_paid(order: Order, *, opens_on: date | None) -> dict[int, ServicePeriod]:
    """Return the period each line of an order pays for, by position."""
    return service_periods_of(order, opens_on=opens_on)


@answers("running_orders")
def which_orders_run(product: Product) -> set[UUID]:
    """Return the orders by which what runs of a product, or as its option, was bought."""
    return orders_running(product)


@answers("concerned_by")
def whom_an_invoice_concerns(invoice: Invoice) -> list[Concerned]:
    """Return the tenants that run on an invoice."""
    return running_on(invoice)


@answers("pauses_by_invoice")
def what_suspends_payments(invoices: Collection[UUID] | None) -> dict[UUID, list[Pause]]:
    """Return the days on which events suspend what invoices ask."""
    return pauses_by_invoice(invoices)


@answers("payment_suspended")
def when_a_payment_is_suspended(today: date, *, order: str = "order_id") -> Exists:
    """Return the condition that an event suspends the payment of what `order` names the order of."""
    return payment_suspended(today, order=order)


@answers("due_after_events")
def when_a_payment_is_due_again(*, order: str, due: str) -> Subquery:
    """Return the first day after the events a due day fell into, NULL where it fell into none."""
    return due_after_events(order=order, due=due)


@listens("debt_moved")
def what_ended_for_nothing_runs_on(*, customer_id: UUID, now: datetime) -> None:
    """Take back a termination whose debt had been paid, or was not due, by then, remedied since or not."""
    for tenant_id in tenants_ended_as_suspended(customer_id):
        undo_unfounded_terminations(tenant_id=tenant_id, customer_id=customer_id, by=None, now=now)


@listens("suspension_message_lost")
def what_ended_on_its_strength_runs_on(*, suspension: Suspension, by: Actor, now: datetime) -> None:
    """Take back a termination that stood on a message nobody got."""
    undo_unfounded_terminations(
        tenant_id=suspension.tenant_id, customer_id=suspension.customer_id, by=by, now=now
    )


@listens("breach_letter_followed")
def what_ended_before_it_might_runs_on(*, letter: RegisteredLetter, by: Actor, now: datetime) -> None:
    """Take back a termination that the letter, as it is known now, did not allow."""
    if letter.subscription_id is not None:
        undo_unfounded_breach(subscription_id=letter.subscription_id, by=by, now=now)


@listens("invoice_paid")
def what_it_renews_goes_on(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Agree anew to the renewal of an order that stayed open while its money was away."""
    order = Order.objects.filter(invoices=invoice, state=Order.State.FULFILLED).first()
    if order is not None and is_paid(order):
        apply_paid_renewals(order=order, now=now)


@listens("document_issued")
def what_is_credited_renews_nothing(*, document: Invoice, now: datetime) -> None:
    """Take back the renewal of what a credit note takes back in full."""
    if document.corrects is not None:
        undo_credited_renewals(invoice=document.corrects, now=now)


@listens("invoice_unpaid_again")
def what_it_renewed_waits(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Take back the renewal that the money of the invoice had agreed."""
    undo_unpaid_renewal(invoice=invoice, now=now)


@listens("invoice_unpaid_again")
def what_ended_asks_it_at_once(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Make what is unpaid again due at once where what it pays for was terminated meanwhile (LG-S20.3e)."""
    for subscription in paid_by(invoice).exclude(ended_on=None):
        if was_terminated(subscription):
            make_due_at_once(subscription=subscription, on=paris_day(now), now=now)


terms_source(bound_since)
