"""How a subscription may go on by express agreement today: at which price, from when, paid how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.models import Order, OrderSite, Product, Subscription, Termination
from billing.policy.again import REACTIVATION, RENEWAL, can_reactivate, can_renew
from billing.policy.methods import Offer, methods_for
from billing.policy.prices import NotOnTheList
from billing.policy.renewal import next_term
from billing.policy.terms import months_later
from billing.queries.catalogue import asked_for
from billing.queries.subscriptions import profile_of, told_for
from tenants.models import Contract, Tenant


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What a client may agree to: a renewal or a reactivation, with its price, its period and how it may be paid."""

    kind: str
    quantity: int
    unit_net_cents: int
    starts_on: date
    ends_on: date
    is_quoted: bool

    def methods(self, product: Product, quantity: int, currency: str) -> list[str]:
        """Return how so many may be paid."""
        offers = {product.key: Offer(product.methods, product.cheque_minimum)}
        return sorted(methods_for({product.key: quantity}, offers, currency=currency))


def going_on(subscription: Subscription, *, today: date) -> GoingOn | None:
    """Return how a subscription may go on today, None when it can't or does already. Clauses: LG-S14.2f, LG-S21.2"""
    term, is_alive = subscription.term, subscription.ended_on is None
    is_quoted = subscription.order.version_id is not None
    word = Termination.objects.filter(subscription=subscription).exists()
    announced = subscription.notices.filter(renews_on=term.ends_on, bounced_on=None).exists()
    agreed = subscription.renewal_order_id is not None or _is_ordered(subscription)
    if can_renew(renews=subscription.renews, is_alive=is_alive and not word, is_agreed=agreed, was_announced=announced):
        after = next_term(term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months)
        price = told_for(subscription, term).unit_net_cents
        return GoingOn(RENEWAL, subscription.next_quantity, price, after.starts_on, after.ends_on, is_quoted)
    kept = profile_of(subscription.contract).kept_after_end_days
    if not can_reactivate(
        subscription.ended_on, kept_days=kept, today=today, runs_elsewise=agreed or _runs(subscription)
    ):
        return None
    list_cents = _list_price(subscription, today)
    if list_cents is None:
        return None
    ends_on = months_later(today, subscription.term_months)
    return GoingOn(REACTIVATION, term.quantity, list_cents, today, ends_on, is_quoted)


def _list_price(subscription: Subscription, today: date) -> int | None:
    """Return the list price of today for as many as before, promotions left out; None when it isn't sold any more."""
    term, product = subscription.term, subscription.product
    if not Product.objects.on_sale(today).filter(pk=product.pk).exists():
        return None
    try:
        asked = asked_for(product, on=today, currency=term.currency, quantity=term.quantity,
                          term_months=subscription.term_months)  # fmt: skip
    except NotOnTheList:
        return None
    return asked.list_cents


def _runs(subscription: Subscription) -> bool:
    """Return whether the tenant runs on something else, or is gone."""
    tenant = subscription.contract.tenant
    if tenant is None or tenant.state not in {Tenant.State.ENDED, Tenant.State.OPEN, Tenant.State.SUSPENDED}:
        return True
    return tenant.contracts.filter(
        state=Contract.State.RUNNING,
        profile_key=subscription.contract.profile_key,
        customer_id=subscription.customer_id,
    ).exists()


def _is_ordered(subscription: Subscription) -> bool:
    """Return whether an order to go on waits for its money, or for its opening."""
    waiting = (Order.State.WAITING, Order.State.FUNDED)
    rows = OrderSite.objects.filter(
        tenant_id=subscription.contract.tenant_id, order__state__in=waiting, order__customer_id=subscription.customer_id,
        order__lines__product=subscription.product_id, order__lines__licences_after=None,
    )  # fmt: skip
    return rows.exclude(order=subscription.order_id).exists()
