"""Make an order of a cart that was confirmed, its terms accepted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.catalogue.actions.price_lines import PricedLine
from billing.catalogue.policy.catalogue import abnormal
from billing.collections.models import Dispute
from billing.collections.policy.suspension import blocks_orders
from billing.collections.queries.overdue import overdue_by_customer
from billing.customers.actions.save_customer import save_contact, save_customer
from billing.customers.models import Contact
from billing.customers.policy.clients import legal_status
from billing.customers.policy.completeness import missing_of_buyer
from billing.customers.queries.buyer import buyer_of
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.orders.actions.confirm_cart import CartChanged
from billing.orders.actions.create_order import Ordered, OrderedLine, OrderedSite, Origin, create_order
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.actions.payment_deadline import payment_deadline_of
from billing.orders.actions.price_cart import PricedCart, buyer_of_cart, capacity_of_cart, price_cart
from billing.orders.models import Cart, CheckoutSteps, Order
from billing.orders.policy.cart import ONLINE
from billing.orders.policy.online_order import PAYMENT, OutOfOrder, Steps, next_step, refusals
from billing.orders.queries.addresses import free_address
from billing.orders.queries.trial import trial_offered
from contracts.policy.clauses import keeps
from contracts.registry import profile
from tenants.models import Customer

DEFAULT_PROFILE = "family"


class Refused(Exception):
    """Raised when the order isn't taken; says why, and whom it concerns when that is a client we know
    already.
    """

    def __init__(self, reasons: tuple[str, ...], contact: Contact | None) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons
        self.contact = contact


@transaction.atomic
@keeps("LG-S5.1", "LG-S5.1r", "LG-S5.2x", "LG-S6.1", "LG-S6.3x", "LG-S10.1")
def place_order(*, cart_id: UUID, now: datetime, today: date) -> Order:
    """Return the order of a cart; asked twice it is the same one.

    Prices, stock and refusals are looked at again under lock. Paid by cheque or transfer, its invoice is
    issued now; online, once the money comes, and the order waits for it a day. Raises OutOfOrder,
    CartChanged, Refused, OutOfStock, NotAnInvoice, and what `price_cart` raises.
    """
    cart = Cart.objects.select_for_update(of=("self",)).select_related("contact__customer").get(pk=cart_id)
    if cart.order is not None:
        return cart.order
    if (step := next_step(Steps(cart.reviewed_at, cart.terms_at))) != PAYMENT:
        raise OutOfOrder(PAYMENT, str(step))
    check_refusals(cart, today=today)
    priced = price_cart(cart, now=now, today=today)
    if priced.digest != cart.reviewed_digest or not priced.is_ready:
        raise CartChanged
    contact = _contact(cart, now)
    if missing := missing_of_buyer(buyer_of(contact.customer), kind=contact.customer.customer_type):
        raise NotAnInvoice(missing)  # said before anything is paid
    ordered = _ordered(cart, priced, contact, today)
    order = create_order(ordered=ordered, by=None, now=now, today=today)
    _save_steps(order, cart, priced)
    cart.mark_placed(order_id=order.pk)
    invoice_now(order, now, today)
    return order


def placed_meanwhile(*, cart_id: UUID) -> Order | None:
    """Return the order a cart became while its buyer pressed again, once the first press is through.

    None if none.
    """
    return Cart.objects.select_for_update(of=("self",)).select_related("order__contact").get(pk=cart_id).order


@keeps("LG-S5.1r", "LG-S5.2x", "LG-S6.3x")
def check_refusals(cart: Cart, *, today: date) -> None:
    """Raise Refused when an order can't be taken.

    Something overdue or contested, or far too many for a consumer.

    Whoever types the address or the number of a client who owes is refused like them; the client alone is
    told why.
    """
    known = _known(cart)
    overdue = overdue_by_customer([each.pk for each in known], today)
    contested = [each.pk for each in known if Dispute.objects.active().about_payment_by(each.pk).exists()]
    blocked = blocks_orders(overdue.values(), is_disputed=bool(contested))
    lines = list(cart.lines.select_related("product"))
    many = abnormal(
        {line.product.key: line.quantity for line in lines},
        {line.product.key: line.product.abnormal_quantity for line in lines},
        consumer=legal_status(buyer_of_cart(cart).customer_type).consumer_protections,
    )
    if reasons := refusals(blocked=blocked, abnormal=many):
        owing = Contact.objects.speaking().filter(customer__in=[*overdue] or contested).order_by("created_at")
        raise Refused(reasons, owing.first() if blocked else cart.contact)


def _known(cart: Cart) -> list[Customer]:
    """Return the customers this buyer may be.

    Who is signed in, and those with the address or number that was typed.
    """
    if cart.contact is not None:
        return [cart.contact.customer]
    email = cart.details.get("email", "")
    siren = cart.details.get("siren", "")
    alike = Q(contacts__email__iexact=email) | Q(email__iexact=email)
    return (
        list(Customer.objects.filter(alike | Q(siren=siren) if siren else alike).distinct()) if email else []
    )


def _contact(cart: Cart, now: datetime) -> Contact:
    """Return who buys: a contact who is signed in, else a new one of a new customer.

    Typing the address of a client we have never lets anybody read their documents.
    """
    if cart.contact is not None:
        return cart.contact
    customer = save_customer(customer=buyer_of_cart(cart), by=None, now=now)
    names = {name: cart.details.get(name, "") for name in ("email", "first_name", "last_name", "job_title")}
    return save_contact(contact=Contact(language=cart.language, **names), customer=customer, by=None, now=now)


def _ordered(cart: Cart, priced: PricedCart, contact: Contact, today: date) -> Ordered:
    """Return what a cart orders, and the school a subscription opens; households share a place."""
    customer = contact.customer
    waits = payment_deadline_of(customer, offer=priced.term.offer or DEFAULT_PROFILE, today=today)
    sites = []
    if priced.term.offer and profile(priced.term.offer, on=today).domain != "shared":
        name = cart.details.get("school") or customer.name
        sites = [OrderedSite(name, free_address(name))]
    return Ordered(
        Origin.CART,
        customer,
        contact,
        priced.method,
        cart.currency,
        [_line(line, has_site=bool(sites)) for line in priced.lines],
        sites,
        term_months=priced.term.months,
        renewal=priced.term.renewal,
        trial_days=priced.trial_days,
        language=cart.language,
        methods=priced.methods,
        cancellable_on=waits.cancellable_from,
        deliver_to=cart.details.get("delivery") or {},
        capacity=capacity_of_cart(cart),
        facts={"method": priced.method, "terms": str(cart.terms_version)},
    )


def _line(line: PricedLine, *, has_site: bool) -> OrderedLine:
    return OrderedLine(line.terms(), 0 if has_site and line.product and line.product.profile else None)


def _save_steps(order: Order, cart: Cart, priced: PricedCart) -> None:
    assert cart.reviewed_at, "it was reviewed"
    assert cart.terms_at, "its terms were accepted"
    assert cart.terms_version, "and which is known"
    CheckoutSteps.objects.create(
        order=order,
        language=cart.language,
        cart_confirmed_at=cart.reviewed_at,
        terms_version=cart.terms_version,
        terms_at=cart.terms_at,
        leaves_on=priced.leaves_on,
    )


def invoice_now(order: Order, now: datetime, today: date) -> None:
    """Issue the invoice of an order paid by hand and say it was received; online, it waits for the money.

    One that asks nothing waits for none, however it was to be paid: it opens.
    """
    if order.method in ONLINE and (order.gross_cents or trial_offered(order)):
        return
    issue_invoice(order=order, by=None, now=now, today=today)
    if not order.gross_cents:
        order.refresh_from_db()
        return
    enqueue_message(
        "billing/order_received", ids={"order": order.pk}, now=now, key=f"order-received:{order.pk}"
    )
    wake_worker()
