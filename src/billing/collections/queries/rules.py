"""Which profile's rules hold for a late payer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing.collections.queries.suspensions import Concerned
from billing.invoicing.models import Invoice
from contracts.policy.profiles import Late, Profile
from contracts.registry import profile, profiles


def late_rules(customer_type: str, *, on: date) -> Late:
    """Return what the contracts in force say of a late payer of this kind."""
    return client_profile(customer_type, on=on).late


def client_profile(customer_type: str, *, on: date) -> Profile:
    """Return the profile addressed to this kind of client that leaves a late payer the most time."""
    client = "consumer" if customer_type == "consumer" else "professional"
    offered = [each for each in profiles(on=on) if each.client == client]
    return max(offered, key=lambda each: (each.late.first_reminder_days, each.late.second_reminder_days))


def rules_of(invoice: Invoice, concerned: Sequence[Concerned], *, on: date) -> Profile:
    """Return the rules of what an invoice pays for.

    A running subscription's; else of what was sold; else of its kind of client.
    """
    if concerned:
        return concerned[0].profile
    keys = profiles_sold(invoice)
    return profile(keys[0], on=on) if keys else client_profile(invoice.customer_type, on=on)


def profiles_sold(invoice: Invoice) -> list[str]:
    """Return the profiles of what its order sold."""
    if invoice.order is None:
        return []
    lines = invoice.order.lines.filter(product__isnull=False).exclude(product__profile="")
    return list(lines.order_by("position").values_list("product__profile", flat=True))
