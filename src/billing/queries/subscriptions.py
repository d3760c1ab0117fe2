"""What is asked about subscriptions: the rules that hold for one, the price it renews at, whom an invoice concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from billing.models import Invoice, Subscription, SubscriptionTerm, Suspension
from billing.models.subscription import SubscriptionQuerySet
from billing.policy.prices import NotOnTheList
from billing.policy.renewal import Announcement, applies_at, price_to_announce
from billing.queries.catalogue import price_book
from contracts.models import TermsVersion
from contracts.policy.profiles import Profile
from contracts.registry import profile
from tenants.models import Contract, Tenant


def profile_of(contract: Contract) -> Profile:
    """Return the version of the profile a contract was made under."""
    return profile(contract.profile_key, on=contract.profile_version)


def list_price(subscription: Subscription, *, on: date) -> int | None:
    """Return the list price of one unit for its term and quantity on a day, in its currency; None when it has none."""
    product = subscription.product
    book = price_book(on, currency=subscription.term.currency, products=[product])
    try:
        asked = book.asked(product, quantity=max(1, subscription.next_quantity), term_months=subscription.term_months)
    except NotOnTheList:
        return None
    return asked.list_cents


def price_at_renewal(subscription: Subscription, *, renews_on: date) -> int:
    """Return the unit price a notice sent today announces for a renewal, in cents without VAT."""
    rule = profile_of(subscription.contract).prices.change
    current = subscription.term.unit_net_cents
    return price_to_announce(rule, current_cents=current, list_cents=list_price(subscription, on=renews_on))


def terms_at_renewal(subscription: Subscription, *, renews_on: date) -> UUID | None:
    """Return the terms of sale in force at a renewal, in the buyer's language, else in French."""
    for language in dict.fromkeys((subscription.contact.language, "fr")):
        found = TermsVersion.objects.of("sale", subscription.contract.profile_key, language).in_force(renews_on).first()
        if found is not None:
            return found.pk
    return subscription.term.terms_version


def told_for(subscription: Subscription, term: SubscriptionTerm) -> Announcement:
    """Return the price and terms with which a term is followed by the next: what was told in time, else the same."""
    current = Announcement(term.starts_on, term.unit_net_cents, str(term.terms_version or ""))
    notices = subscription.notices.filter(renews_on__lte=term.ends_on, bounced_on=None)
    return applies_at(term.ends_on, current=current, announced=[each.announcement for each in notices])


@dataclass(frozen=True, slots=True)
class Concerned:
    """A tenant an unpaid invoice may close, and the profile that says how."""

    tenant_id: UUID
    profile: Profile


def concerned_by(invoice: Invoice) -> list[Concerned]:
    """Return the tenants that run on an invoice, with the rules of their subscriptions."""
    if invoice.order_id is None:
        return []
    terms = SubscriptionTerm.objects.filter(order_id=invoice.order_id).select_related("subscription__contract")
    found = {
        term.subscription.contract.tenant_id: profile_of(term.subscription.contract)
        for term in terms
        if term.subscription.contract.tenant_id and term.subscription.ended_on is None
    }
    return [Concerned(tenant_id, rules) for tenant_id, rules in found.items()]


def suspensions_in(tenant: Tenant, customer_id: UUID) -> QuerySet[Suspension]:
    """Return the suspensions of a tenant; in one that many customers share, those of this customer alone."""
    rows = Suspension.objects.filter(tenant_id=tenant.pk)
    return rows.filter(customer_id=customer_id) if tenant.is_shared else rows


def of_tenant(tenant_id: UUID) -> SubscriptionQuerySet:
    """Return the subscriptions of a tenant, running ones first."""
    rows = Subscription.objects.of_tenant(tenant_id).select_related("contract", "product", "customer", "order")
    return rows.order_by("ended_on", "-activated_on")
