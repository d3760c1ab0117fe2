"""What is asked before access stops or comes back: whom an invoice concerns, what keeps it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from billing.collections.models import Suspension, SuspensionQuerySet
from billing.invoicing.models import Invoice
from billing.registry import ask
from contracts.policy.profiles import Profile
from contracts.registry import profile
from tenants.models import Contract, ContractQuerySet, Tenant, Workspace
from tenants.queries import contracts_of


@dataclass(frozen=True, slots=True)
class Concerned:
    """A tenant an unpaid invoice may close, and the profile that says how."""

    tenant_id: UUID
    profile: Profile


def concerned_by(invoice: Invoice) -> list[Concerned]:
    """Return the tenants that run on an invoice, with the rules of their subscriptions."""
    found: list[Concerned] = ask("concerned_by", invoice)
    return found


def rules_in(row: Suspension) -> Profile:
    """Return the profile of the contract by which a suspension's customer is in its tenant."""
    contracts = Contract.objects.filter(tenant_id=row.tenant_id)
    own = contracts.filter(customer_id=row.customer_id)
    contract = (own if own.exists() else contracts).latest("starts_on")
    return rules_by(contract)


def rules_by(contract: Contract) -> Profile:
    """Return the version of the profile a contract was made under."""
    return profile(contract.profile_key, on=contract.profile_version)


def suspensions_in(tenant: Tenant, customer_id: UUID) -> SuspensionQuerySet:
    """Return the suspensions of a tenant; in one that many customers share, those of this customer alone."""
    rows = Suspension.objects.filter(tenant_id=tenant.pk)
    return rows.filter(customer_id=customer_id) if tenant.is_shared else rows


def closing_beside(row: Suspension) -> SuspensionQuerySet:
    """Return the other causes that keep closed what a suspension closes."""
    tenant = Tenant.objects.get(pk=row.tenant_id)
    return suspensions_in(tenant, row.customer_id).closing().exclude(pk=row.pk)


def keeping_open(place: Workspace, *, on: date) -> ContractQuerySet:
    """Return the contracts that keep a tenant or a circle open.

    Of a subscription that goes on, or in force without one.

    One that renews on this very day keeps it open before its next term is written down; one that ended on the
    day it began doesn't any more.
    """
    rows = contracts_of(place)
    alone = Q(subscription=None, pk__in=rows.running(on))
    return rows.filter(Q(subscription__isnull=False, subscription__ended_on=None) | alone)
