"""The contracts of a customer that run, with what one more licence costs for a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.catalogue.models import Product
from billing.catalogue.policy.prices import NotOnTheList, currency_for
from billing.catalogue.queries.catalogue import price_book
from billing.money.policy.calendar_months import add_months
from billing.orders.models import OrderLine
from billing.subscriptions.models import Subscription, SubscriptionTerm
from billing.subscriptions.queries.plans import one_more_cents, plan_of
from billing.subscriptions.queries.trials import trials_end_on
from tenants.models import Contract, Customer, Tenant

Own = tuple[Product, int, int, str]  # what, at which price for a term, of how many months, in which currency


@dataclass(frozen=True, slots=True)
class AmendableContract:
    """A contract that can be amended: where, what, and at which price per licence and term."""

    contract: Contract
    product: Product
    term_price_cents: int
    term_months: int
    currency: str
    held: int  # licences of the contract, or how many of an option
    term_starts_on: date | None = None  # of the term that ends with the contract, where it is known
    trial_ends_on: date | None = None  # while it is tried nothing is added

    @property
    def is_option(self) -> bool:
        """Return whether it is an option of what runs."""
        return self.product.option_of_id is not None

    @property
    def tenant(self) -> Tenant:
        """Return the school it runs for."""
        assert self.contract.tenant is not None
        return self.contract.tenant


def amendable_contracts(customer: Customer, *, today: date) -> list[AmendableContract]:
    """Return the contracts that run for an open tenant and have an end, each with the price the client has.

    The client's own price is the one of the term that runs, or the list's where new prices hold for what is
    added (MC-11), else of the order that opened it; without either, the list's in the client's currency. What
    is no longer known by any product can't be amended.
    """
    rows = Contract.objects.running(today).filter(customer=customer, tenant__isnull=False, ends_on__gt=today)
    contracts = list(rows.select_related("tenant").order_by("tenant__name", "starts_on"))
    ids = [each.pk for each in contracts]
    known = _ordered(ids) | _subscribed(ids, today)
    listed = _listed(customer, today)
    starts = _term_starts(contracts)
    tried = trials_end_on(ids)
    found = []
    for each in contracts:
        told = known.get(each.pk) or listed.get(each.profile_key)
        if told is not None:
            began = starts.get(each.pk) or _first_term_start(each, told[2])
            found.append(
                AmendableContract(
                    each,
                    *told,
                    held=each.licences,
                    term_starts_on=began,
                    trial_ends_on=tried.get(each.pk),
                )
            )
    return [row for each in found for row in (each, *_options(each, today))]


def _subscribed(contract_ids: list[UUID], today: date) -> dict[UUID, Own]:
    rows = (
        Subscription.objects.filter(contract_id__in=contract_ids)
        .select_related("product", "contract", "order")
        .prefetch_related("terms")
    )
    found: dict[UUID, Own] = {}
    for row in rows:
        term = max(row.terms.all(), key=lambda each: each.position, default=None)
        if term is not None:
            cents = one_more_cents(row, today=today)
            found[row.contract_id] = (row.product, cents, row.term_months, term.currency)
    return found


def _term_starts(contracts: list[Contract]) -> dict[UUID, date]:
    """Return the first day of the term that ends with each contract, of those that have one."""
    ends = {each.pk: each.ends_on for each in contracts}
    rows = SubscriptionTerm.objects.filter(subscription__contract_id__in=ends)
    known = rows.values_list("subscription__contract_id", "starts_on", "ends_on")
    return {contract: starts_on for contract, starts_on, ends_on in known if ends[contract] == ends_on}


def _first_term_start(contract: Contract, term_months: int) -> date | None:
    """Return the contract's own first day where it runs for its first term."""
    is_first = add_months(contract.starts_on, term_months) == contract.ends_on
    return contract.starts_on if is_first else None


def _options(running: AmendableContract, today: date) -> list[AmendableContract]:
    """Return the options of what runs, taken or not."""
    subscription = Subscription.objects.filter(contract=running.contract, ended_on=None).first()
    if subscription is None:
        return []
    plan = [each for each in plan_of(subscription, today=today) if each.is_option]
    return [
        AmendableContract(
            running.contract,
            each.product,
            each.counted.one_more_cents,
            running.term_months,
            running.currency,
            held=each.counted.now,
            term_starts_on=running.term_starts_on,
            trial_ends_on=running.trial_ends_on,
        )
        for each in plan
    ]


def _ordered(contract_ids: list[UUID]) -> dict[UUID, Own]:
    rows = OrderLine.objects.filter(
        contract_id__in=contract_ids, licences_after=None, product__isnull=False, product__option_of=None
    )
    return {
        line.contract_id: (line.product, line.unit_net_cents, line.order.term_months, line.order.currency)
        for line in rows.select_related("product", "order").order_by("order__confirmed_at")
        if line.contract_id and line.product
    }


def _listed(customer: Customer, today: date) -> dict[str, Own]:
    book = price_book(today, currency=currency_for(customer.country), customer=customer)
    found: dict[str, Own] = {}
    for product in Product.objects.on_sale(today).exclude(profile="").filter(option_of=None):
        try:
            cents = book.asked(product).list_cents
        except NotOnTheList:
            continue
        found[product.profile] = (product, cents, product.term_months, book.currency)
    return found
