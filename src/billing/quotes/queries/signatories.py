"""Who is known to sign for the client of a tenant."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Trim

from billing.customers.models import Contact
from billing.quotes.models import Signature
from tenants.models import Tenant


def contacts_of(tenant: Tenant) -> QuerySet[Contact]:
    """Return those who speak for the clients whose contracts opened a tenant."""
    rows = Contact.objects.speaking().filter(customer__in=tenant.contracts.values("customer"))
    return rows.select_related("customer")


def signatories_of(tenant: Tenant) -> QuerySet[Contact]:
    """Return those of them who have signed a quote, or bear the name of the client's signatory."""
    signed = Signature.objects.filter(contact=OuterRef("pk"))
    rows = contacts_of(tenant).annotate(full_name=Trim(Concat("first_name", Value(" "), "last_name")))
    named = Q(full_name__iexact=Trim("customer__signatory")) & ~Q(full_name="")
    return rows.filter(named | Exists(signed)).order_by("last_name", "first_name", "pk")
