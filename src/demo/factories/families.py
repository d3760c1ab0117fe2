"""Invented families: what they buy, and their household, opened by the actions people use."""

from datetime import datetime
from typing import Any

from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Contact, Order, Price, Product
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from billing.workflows.actions.open_access import open_access
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from isolation.context import inside
from people.actions.accept_invitation import accept_invitation
from people.models import Invitation, Person
from people.queries import terms_in_force_here
from tenants.models import Contract, SubTenant, Tenant


def family_product() -> Product:
    """Return the family's subscription, priced by the child, made once."""
    prices = catalogue()
    product, made = Product.objects.get_or_create(
        key="preau-famille",
        defaults={
            "name_fr": "Préau Famille, un an",
            "name_en": "Préau Family, one year",
            "profile": "family",
            "methods": ["card", "transfer"],
            "unit_fr": "enfant",
            "unit_en": "child",
            "renewal": "automatic",
        },
    )
    if made:
        Price.objects.create(price_list=prices, product=product, net_cents=3900)
    return product


def family_contact(name: str, email: str) -> Contact:
    """Return a parent who buys for their household."""
    customer = CustomerFactory.create(
        name=name, email=email, customer_type="consumer", siren="", city="Rennes"
    )
    contact: Contact = ContactFactory.create(
        customer=customer, email=email, first_name="Nadia", last_name=name
    )
    return contact


def household_of(contact: Contact, *, count: int, now: datetime, **chosen: Any) -> Order:
    """Return the order that opened this family's household, signed, paid and open on the day of `now`."""
    product = family_product()
    today = paris_day(now)
    line = LineDraft(
        product.pk, product.name("fr"), count, Price.objects.base().get(product=product).net_cents
    )
    method = "transfer" if "transfer" in product.methods else product.methods[0]
    order = order_signed(contact, now=now, method=method, lines=[line], site_slug="", **chosen)
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=today,
        credited_on=today,
        reference=invoice_of(order).number,
        today=today,
        by=None,
        now=now,
    )
    open_access(order_id=order.pk, now=now, today=today)
    order.refresh_from_db()
    return order


def circle_of(order: Order) -> SubTenant:
    """Return the circle an order opened."""
    ids = order.lines.values_list("contract_id", flat=True)
    circles = Contract.objects.filter(pk__in=ids).values("sub_tenant_id")
    return SubTenant.objects.select_related("tenant").get(pk__in=circles)


def join(tenant: Tenant, email: str, *, password: str, now: datetime) -> Person:
    """Return the parent who followed the link of their invitation, accepted the terms and chose a
    password.
    """
    with inside(tenant):
        token = Invitation.objects.unanswered().get(email=email).token
        versions = [languages[0] for languages in terms_in_force_here(tenant, now=now)]
        return accept_invitation(
            token=token,
            password=password,
            now=now,
            first_name="Nadia",
            last_name="Roussel",
            required=versions,
            accepted=versions,
        )
