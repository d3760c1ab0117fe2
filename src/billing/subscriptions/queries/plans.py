"""A plan as it is: licences and options, now and from the next term on, and what one more costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.catalogue.models import Product
from billing.catalogue.policy.prices import NotOnTheList
from billing.catalogue.queries.catalogue import asked_for
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.amendment import Counted
from billing.subscriptions.policy.renewal import price_of_one_more
from billing.subscriptions.queries.shown import subscription_shown
from billing.subscriptions.queries.subscriptions import is_quoted, profile_of
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Planned:
    """A thing of a plan that can be changed: the subscription itself, or an option of it."""

    product: Product
    counted: Counted
    is_option: bool


@keeps("LG-S15")
def plan_of(subscription: Subscription, *, today: date) -> list[Planned]:
    """Return what can be changed of a plan.

    Its licences at the client's own price, or the list's for what is added (MC-11), and each option on sale
    or taken.

    An option that was taken keeps its price; another one costs what the list says today.
    """
    term = subscription.term
    product = subscription.product
    now = subscription.contract.licences or term.quantity
    added = one_more_cents(subscription, today=today)
    own = Counted(product.key, now, subscription.next_quantity_agreed or now, term.unit_net_cents, added)
    taken = {option.product_id: option for option in subscription.options.all()}
    found = [Planned(product, own, is_option=False)]
    sold = set(Product.objects.on_sale(today).values_list("pk", flat=True))
    for each in product.options.order_by("key"):
        option = taken.get(each.pk)
        if option is not None and option.quantity:
            counted = Counted(each.key, option.quantity, option.renewed_quantity, option.unit_net_cents)
        elif each.pk in sold and (price := _listed(each, subscription, today)) is not None:
            counted = Counted(each.key, 0, 0, price)
        else:
            continue
        found.append(Planned(each, counted, is_option=True))
    return found


@keeps("MC-11", "LG-S15")
def one_more_cents(subscription: Subscription, *, today: date) -> int:
    """Return what one more licence costs for a whole term: the client's own price, or the list's (MC-11).

    A price that was quoted holds for what is added too, until the list changes.
    """
    listed = _listed(subscription.product, subscription, today)
    if is_quoted(subscription):
        before = _listed(subscription.product, subscription, subscription.order.confirmed_on)
        listed = None if listed == before else listed
    return price_of_one_more(
        profile_of(subscription.contract).prices.change,
        current_cents=subscription.term.unit_net_cents,
        list_cents=listed,
    )


def _listed(product: Product, subscription: Subscription, today: date) -> int | None:
    currency = subscription.term.currency
    try:
        return asked_for(
            product, on=today, currency=currency, term_months=subscription.term_months
        ).list_cents
    except NotOnTheList:
        return None


def next_term_cents(subscription: Subscription, plan: list[Planned], wanted: dict[str, int]) -> int:
    """Return what a whole term of a plan costs at today's prices, once it is as wanted.

    As its client reads prices and as a renewal asks them: so many times the price of one.
    """
    return sum(
        subscription_shown(subscription, each.counted.term_price_cents).cents
        * wanted.get(each.counted.key, each.counted.next)
        for each in plan
    )
