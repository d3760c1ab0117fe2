"""The contracts of a customer that run, with what one more licence costs for a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.models import OrderLine, Price, PriceList, Product, Subscription
from billing.queries.plans import plan_of
from tenants.models import Contract, Customer, Tenant


@dataclass(frozen=True, slots=True)
class Running:
    """A contract that can be amended: where, what, and at which price per licence and term."""

    contract: Contract
    product: Product
    term_price_cents: int
    held: int  # licences of the contract, or how many of an option

    @property
    def is_option(self) -> bool:
        """Return whether it is an option of what runs."""
        return self.product.option_of_id is not None

    @property
    def tenant(self) -> Tenant:
        """Return the school it runs for."""
        assert self.contract.tenant is not None
        return self.contract.tenant


def running_contracts(customer: Customer, *, today: date) -> list[Running]:
    """Return the contracts that run for an open tenant and have an end, each with the price the client has.

    The client's own price is the one of the order that opened it; without one, the list's. What is no longer known
    by any product can't be amended.
    """
    rows = Contract.objects.running(today).filter(customer=customer, tenant__isnull=False, ends_on__gt=today)
    contracts = list(rows.select_related("tenant").order_by("tenant__name", "starts_on"))
    bought = OrderLine.objects.filter(
        contract_id__in=[each.pk for each in contracts], licences_after=None, product__option_of=None
    )
    own = {line.contract_id: line for line in bought.select_related("product").order_by("order__confirmed_at")}
    listed = _listed(today)
    found = []
    for each in contracts:
        line = own.get(each.pk)
        if line is not None and line.product is not None:
            found.append(Running(each, line.product, line.unit_net_cents, each.licences))
        elif each.profile_key in listed:
            found.append(Running(each, *listed[each.profile_key], each.licences))
    return [row for each in found for row in (each, *_options(each, today))]


def _options(running: Running, today: date) -> list[Running]:
    """Return the options of what runs, taken or not."""
    subscription = Subscription.objects.filter(contract=running.contract, ended_on=None).first()
    if subscription is None:
        return []
    plan = [each for each in plan_of(subscription, today=today) if each.is_option]
    return [Running(running.contract, each.product, each.counted.term_price_cents, each.counted.now) for each in plan]


def _listed(today: date) -> dict[str, tuple[Product, int]]:
    prices = PriceList.objects.in_force(today).filter(currency="EUR").first()
    rows = Price.objects.base().filter(price_list=prices, product__in=Product.objects.on_sale(today))
    rows = rows.exclude(product__profile="").exclude(product__option_of__isnull=False)
    return {price.product.profile: (price.product, price.net_cents) for price in rows.select_related("product")}
