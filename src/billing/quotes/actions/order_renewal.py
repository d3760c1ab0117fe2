"""Order the next term of a subscription before its end, or start it again while its data are kept."""

from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.policy.actor import Actor
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.methods import MethodRefused
from billing.collections.queries.blocks import check_payments
from billing.customers.models import Contact
from billing.orders.actions.order_for_contract import order_for_contract
from billing.orders.models import Order
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft, write_quote
from billing.quotes.models import QuoteRequest, QuoteVersion
from billing.quotes.policy.validity import VALID_FOR
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.renewals import RENEWAL
from billing.subscriptions.queries.renewals import RenewalOptions, renewal_options
from contracts.policy.clauses import keeps


class NotRenewable(Exception):
    """Raised when it can't go on that way now.

    It does already, it is too early or too late, or it needs a quote.
    """


@transaction.atomic
@keeps("LG-S14.2f", "LG-S21.2", "LG-S6.1")
def order_renewal(
    *,
    subscription_id: UUID,
    quantity: int,
    method: str,
    contact: Contact,
    terms_version: UUID,
    now: datetime,
    today: date,
    without: Container[UUID] = (),
) -> Order:
    """Return the order by which a subscription goes on.

    At the price announced, or starting again at the list's.

    Its options go on as they are, but for those `without` names by their products.

    It is renewed, or opens again, once the money is there. Raises NotRenewable, OverdueOpen, DisputeOpen,
    MethodRefused.
    """
    subscription, offered = _offered(subscription_id, today)
    if offered.is_quoted:
        raise NotRenewable
    check_payments(subscription.customer_id, today)
    if method not in offered.methods(
        subscription.product, quantity, subscription.term.currency, without=without
    ):
        raise MethodRefused(method)
    return order_for_contract(
        contact=contact,
        lines=_lines(subscription, offered, quantity, contact.language, without),
        contract=subscription.contract,
        method=method,
        term_months=subscription.term_months,
        renewal=subscription.renewal,
        currency=subscription.term.currency,
        terms_version=terms_version,
        capacity=subscription.order.purchase_capacity,
        now=now,
        today=today,
    )


@transaction.atomic
@keeps("LG-S14.2f", "LG-S21.2")
def quote_renewal(
    *,
    subscription_id: UUID,
    quantity: int | None,
    contact: Contact | None,
    by: Actor,
    now: datetime,
    today: date,
    without: Container[UUID] = (),
) -> QuoteVersion:
    """Return the draft of the quote by which a subscription goes on.

    What finance prepares, or a client asks for.

    Asked for in the customer area it waits among what needs doing. Raises NotRenewable.
    """
    subscription, offered = _offered(subscription_id, today)
    signer = contact or subscription.contact
    lines = _lines(subscription, offered, quantity or offered.quantity, signer.language, without)
    draft = _draft(subscription, signer, lines, valid_until=_valid_until(offered, today))
    version = write_quote(draft=draft, by=by, now=now, today=today)
    if contact is not None:
        _keep_request(version, subscription, contact, users=lines[0].quantity, now=now)
    return version


def _valid_until(offered: RenewalOptions, today: date) -> date:
    """Return the last day to sign: that of a renewal is the day it begins at the latest."""
    last_day = today + VALID_FOR
    return max(today, min(offered.starts_on, last_day)) if offered.kind == RENEWAL else last_day


def _draft(
    subscription: Subscription, signer: Contact, lines: list[LineDraft], *, valid_until: date
) -> QuoteDraft:
    """Return what the quote asks: the same client, method and term, at the same place."""
    tenant = subscription.contract.tenant
    assert tenant is not None
    sites = [] if tenant.is_shared else [SiteDraft(tenant.name, tenant.slug)]
    return QuoteDraft(
        customer_id=subscription.customer_id,
        contact_id=signer.pk,
        method=subscription.method,
        lines=[replace(line, site=0) for line in lines] if sites else lines,
        valid_until=valid_until,
        sites=sites,
        term_months=subscription.term_months,
        renewal=subscription.renewal,
        language=signer.language,
        employees=subscription.order.employees,
        outside_main_activity=subscription.order.outside_main_activity,
    )


def _keep_request(
    version: QuoteVersion, subscription: Subscription, contact: Contact, *, users: int, now: datetime
) -> None:
    """Let it wait among what needs doing: its client asked for it."""
    QuoteRequest.objects.create(
        version=version,
        organisation=subscription.customer.name,
        person=contact.name,
        email=contact.email,
        offer=subscription.contract.profile_key,
        users=users,
        asked_at=now,
    )


def _offered(subscription_id: UUID, today: date) -> tuple[Subscription, RenewalOptions]:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related(
        "contract__tenant", "product", "order"
    )
    subscription = rows.get(pk=subscription_id)
    offered = renewal_options(subscription, today=today)
    if offered is None:
        raise NotRenewable
    return subscription, offered


def _lines(
    subscription: Subscription,
    offered: RenewalOptions,
    quantity: int,
    language: str,
    without: Container[UUID],
) -> list[LineDraft]:
    """Return what goes on, the subscription and its options.

    Of a renewal each line names the contract it renews.
    """
    product = subscription.product
    told = [(product, quantity, offered.unit_net_cents)]
    told += [
        (e.product, e.quantity, e.unit_net_cents) for e in offered.options if e.product.pk not in without
    ]
    contract_id = subscription.contract_id if offered.kind == RENEWAL else None
    return [
        LineDraft(each.pk, each.name(language), count, cents, contract_id=contract_id)
        for each, count, cents in told
    ]
