"""How a subscription may go on by express agreement today: at which price, from when, paid how."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.catalogue.models import Product
from billing.catalogue.policy.methods import CHEQUE, TRANSFER, Offer, methods_for
from billing.catalogue.policy.prices import NotOnTheList
from billing.catalogue.queries.catalogue import asked_for
from billing.invoicing.queries.balances import open_invoices
from billing.money.policy.calendar_months import add_months
from billing.orders.models import Order, OrderLine
from billing.orders.policy.states import ENDED
from billing.orders.queries.sold import taken_back_positions
from billing.subscriptions.models import Subscription, Termination
from billing.subscriptions.policy.renewal import is_last_term, next_term
from billing.subscriptions.policy.renewals import REACTIVATION, RENEWAL, can_reactivate, can_renew
from billing.subscriptions.queries.subscriptions import (
    access_until_of,
    is_quoted,
    options_told_for,
    profile_of,
    told_for,
)
from contracts.policy.clauses import keeps
from tenants.models import Contract, Tenant
from tenants.queries import contracts_of, workspace_of


@dataclass(frozen=True, slots=True)
class RenewedOption:
    """An option that goes on too unless the client leaves it out.

    How many, at which price of one for a term.
    """

    product: Product
    quantity: int
    unit_net_cents: int


@dataclass(frozen=True, slots=True)
class RenewalOptions:
    """What a client may agree to: a renewal or a reactivation, with its price, its period and how it may be
    paid.
    """

    kind: str
    quantity: int
    unit_net_cents: int
    starts_on: date
    ends_on: date
    is_quoted: bool
    options: tuple[RenewedOption, ...] = ()

    def methods(
        self, product: Product, quantity: int, currency: str, *, without: Container[UUID] = ()
    ) -> list[str]:
        """Return how so many may be paid, with the options that aren't left out."""
        kept = [each for each in self.options if each.product.pk not in without]
        wanted = {product.key: quantity} | {each.product.key: each.quantity for each in kept}
        sold = [product, *(each.product for each in kept)]
        offers = {each.key: Offer(each.methods, each.cheque_minimum) for each in sold}
        return sorted(methods_for(wanted, offers, currency=currency))


@keeps("LG-S6.2", "LG-S14.2n")
def method_told_for(subscription: Subscription, renews_on: date) -> str:
    """Return how a renewal by itself is paid: as its notice said, whatever changed since."""
    told = subscription.notices.told().filter(renews_on=renews_on).order_by("-left_on", "-created_at").first()
    return told.method if told and told.method else method_at_renewal(subscription)


@keeps("LG-S6.2", "LG-S14.2n")
def method_at_renewal(subscription: Subscription) -> str:
    """Return how a renewal is announced to be paid: as before, by transfer where too few are left for a
    cheque.
    """
    if subscription.method != CHEQUE:
        return subscription.method
    sold = {subscription.product: subscription.next_quantity}
    for option in subscription.options.select_related("product"):
        sold[option.product] = option.renewed_quantity
    wanted = {each.key: count for each, count in sold.items() if count}
    offers = {each.key: Offer(each.methods, each.cheque_minimum) for each in sold}
    allowed = methods_for(wanted, offers, currency=subscription.term.currency)
    return TRANSFER if CHEQUE not in allowed and TRANSFER in allowed else CHEQUE


@keeps("LG-S14.2f", "LG-S21.2")
def renewal_options(subscription: Subscription, *, today: date) -> RenewalOptions | None:
    """Return how a subscription may go on today, None when it can't or does already."""
    term = subscription.term
    is_alive = subscription.ended_on is None
    quoted = is_quoted(subscription)
    word = Termination.objects.filter(subscription=subscription).exists()
    announced = subscription.notices.told().filter(renews_on=term.ends_on).exists()
    agreed = subscription.renewal_order_id is not None or _is_ordered(subscription)
    if can_renew(
        renewal=subscription.renewal,
        is_alive=is_alive and not word,
        is_agreed=agreed,
        was_announced=announced,
        is_last=is_last_term(term.ends_on, access_until=access_until_of(subscription.product_id)),
    ):
        after = next_term(
            term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months
        )
        price = told_for(subscription, term).unit_net_cents
        options = tuple(
            RenewedOption(option.product, option.renewed_quantity, cents)
            for option, cents in options_told_for(subscription, term)
        )
        return RenewalOptions(
            RENEWAL, subscription.next_quantity, price, after.starts_on, after.ends_on, quoted, options
        )
    kept = profile_of(subscription.contract).kept_after_end
    if not can_reactivate(
        subscription.ended_on, kept=kept, today=today, runs_elsewise=agreed or _runs(subscription)
    ):
        return None
    list_cents = _list_price(subscription, subscription.product, term.quantity, today)
    if list_cents is None:
        return None
    ends_on = add_months(today, subscription.term_months)
    return RenewalOptions(
        REACTIVATION,
        term.quantity,
        list_cents,
        today,
        ends_on,
        quoted,
        tuple(_options(subscription, today)),
    )


def _options(subscription: Subscription, today: date) -> Iterator[RenewedOption]:
    """Return the options as they were, at today's list price; what isn't sold any more stays behind."""
    for option in subscription.options.select_related("product"):
        cents = (
            _list_price(subscription, option.product, option.renewed_quantity, today)
            if option.renewed_quantity
            else None
        )
        if cents is not None:
            yield RenewedOption(option.product, option.renewed_quantity, cents)


def _list_price(subscription: Subscription, product: Product, quantity: int, today: date) -> int | None:
    """Return the list price of today for as many as before, promotions left out.

    None when it isn't sold any more.
    """
    if not Product.objects.on_sale(today).filter(pk=product.pk).exists():
        return None
    try:
        asked = asked_for(
            product,
            on=today,
            currency=subscription.term.currency,
            quantity=quantity,
            term_months=subscription.term_months,
        )
    except NotOnTheList:
        return None
    return asked.list_cents


def _runs(subscription: Subscription) -> bool:
    """Return whether its tenant, or its circle in a shared one, runs on something else or is gone."""
    place = workspace_of(subscription.contract)
    if place is None or place.state not in {Tenant.State.ENDED, Tenant.State.OPEN, Tenant.State.SUSPENDED}:
        return True
    return (
        contracts_of(place)
        .filter(
            state=Contract.State.RUNNING,
            profile_key=subscription.contract.profile_key,
            customer_id=subscription.customer_id,
        )
        .exists()
    )


def _is_ordered(subscription: Subscription) -> bool:
    """Return whether an order to go on waits for its money, or for its opening."""
    waiting = (Order.State.AWAITING_PAYMENT, Order.State.READY)
    tenant = subscription.contract.tenant
    rows = Order.objects.filter(
        state__in=waiting,
        customer_id=subscription.customer_id,
        lines__product=subscription.product_id,
        lines__licences_after=None,
    ).exclude(pk=subscription.order_id)
    if tenant is not None and not tenant.is_shared:  # a customer has one circle, whatever site they name
        rows = rows.filter(sites__tenant_id=tenant.pk)
    return rows.exists()


@keeps("LG-S14.2f")
def goes_on_already(contract_id: UUID, *, beside: UUID | None = None) -> bool:
    """Return whether a renewal of a contract was agreed to, or one waits for its money: a second one would
    sell the same term twice. `beside` is the quote version that would be it.
    """
    subscription = Subscription.objects.filter(contract=contract_id).first()
    if subscription is None:
        return False
    others = Order.objects.filter(
        state__in=(Order.State.AWAITING_PAYMENT, Order.State.READY),
        lines__contract_id=contract_id,
        lines__licences_after=None,
        lines__product__option_of=None,
    ).exclude(version=beside)
    begun = subscription.terms.values("order")
    waits = others.exclude(pk=subscription.order_id).exclude(pk__in=begun)
    return subscription.renewal_order_id is not None or waits.exists()


def is_renewal_paid(subscription: Subscription) -> bool:
    """Return whether the term agreed to for after this one is paid: on specific terms it may not be."""
    order_id = subscription.renewal_order_id
    return order_id is not None and not open_invoices().filter(order=order_id).exists()


@keeps("LG-S14.2f")
def renewal_taken_back(subscription: Subscription) -> Order | None:
    """Return the order of a next term that was taken back when a fixed term ended, None where there is none.

    Once the end is undone the term ends by itself again, unless its client orders it anew.
    """
    if subscription.renewal != Subscription.Renewal.FIXED or subscription.renewal_order_id is not None:
        return None
    lines = OrderLine.objects.filter(
        contract_id=subscription.contract_id, licences_after=None, product__option_of=None
    )
    lines = lines.exclude(order=subscription.order_id).select_related("order")
    last = lines.order_by("-order__confirmed_at").first()
    if last is None or subscription.terms.filter(order=last.order).exists():
        return None  # what was ordered last has begun
    is_back = last.order.cancel_reason == ENDED or last.position in taken_back_positions(last.order)
    return last.order if is_back else None
