"""See to the end of a term: the next one begins, or the subscription ends."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.catalogue.models import Phaseout
from billing.catalogue.models.lines import totals_of
from billing.invoicing.models import Invoice
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.models import Order, OrderLine, OrderSite
from billing.payments.models import SavedMethod
from billing.payments.queries.online import OURS
from billing.subscriptions.actions.agree_renewals import begin_agreed_term, begin_with
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.actions.start_subscription import promise
from billing.subscriptions.models import Subscription, SubscriptionTerm, Termination
from billing.subscriptions.policy.renewal import next_term, renews_by_itself
from billing.subscriptions.queries.subscriptions import options_told_for, told_for
from billing.workflows.actions.charge_saved_method import schedule_charge
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.2f", "LG-S14.2a", "LG-S14.2n")
def end_term(*, subscription_id: UUID, ends_on: date, now: datetime, today: date) -> str:
    """Return "renewed", "ended" or "" when this term was seen to already.

    An automatic renewal gives an identical period at the price and terms that were told in time, invoiced
    that day; a fixed or terminated one ends, unless its renewal was agreed to and paid.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    term = subscription.term
    if subscription.ended_on or term.ends_on != ends_on:
        return ""
    if subscription.renewal_order_id is not None:
        begin_agreed_term(subscription=subscription, now=now, today=today)
        return "renewed"
    word = Termination.objects.filter(subscription=subscription).first()
    stops_on = word.effective_on if word else _phased_out_on(subscription, ends_on)
    if not renews_by_itself(subscription.renews, terminated_on=stops_on, ends_on=ends_on):
        reason = word.how if word else "phased_out" if stops_on else "term"
        end_subscription(subscription=subscription, on=ends_on, reason=reason, now=now)
        return "ended"
    _renew(subscription, term, now, today)
    return "renewed"


def _phased_out_on(subscription: Subscription, ends_on: date) -> date | None:
    """Return the day from which a product withdrawn from sale renews no more, None while it does (MC-1s)."""
    phaseout = Phaseout.objects.filter(product=subscription.product_id, access_until__lte=ends_on).first()
    return ends_on if phaseout else None


def _renew(subscription: Subscription, term: SubscriptionTerm, now: datetime, today: date) -> None:
    told = told_for(subscription, term)
    after = next_term(term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months)
    order = _order_of_renewal(subscription, term, told.unit_net_cents, now, today)
    new = subscription.begin_term(
        position=after.position,
        starts_on=after.starts_on,
        ends_on=after.ends_on,
        quantity=subscription.next_quantity,
        unit_net_cents=told.unit_net_cents,
        currency=term.currency,
        order=order,
        terms_version=told.terms_version or None,
    )
    begin_with(subscription, order, new, now=now)
    if order.gross_cents:
        quoted = subscription.order.version
        days = quoted.payment_days if quoted else 0
        invoice = issue_invoice(order=order, by=None, now=now, today=today, payment_days=days)
        _charge(invoice, subscription, now)
    promise(subscription, new, now=now)
    log_action(
        "subscription.renewed",
        by=None,
        on=subscription,
        at=now,
        facts={
            "starts_on": str(new.starts_on),
            "ends_on": str(new.ends_on),
            "unit_net_cents": new.unit_net_cents,
            "order": order.number,
        },
    )
    enqueue_message(
        "billing/subscription_renewed", ids={"term": new.id}, now=now, key=f"subscription-renewed:{new.id}"
    )
    wake_worker()


def _charge(invoice: Invoice, subscription: Subscription, now: datetime) -> None:
    """Promise to charge a renewal on the method its client saved.

    Without one they pay the invoice themselves.
    """
    if subscription.method in OURS and SavedMethod.objects.of_customer(subscription.customer_id):
        schedule_charge(invoice, now=now)


def _order_of_renewal(
    subscription: Subscription, term: SubscriptionTerm, unit_net_cents: int, now: datetime, today: date
) -> Order:
    """Return the order a renewal is invoiced by: open at once, the access never stopped."""
    rows = OrderLine.objects.filter(
        order=subscription.order, contract_id=subscription.contract_id, licences_after=None
    )
    first = rows.select_related("site").exclude(product__option_of__isnull=False).get()
    rank = NumberSeries.objects.take("order", today.year)
    order = Order.objects.create(
        number=document_number("order", year=today.year, rank=rank),
        customer_id=subscription.customer_id,
        contact_id=subscription.contact_id,
        method=subscription.method,
        term_months=subscription.term_months,
        renews=subscription.renews,
        confirmed_at=now,
        confirmed_on=today,
        cancellable_on=today + timedelta(days=1),
        currency=term.currency,
        state=Order.State.OPEN,
        opened_at=now,
    )
    site = first.site and OrderSite.objects.create(
        order=order, name=first.site.name, slug=first.site.slug, tenant_id=subscription.contract.tenant_id
    )
    told = {"position": 1, "quantity": subscription.next_quantity, "unit_net_cents": unit_net_cents}
    lines = [OrderLine(**(first.terms() | told))]
    for option, cents in options_told_for(subscription, term):
        words = option.product.name(subscription.contact.language)
        own = {
            "position": len(lines) + 1,
            "product_id": option.product_id,
            "description": words,
            "quantity": option.renews_as,
            "unit_net_cents": cents,
        }
        lines.append(OrderLine(**(first.terms() | own)))
    for line in lines:
        line.order = order
        line.site = site
        line.contract_id = subscription.contract_id
    OrderLine.objects.bulk_create(lines)
    order.put(totals_of(lines))
    order.save(update_fields=["net_cents", "vat_cents", "gross_cents"])
    return order
