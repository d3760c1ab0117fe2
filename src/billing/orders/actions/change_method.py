"""Pay an order in another way: the card was refused, or one would rather make a transfer."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.policy.methods import CHEQUE, TRANSFER, MethodRefused, is_rest_paid
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, has_money, methods_of_money
from billing.invoicing.queries.credits import cheque_fees_left, gross_of
from billing.money.policy.days import paris_day
from billing.orders.actions.payment_deadline import schedule_unpaid
from billing.orders.actions.place_order import invoice_now
from billing.orders.actions.price_cart import ways_to_pay
from billing.orders.models import Order
from billing.orders.policy.cart import ONLINE
from billing.payments.gateways.stripe_checkout import close_page
from billing.payments.models import Checkout
from contracts.policy.clauses import keeps

_WHY = gettext_lazy("Paid in another way: no fee for a cheque.")


@transaction.atomic
@keeps("LG-S6.2")
def change_method(
    *, order_id: UUID, method: str, now: datetime, today: date, by: Actor | None = None
) -> Order:
    """Return the order, waiting for its money by another method that all it holds allows.

    By transfer its invoice is issued now. A cheque has a fee of its own and isn't offered any more; who chose
    it and pays in another way owes the fee no more: a credit note takes it off the invoice. A trial is only
    for who pays online. Raises MethodRefused, Unreachable, PeriodClosed.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state != Order.State.AWAITING_PAYMENT or method not in other_ways(order):
        raise MethodRefused(method)
    if method == order.method:
        return order
    facts = {"number": order.number, "method": method}
    if invoice := _its_invoice(order):
        order.choose_method(method)
        if fees := cheque_fees_left(invoice):
            note = credit_invoice(corrects=invoice, amounts=fees, reason=_WHY, by=by, now=now, today=today)
            tell_credit_notes([note], now=now)
        log_action("order.method_changed", by=by, on=order, at=now, facts=facts)
        return order
    if method not in ONLINE:
        for page in order.checkouts.filter(state=Checkout.State.OPEN).exclude(session_id=None):
            close_page(page.session_id or "")  # nobody pays twice
    order.choose_method(method)
    close_obligation("LG-S5.1", kind="paid-online", subject=order.pk, now=now, evidence={"method": method})
    log_action("order.method_changed", by=by, on=order, at=now, facts=facts)
    schedule_unpaid(order=order, is_online=method in ONLINE, now=now)
    invoice_now(order, now, today)
    return order


def other_ways(order: Order) -> tuple[str, ...]:
    """Return how a waiting order may be paid: what all it holds allows.

    Online only where a trial comes first. Once its invoice is issued, instead of a cheque that didn't come.
    """
    lines = order.lines.exclude(product=None).select_related("product")
    sold = [(line.product, line.quantity) for line in lines if line.product]
    found = ways_to_pay(sold, [], order.currency, consumer=order.is_consumer_protected)
    if order.invoices.exists():
        instead = order.method == CHEQUE and _its_invoice(order) is not None
        return tuple(way for way in found if instead and way != CHEQUE)
    return tuple(way for way in found if way != CHEQUE and (way in ONLINE or not order.trial_days))


def may_pay_by_transfer(order: Order) -> bool:
    """Return whether a waiting order can be paid by transfer instead of the cheque that was chosen."""
    waits = order.state == Order.State.AWAITING_PAYMENT and order.method == CHEQUE
    return waits and TRANSFER in other_ways(order)


def _its_invoice(order: Order) -> Invoice | None:
    """Return the one invoice of an order, as long as nothing came for it."""
    rows = list(order.invoices.filter(kind=Invoice.Kind.INVOICE))
    return rows[0] if len(rows) == 1 and not rows[0].is_down_payment and not has_money(rows[0]) else None


@transaction.atomic
def pay_online_instead(*, order_id: UUID, now: datetime) -> Order | None:
    """Return the order whose client begins to pay online instead of by cheque, its fee credited; else None.

    Raises PeriodClosed.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state != Order.State.AWAITING_PAYMENT or order.method != CHEQUE:
        return None
    online = [way for way in other_ways(order) if way in ONLINE]
    if not online:
        return None
    return change_method(order_id=order.pk, method=online[0], now=now, today=paris_day(now))


@transaction.atomic
@keeps("LG-S6.2")
def drop_fee_without_cheque(*, invoice: Invoice, now: datetime) -> None:
    """Credit the fee for a cheque once all the rest of an invoice was paid, and not by cheque.

    Nobody said before that it would be paid otherwise: what counts is how it was.
    """
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice, method=CHEQUE).first()
    fees = cheque_fees_left(invoice) if order is not None else {}
    if order is None or not fees:
        return
    methods = methods_of_money(invoice)
    if not is_rest_paid(methods, left_cents=balance_of(invoice.pk), fee_cents=gross_of(invoice, fees)):
        return
    order.choose_method(methods[0])
    today = paris_day(now)
    note = credit_invoice(corrects=invoice, amounts=fees, reason=_WHY, by=None, now=now, today=today)
    tell_credit_notes([note], now=now)
    log_action(
        "order.method_changed",
        by=None,
        on=order,
        at=now,
        facts={"number": order.number, "method": methods[0]},
    )
