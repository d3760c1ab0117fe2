"""What the console shows before access to a whole tenant stops, ends or comes back by hand."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from billing.collections.models import Suspension
from billing.customers.models import Contact
from billing.subscriptions.models import Subscription
from tenants.models import ContractQuerySet, Customer, SubTenant, Tenant


def customers_in(tenant: Tenant) -> QuerySet[Customer]:
    """Return the clients whose contracts opened a tenant, or a circle of one that many share."""
    return Customer.objects.filter(pk__in=_sold(tenant).values("customer")).order_by("name", "pk")


def _sold(tenant: Tenant) -> ContractQuerySet:
    """Return the contracts of clients: the one that keeps a shared tenant open is the house's own."""
    rows: ContractQuerySet = tenant.contracts.all()
    return rows.exclude(sub_tenant_id=None) if tenant.is_shared else rows


def running_in(tenant: Tenant) -> QuerySet[Subscription]:
    """Return the subscriptions that run in a tenant."""
    rows = Subscription.objects.of_tenant(tenant.pk).filter(ended_on=None)
    return rows.select_related("customer", "product").order_by("customer__name", "pk")


def is_in_force(tenant: Tenant, *, on: date) -> bool:
    """Return whether a contract of a tenant is in force on a day."""
    return _sold(tenant).running(on).exists()


def circles_of(tenant: Tenant, customers: QuerySet[Customer]) -> int:
    """Return how many circles of a shared tenant that are open these clients' contracts lead to."""
    theirs = _sold(tenant).filter(customer__in=customers).values("sub_tenant_id")
    return SubTenant.objects.filter(pk__in=theirs, state=Tenant.State.OPEN).count()


def standing_in(tenant: Tenant) -> QuerySet[Suspension]:
    """Return what was said or done against access to a tenant and stands, the last first."""
    rows = Suspension.objects.filter(tenant_id=tenant.pk, lifted_at=None)
    return rows.select_related("customer", "invoice").order_by("-created_at")


def without_contact(customers: QuerySet[Customer]) -> list[Customer]:
    """Return the clients nobody can be written to of."""
    return list(customers.exclude(pk__in=Contact.objects.values("customer")))
