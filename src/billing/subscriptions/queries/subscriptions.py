"""What is asked about subscriptions: the rules that hold for one, the price it renews at, whom an invoice
concerns.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from billing.catalogue.models import Phaseout, Product
from billing.catalogue.policy.prices import NotOnTheList
from billing.catalogue.queries.catalogue import price_book
from billing.collections.queries.rules import profiles_sold
from billing.collections.queries.suspensions import Concerned
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day
from billing.orders.models import Order, OrderLine
from billing.subscriptions.models import (
    Subscription,
    SubscriptionOption,
    SubscriptionQuerySet,
    SubscriptionTerm,
    Termination,
    Trial,
)
from billing.subscriptions.policy.renewal import (
    Announcement,
    NewTerms,
    access_ends_on,
    applies_at,
    next_term,
    price_to_announce,
    with_new_terms,
)
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Profile
from contracts.policy.terms import version_at_renewal
from contracts.registry import profile
from tenants.models import Contract, Customer, TermsNotice


def profile_of(contract: Contract) -> Profile:
    """Return the version of the profile a contract was made under."""
    return profile(contract.profile_key, on=contract.profile_version)


def list_price(subscription: Subscription, *, on: date) -> int | None:
    """Return the list price of one unit for its term and quantity on a day, in its currency.

    None when it has none.
    """
    product = subscription.product
    book = price_book(on, currency=subscription.term.currency, products=[product])
    try:
        asked = book.asked(
            product, quantity=max(1, subscription.next_quantity), term_months=subscription.term_months
        )
    except NotOnTheList:
        return None
    return asked.list_cents


def price_at_renewal(subscription: Subscription, *, renews_on: date) -> int:
    """Return the unit price a notice sent today announces for a renewal, in cents without VAT."""
    rule = profile_of(subscription.contract).prices.change
    current = subscription.term.unit_net_cents
    return price_to_announce(rule, current_cents=current, list_cents=list_price(subscription, on=renews_on))


def options_at_renewal(subscription: Subscription, *, renews_on: date) -> list[dict[str, Any]]:
    """Return the options of the next term as a notice sent today announces them.

    Product, how many, price of one.
    """
    rule = profile_of(subscription.contract).prices.change
    options = list(subscription.options.select_related("product"))
    book = price_book(
        renews_on, currency=subscription.term.currency, products=[each.product for each in options]
    )
    found = []
    for option in options:
        try:
            listed = book.asked(option.product, term_months=subscription.term_months).list_cents
        except NotOnTheList:
            listed = None
        cents = price_to_announce(rule, current_cents=option.unit_net_cents, list_cents=listed)
        if option.renewed_quantity:
            found.append(
                {
                    "product": str(option.product_id),
                    "quantity": option.renewed_quantity,
                    "unit_net_cents": cents,
                }
            )
    return found


def is_quoted(subscription: Subscription) -> bool:
    """Return whether its prices were quoted and signed, not taken from the list."""
    return subscription.order.version_id is not None


@keeps("LG-S14.2n")
def options_told_for(
    subscription: Subscription, term: SubscriptionTerm
) -> list[tuple[SubscriptionOption, int]]:
    """Return the options of the next term, each with the price that was told in time, else its own."""
    told = option_prices_told(subscription, term)
    rows = [option for option in subscription.options.select_related("product") if option.renewed_quantity]
    return [(option, told.get(str(option.product_id), option.unit_net_cents)) for option in rows]


def option_prices_told(subscription: Subscription, term: SubscriptionTerm) -> dict[str, int]:
    """Return the prices of options at the end of a term, as the last notice in time told them, by product."""
    in_time = term.ends_on - timedelta(days=profile_of(subscription.contract).renewal.notice_days)
    notices = subscription.notices.told().filter(renews_on__lte=term.ends_on, left_on__lte=in_time)
    last = notices.order_by("-left_on").first()
    return {row["product"]: row["unit_net_cents"] for row in last.options} if last else {}


def terms_at_renewal(subscription: Subscription, *, renews_on: date) -> UUID | None:
    """Return the terms of sale a subscription renews under.

    Those in force then, or its own where they stay (MC-0).
    """
    found = terms_in_force(subscription.contract.profile_key, subscription.contact.language, on=renews_on)
    change = profile_of(subscription.contract).terms.change
    in_force = found.pk if found else None
    return version_at_renewal(change, taken_under=subscription.term.terms_version, in_force=in_force)


def terms_in_force(profile_key: str, language: str, *, on: date) -> TermsVersion | None:
    """Return the terms of sale of an offer in force on a day, in a language, else in French, which
    prevails.
    """
    for each in dict.fromkeys((language, "fr")):
        found = TermsVersion.objects.of("sale", profile_key, each).in_force(on).first()
        if found is not None:
            return found
    return None


def told_for(subscription: Subscription, term: SubscriptionTerm) -> Announcement:
    """Return the price and terms with which a term is followed by the next.

    What was told in time, else the same.
    """
    current = Announcement(term.starts_on, term.unit_net_cents, str(term.terms_version or ""))
    notices = subscription.notices.told().filter(renews_on__lte=term.ends_on)
    rules = profile_of(subscription.contract)
    announced = [each.announcement for each in notices]
    told = applies_at(term.ends_on, current=current, announced=announced, renewal=rules.renewal)
    new_terms = _new_terms(subscription)
    return with_new_terms(told, term.ends_on, new_terms, notice_days=rules.terms.notice_days)


def renewal_paid_until(subscription: Subscription) -> date | None:
    """Return the end of the next term, where its renewal was agreed to and paid; None without one."""
    if subscription.renewal_order_id is None:
        return None
    after = next_term(
        subscription.term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months
    )
    return after.ends_on


def _new_terms(subscription: Subscription) -> list[NewTerms]:
    """Return the new terms of sale its client was told of; where terms stay for what runs (MC-0) none are."""
    found = []
    for notice in TermsNotice.objects.told().filter(contract=subscription.contract_id):
        terms = TermsVersion.objects.filter(pk=notice.terms, kind="sale").first()
        if terms is not None:
            version = in_language(terms, subscription.contact.language)
            found.append(NewTerms(paris_day(notice.left_at), terms.in_force_on, str(version.pk)))
    return found


def terms_notices_of(subscription: Subscription) -> list[tuple[TermsNotice, TermsVersion]]:
    """Return the notices of new terms of its contract, the last first, each with the version it told of."""
    rows = list(TermsNotice.objects.with_leaving().filter(contract=subscription.contract_id))
    known = TermsVersion.objects.in_bulk([row.terms for row in rows])
    return [(row, known[row.terms]) for row in rows if row.terms in known]


def bound_since(contract: Contract, terms: TermsVersion) -> date | None:
    """Return the renewal since which terms of sale bind what runs of a contract: told with that renewal too,
    they bind whatever became of their own notice.
    """
    running = Subscription.objects.alive().filter(contract=contract).first()
    if running is None or terms.kind != "sale":
        return None
    term = running.term
    if term.position == 1 or term.terms_version is None:
        return None
    own = TermsVersion.objects.filter(pk=term.terms_version).first()
    return term.starts_on if own is not None and own.version == terms.version else None


def in_language(terms: TermsVersion, language: str) -> TermsVersion:
    """Return a version of the terms in a language, else its French text, which prevails."""
    same = TermsVersion.objects.of(terms.kind, terms.profile, language).filter(version=terms.version)
    return same.first() or terms


@keeps("LG-S19", "MC-4")
def running_on(invoice: Invoice) -> list[Concerned]:
    """Return the tenants that run on an invoice, with the rules of their subscriptions.

    Those it pays for; under a profile that stops access at once, all that its customer has of that profile.
    """
    paid = paid_by(invoice)
    beside = Q(customer=invoice.customer_id, contract__profile_key__in=profiles_sold(invoice))
    rows = Subscription.objects.filter(Q(pk__in=paid) | beside).alive().select_related("contract")
    own = set(paid.values_list("pk", flat=True))
    found = {}
    for row in rows.order_by("created_at", "pk"):
        rules = profile_of(row.contract)
        if row.contract.tenant_id and (row.pk in own or rules.suspension.when == "at_once"):
            found[row.contract.tenant_id] = rules
    return [Concerned(tenant_id, rules) for tenant_id, rules in found.items()]


@keeps("LG-S19", "LG-S20.3e")
def paid_by(invoice: Invoice) -> SubscriptionQuerySet:
    """Return the subscriptions an invoice pays for: a term, an amendment, licences or an option added."""
    if invoice.order_id is None:
        return Subscription.objects.none()
    terms = SubscriptionTerm.objects.filter(order_id=invoice.order_id).values("subscription")
    lines = OrderLine.objects.filter(order_id=invoice.order_id, contract_id__isnull=False)
    return Subscription.objects.filter(Q(pk__in=terms) | Q(contract__in=lines.values("contract_id")))


def orders_of(subscription: Subscription) -> QuerySet[Order]:
    """Return the orders that sold a subscription: its terms, and what was added to it."""
    lines = OrderLine.objects.filter(contract_id=subscription.contract_id)
    terms = subscription.terms.values("order")
    return Order.objects.filter(Q(pk__in=terms) | Q(pk__in=lines.values("order")))


def of_tenant(tenant_id: UUID) -> SubscriptionQuerySet:
    """Return the subscriptions of a tenant, running ones first."""
    rows = Subscription.objects.of_tenant(tenant_id).select_related(
        "contract", "product", "customer", "order"
    )
    return rows.order_by("ended_on", "-activated_on")


def products_running(customer: Customer) -> frozenset[object]:
    """Return the products a customer's running subscriptions are of."""
    alive = Subscription.objects.alive().filter(customer=customer)
    return frozenset(alive.values_list("product_id", flat=True))


def access_until_of(product_id: UUID) -> date | None:
    """Return the day from which a product withdrawn from sale renews no more, None where it stays (MC-1s)."""
    return Phaseout.objects.filter(product=product_id).values_list("access_until", flat=True).first()


def phased_out_on(subscription: Subscription, phaseout: Phaseout) -> date:
    """Return the first day without access to a product withdrawn from sale, as its terms will end."""
    word = Termination.objects.filter(subscription=subscription).order_by("effective_on").first()
    term = subscription.term.as_policy
    if subscription.renewal_order_id is not None:
        term = next_term(term, activated_on=subscription.activated_on, months=subscription.term_months)
    return access_ends_on(
        term,
        activated_on=subscription.activated_on,
        months=subscription.term_months,
        renewal=subscription.renewal,
        access_until=phaseout.access_until,
        stops_on=word.effective_on if word else None,
    )


def orders_running(product: Product) -> set[UUID]:
    """Return the orders that what runs of a product, or has it as an option, goes back to."""
    alive = Subscription.objects.alive().filter(Q(product=product) | Q(options__product=product))
    names = ("order_id", "terms__order_id", "options__order_id")
    return {each for row in alive.values_list(*names) for each in row if each is not None}


def runs_from(subscription: Subscription) -> date:
    """Return the first day of a subscription, that of its trial if it had one."""
    trial = Trial.objects.filter(subscription=subscription).first()
    return trial.starts_on if trial else subscription.terms.earliest("position").starts_on


def ended_before(subscription: Subscription, word: Termination) -> date | None:
    """Return the day a subscription ended otherwise before a termination would have ended it, or None."""
    ended_on = subscription.ended_on
    return ended_on if ended_on is not None and ended_on < word.effective_on else None
