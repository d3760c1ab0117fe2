"""What lists can be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from billing.catalogue.models import Product
from billing.invoicing.queries.balances import in_state
from billing.money.policy.money import CURRENCIES
from billing.orders.models import Order
from billing.payments.models import Payment
from billing.quotes.models import QuoteVersion

INVOICE_STATES = (
    "open",
    "late",
    "payment_suspended",
    "paid",
    "credited",
    "written_off",
    "disputed",
    "credit_note",
)


def choices(names: Any) -> list[tuple[str, str]]:
    """Return names as choices that need no other words."""
    return [(name, name) for name in names]


class CustomerFilter(filters.FilterSet):  # type: ignore[misc]
    """Customers by a part of their name, their SIREN or SIRET, and an e-mail address of theirs."""

    name = filters.CharFilter("name", lookup_expr="unaccent__icontains")
    siren = filters.CharFilter("siren")
    siret = filters.CharFilter("siret")
    email = filters.CharFilter("email", lookup_expr="iexact")


class ProductFilter(filters.FilterSet):  # type: ignore[misc]
    """Products by reference and kind, their prices in a currency."""

    key = filters.CharFilter("key")
    kind = filters.ChoiceFilter(choices=choices(Product.Kind.values))
    currency = filters.ChoiceFilter(choices=choices(sorted(CURRENCIES)), method="in_currency")

    def in_currency(self, rows: QuerySet[Any], name: str, currency: str) -> QuerySet[Any]:
        """Return all the products: the view reads their prices in the currency."""
        return rows


class QuoteFilter(filters.FilterSet):  # type: ignore[misc]
    """Quotes by state, customer and number."""

    state = filters.ChoiceFilter(choices=choices(QuoteVersion.State.values))
    customer = filters.UUIDFilter("quote__customer_id")
    number = filters.CharFilter("quote__number")


class OrderFilter(filters.FilterSet):  # type: ignore[misc]
    """Orders by state, customer and number."""

    state = filters.ChoiceFilter(choices=choices(Order.State.values))
    customer = filters.UUIDFilter("customer_id")
    number = filters.CharFilter("number")


class InvoiceFilter(filters.FilterSet):  # type: ignore[misc]
    """Invoices and credit notes by state, customer and number."""

    state = filters.ChoiceFilter(choices=choices(INVOICE_STATES), method="in_state")
    customer = filters.UUIDFilter("customer_id")
    number = filters.CharFilter("number")

    def in_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        """Return the documents in a state; states are counted, never stored."""
        return in_state(rows, state, today=self.request.today)


class PaymentFilter(filters.FilterSet):  # type: ignore[misc]
    """Payments by state, customer and the number of an invoice they pay."""

    state = filters.ChoiceFilter(
        choices=choices(("received", "proved", "credited", "bounced")), method="in_state"
    )
    customer = filters.UUIDFilter("customer_id")
    number = filters.CharFilter("allocations__invoice__number", distinct=True)

    def in_state(self, rows: QuerySet[Payment], name: str, state: str) -> QuerySet[Payment]:
        """Return the payments in a state."""
        if state == "bounced":
            return rows.filter(bounced_on__isnull=False)
        rows = rows.filter(bounced_on=None)
        if state == "credited":
            return rows.filter(credited_on__isnull=False)
        return rows.filter(credited_on=None, proof_on__isnull=state == "received")
