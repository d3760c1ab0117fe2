"""See to the end of a term: the next one begins, or the subscription ends."""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from billing.catalogue.actions.price_lines import PricedLine, cheque_fee_line, tax_of_product
from billing.catalogue.models import Product
from billing.invoicing.models import Invoice
from billing.orders.actions.cancel_order import MoneyInHand, cancel_order
from billing.orders.actions.create_order import Ordered, OrderedLine, OrderedSite, Origin, create_order
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.models import Order, OrderLine
from billing.orders.queries.shown import line_shown
from billing.payments.models import SavedMethod
from billing.payments.queries.online import OURS
from billing.subscriptions.actions.apply_paid_renewals import NextTerms, begin_next_term, start_renewed_term
from billing.subscriptions.actions.credit_subscription import is_alone
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.actions.take_back_unbegun import take_back_order
from billing.subscriptions.models import Subscription, SubscriptionTerm, Termination
from billing.subscriptions.policy.renewal import is_last_term, renews_automatically
from billing.subscriptions.queries.renewals import method_told_for
from billing.subscriptions.queries.subscriptions import access_until_of, options_told_for, told_for
from billing.workflows.actions.charge_saved_method import schedule_charge
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.2f", "LG-S14.2a", "LG-S14.2n", "MC-1s")
def end_term(*, subscription_id: UUID, ends_on: date, now: datetime, today: date) -> str:
    """Return "renewed", "ended" or "" when this term was seen to already.

    An automatic renewal gives an identical period at the price and terms that were told in time, invoiced
    that day; a fixed or terminated one ends, unless its renewal was agreed to and paid.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    term = subscription.term
    if subscription.ended_on or term.ends_on != ends_on:
        return ""
    _lapse_additions(subscription, now, today)
    if subscription.renewal_order_id is not None:
        start_renewed_term(subscription=subscription, now=now)
        return "renewed"
    word = Termination.objects.filter(subscription=subscription).first()
    stops_on = word.effective_on if word else _phased_out_on(subscription, ends_on)
    if not renews_automatically(subscription.renewal, terminated_on=stops_on, ends_on=ends_on):
        reason = word.how if word else "phased_out" if stops_on else "term"
        end_subscription(subscription=subscription, on=ends_on, reason=reason, now=now)
        return "ended"
    _renew(subscription, term, now, today)
    return "renewed"


def _lapse_additions(subscription: Subscription, now: datetime, today: date) -> None:
    """Cancel what was to be added to the term that ends and was never paid: it was priced for that term."""
    waiting = Order.objects.unpaid().filter(
        lines__contract_id=subscription.contract_id,
        lines__licences_after__isnull=False,
        lines__added_at=None,
    )
    for order in Order.objects.filter(pk__in=waiting.values("pk")).order_by("confirmed_at"):
        if is_alone(order, subscription):
            with suppress(MoneyInHand), transaction.atomic():
                cancel_order(order_id=order.pk, reason="term", by=None, now=now, today=today, lapsed=True)
                continue
        # part of it was paid, or it sells other things too: what is of this term alone goes back
        take_back_order(order=order, subscription=subscription, by=None, now=now, today=today)


def _phased_out_on(subscription: Subscription, ends_on: date) -> date | None:
    """Return the day from which a product withdrawn from sale renews no more, None while it does (MC-1s)."""
    until = access_until_of(subscription.product_id)
    return ends_on if is_last_term(ends_on, access_until=until) else None


def _renew(subscription: Subscription, term: SubscriptionTerm, now: datetime, today: date) -> None:
    told = told_for(subscription, term)
    ordered = _ordered(subscription, term, told.unit_net_cents, today)
    order = create_order(ordered=ordered, by=None, now=now, today=today)
    begin_next_term(
        subscription=subscription,
        order=order,
        terms=NextTerms(subscription.next_quantity, told.unit_net_cents, told.terms_version or None),
        now=now,
    )
    if order.gross_cents:
        quoted = subscription.order.version
        days = quoted.payment_days if quoted else 0
        invoice = issue_invoice(order=order, by=None, now=now, today=today, payment_days=days)
        _charge(invoice, subscription, now)


def _charge(invoice: Invoice, subscription: Subscription, now: datetime) -> None:
    """Promise to charge a renewal on the method its client saved.

    Without one they pay the invoice themselves.
    """
    if subscription.method in OURS and SavedMethod.objects.of_customer(subscription.customer_id):
        schedule_charge(invoice, now=now)


def _ordered(subscription: Subscription, term: SubscriptionTerm, unit_net_cents: int, today: date) -> Ordered:
    """Return what a renewal orders: open at once, the access never stopped."""
    rows = OrderLine.objects.filter(
        order=subscription.order, contract_id=subscription.contract_id, licences_after=None
    )
    first = rows.select_related("site").exclude(product__option_of__isnull=False).get()
    tenant_id = subscription.contract.tenant_id
    sites = [OrderedSite(first.site.name, first.site.slug, tenant_id)] if first.site else []
    method = method_told_for(subscription, term.ends_on)
    lines = _lines(first, subscription, term, unit_net_cents, today)
    sold = [
        OrderedLine(line.terms() | {"contract_id": subscription.contract_id}, 0 if sites else None)
        for line in lines
    ]
    if fee := _fee(subscription, lines, method, today):
        sold.append(OrderedLine(fee.terms() | {"position": len(sold) + 1}, None))
    return Ordered(
        Origin.RENEWAL,
        subscription.customer,
        subscription.contact,
        method,
        term.currency,
        sold,
        sites,
        term_months=subscription.term_months,
        renewal=subscription.renewal,
        capacity=subscription.order.purchase_capacity,
        facts={"starts_on": str(term.ends_on)},
    )


def _lines(
    first: OrderLine, subscription: Subscription, term: SubscriptionTerm, unit_net_cents: int, today: date
) -> list[PricedLine]:
    """Return the lines of a renewal: the subscription, then its options, as they were told.

    With the tax of the day it is invoiced, wherever its client is by then (MC-11).
    """

    def line(product: Product, words: str, quantity: int, cents: int) -> PricedLine:
        return PricedLine(
            first.kind,
            words,
            quantity,
            cents,
            tax_of_product(subscription.customer, product, on=today, currency=term.currency),
            unit_gross_cents=_gross(first, cents, subscription),
            product=product,
            nature=first.nature,
        )

    lines = [line(subscription.product, first.description, subscription.next_quantity, unit_net_cents)]
    language = subscription.contact.language
    for option, cents in options_told_for(subscription, term):
        lines.append(line(option.product, option.product.name(language), option.renewed_quantity, cents))
    for position, each in enumerate(lines, start=1):
        each.position = position
    return lines


@keeps("LG-S6.2")
def _fee(subscription: Subscription, lines: list[PricedLine], method: str, today: date) -> PricedLine | None:
    """Return the fee for a cheque on its own line, None where a renewal is paid in another way."""
    return cheque_fee_line(
        [line.product for line in lines if line.product],
        [(line.net_cents, line.treatment) for line in lines],
        method=method,
        language=subscription.contact.language,
        today=today,
        with_vat=subscription.order.is_consumer_protected,
    )


def _gross(first: OrderLine, cents: int, subscription: Subscription) -> int | None:
    """Return the price with VAT a consumer was told, None for who reads prices without."""
    told = line_shown(first, cents, with_vat=subscription.order.is_consumer_protected)
    return told.cents if told.with_vat else None
