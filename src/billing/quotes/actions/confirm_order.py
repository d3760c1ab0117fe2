"""Make a firm order of a signed quote."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.customers.policy.clients import capacity
from billing.invoicing.models import Invoice
from billing.money.gateways.holidays import customer_holidays
from billing.money.models import NumberSeries
from billing.money.policy.address import address_kept
from billing.money.policy.numbering import document_number
from billing.orders.actions.conclude_online import confirmation_key
from billing.orders.actions.issue_invoice import issue_deposit, issue_invoice
from billing.orders.actions.keep_offers import keep_offers
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.actions.take_from_shelves import take_from_shelves
from billing.orders.models import Order, OrderLine, OrderSite
from billing.orders.policy.orders import payment_term
from billing.quotes.actions.amend_contracts import amend_contracts
from billing.quotes.models import QuoteVersion


@transaction.atomic
def confirm_order(*, version: QuoteVersion, now: datetime, today: date) -> Order:
    """Return the order of a signed version, with its sites and lines, its invoice issued.

    Opens the promise to mark it cancellable once its business days have passed unpaid (LG-S5.2c). A later due
    date agreed in the quote moves that day too; contracts it amends change now.
    """
    customer = version.quote.customer
    counted_from = max(today, version.deferred_until or today)
    term = payment_term(
        quoted_on=version.issued_on,
        confirmed_on=today,
        deferred_until=version.deferred_until,
        holidays=customer_holidays(customer, counted_from),
    )
    rank = NumberSeries.objects.take("order", today.year)
    same = ("method", "term_months", "renews", "currency", "net_cents", "vat_cents", "gross_cents")
    order = Order.objects.create(
        number=document_number("order", year=today.year, rank=rank),
        customer=customer,
        contact_id=version.quote.contact_id,
        version=version,
        deliver_to=goes_to.kept() if (goes_to := address_kept(version.buyer.get("delivery"))) else {},
        confirmed_at=now,
        confirmed_on=today,
        cancellable_on=term.cancellable_from,
        risk_on=None if capacity(customer.client).consumer_protections else today,
        **{name: getattr(version, name) for name in same},
    )
    _copy_content(version, order)
    take_from_shelves(order=order, now=now)
    keep_offers(order=order, language=version.language, now=now, today=today)
    schedule_cancellable(order=order, now=now)
    log_action(
        "order.confirmed", by=None, on=order, at=now, facts={"number": order.number, "quote": version.label}
    )
    _first_invoice(order, version.deposit_pct, now, today)
    amend_contracts(order=order, now=now)
    enqueue_message(
        "billing/order_confirmed", ids={"order": order.id}, now=now, key=confirmation_key(order.id)
    )
    wake_worker()
    return order


def _first_invoice(order: Order, deposit_pct: int, now: datetime, today: date) -> Invoice:
    """Return the invoice of the order, or that of its deposit where one was agreed.

    The order's own follows.
    """
    if deposit_pct:
        return issue_deposit(order=order, pct=deposit_pct, by=None, now=now, today=today)
    return issue_invoice(order=order, by=None, now=now, today=today)


def _copy_content(version: QuoteVersion, order: Order) -> None:
    sites = {}
    for site in version.sites.all():
        sites[site.id] = OrderSite.objects.create(
            order=order,
            position=site.position,
            name=site.name,
            slug=site.slug,
            tenant_id=site.tenant_id,
            admin_email=site.admin_email,
        )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            site=sites.get(line.site_id),  # type: ignore[arg-type]
            contract_id=line.contract_id,
            licences_after=line.licences_after,
            term_net_cents=line.term_net_cents,
            **line.terms(),
        )
        for line in version.lines.all()
    )
