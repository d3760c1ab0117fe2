"""Price a cart as it would be ordered now.

Each line, what is charged on top, how it can be paid, what it must say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from billing.catalogue.actions.price_lines import LineDraft, PricedLine, price_lines
from billing.catalogue.models import Product
from billing.catalogue.models.lines import LineKind, totals_of
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.methods import Offer as Payable
from billing.catalogue.policy.methods import methods_for
from billing.catalogue.policy.offer import Incomplete, Offer
from billing.catalogue.policy.prices import NotOnTheList, QuotedPrice, ShownPrice, delivery_fee, shown
from billing.catalogue.policy.shelves import OutOfStock, Shortage, check_stock
from billing.catalogue.queries.catalogue import is_offered, list_in_force, price_book
from billing.catalogue.queries.storefront import next_dispatch, offer_of
from billing.customers.policy.clients import PurchaseCapacity
from billing.money.policy.address import address_kept
from billing.money.policy.digest import digest
from billing.money.policy.vat import Totals
from billing.orders.models import Cart, CartLine
from billing.orders.policy.cart import Item, Term, common_term, offered_methods, trial_days
from billing.payments.gateways.stripe_checkout import is_configured
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from contracts.queries import terms_in_force
from tenants.models import Customer

TYPED = ("name", "email", "street", "postcode", "city", "subdivision", "siren", "siret", "vat_number")

DEFAULT_OFFER = {"consumer": "family"}  # whose terms of sale apply where no subscription is bought


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the cart as its buyer reads it, with all that must be told of the product (LG-S4)."""

    line: CartLine
    unit: ShownPrice
    total: ShownPrice
    was: ShownPrice | None
    offer: Offer


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart as it would be ordered now; `gone` can't be ordered any more, `short` isn't there in that
    number.
    """

    rows: list[Row]
    gone: list[CartLine]
    short: tuple[Shortage, ...]
    lines: list[PricedLine]
    charges: list[tuple[str, ShownPrice]]
    totals: Totals | None
    consumer: bool
    methods: tuple[str, ...]
    method: str
    term: Term
    trial_days: int
    leaves_on: date | None
    terms: TermsVersion | None
    digest: str

    @property
    def is_ready(self) -> bool:
        """Return whether all of it can be ordered and paid in some way."""
        return bool(self.rows and self.methods and self.terms) and not self.gone and not self.short


def buyer_of_cart(cart: Cart) -> Customer:
    """Return who buys: the customer of a known contact, else one not kept yet, made of what was typed so
    far.
    """
    if cart.contact is not None:
        return cart.contact.customer
    typed = {name: cart.details.get(name, "") for name in TYPED}
    people = f"{cart.details.get('first_name', '')} {cart.details.get('last_name', '')}".strip()
    return Customer(
        customer_type=cart.client, country=cart.country, language=cart.language, signatory=people, **typed
    )


def capacity_of_cart(cart: Cart) -> PurchaseCapacity:
    """Return in which capacity its buyer said they buy."""
    told = cart.details.get("employees")
    return PurchaseCapacity(told, bool(cart.details.get("outside_main_activity")))


@keeps("LG-S3", "LG-S6.1", "LG-S6.1s", "LG-S6.2", "LG-S4", "LG-S7")
def price_cart(cart: Cart, *, now: datetime, today: date) -> PricedCart:
    """Return the cart at the prices in force now, promotions included for who has not the product yet.

    Delivery and processing are lines of their own. Raises UnknownRate, MixedTreatments, TermsDiffer where the
    cart can't be one order.
    """
    buyer = buyer_of_cart(cart)
    capacity = capacity_of_cart(cart)
    protected = capacity.is_consumer_protected(buyer.customer_type)
    asked, gone = _asked(cart, buyer, today)
    items = [item_of(line.product, line.term_months) for line in asked]
    term = common_term(items)
    methods = ways_to_pay(
        [(line.product, line.quantity) for line in asked], items, cart.currency, consumer=protected
    )
    method = cart.method if cart.method in methods else next(iter(methods), "")
    drafts = [LineDraft(line.product_id, "", line.quantity, each.net_cents) for line, each in asked.items()]
    lines = price_lines(
        customer=buyer,
        lines=drafts,
        discount=Discount(),
        shipping_cents=_delivery(asked, cart.currency, today),
        method=method,
        language=cart.language,
        today=today,
        currency=cart.currency,
        delivery=address_kept(cart.details.get("delivery")),
        capacity=capacity,
    )
    rows, unknown = _rows(cart, buyer, asked, lines, methods, today=today, capacity=capacity)
    ships = any(line.product.kind == Product.Kind.GOODS for line in asked)
    terms = terms_in_force(
        "sale", term.offer or DEFAULT_OFFER.get(buyer.customer_type, "school"), cart.language, today
    )
    priced = PricedCart(
        rows=rows,
        gone=gone + unknown,
        short=_short(list(asked)),
        lines=lines,
        charges=_charges(lines, consumer=protected),
        totals=totals_of(lines) if lines else None,
        consumer=protected,
        methods=methods,
        method=method,
        term=term,
        trial_days=trial_days(items, method=method),
        leaves_on=next_dispatch(now) if ships else None,
        terms=terms,
        digest="",
    )
    return _sealed(priced, cart)


def _asked(cart: Cart, buyer: Customer, today: date) -> tuple[dict[CartLine, QuotedPrice], list[CartLine]]:
    """Return what each line costs now, and the lines that can't be had any more."""
    sold = set(Product.objects.on_sale(today).values_list("pk", flat=True))
    found: dict[CartLine, QuotedPrice] = {}
    gone = []
    lines = list(cart.lines.select_related("product"))
    known = buyer if cart.contact_id else None
    book = price_book(
        today, currency=cart.currency, products=[line.product for line in lines], customer=known
    )
    for line in lines:
        try:
            if line.product_id not in sold or not is_offered(line.product, buyer.customer_type, on=today):
                raise NotOnTheList(line.product.key)
            found[line] = book.asked(line.product, quantity=line.quantity, term_months=line.term_months)
        except NotOnTheList:
            gone.append(line)
    return found, gone


def item_of(product: Product, term_months: int = 0) -> Item:
    """Return a product as a cart's rules read it, for the term chosen or its own."""
    if product.kind != Product.Kind.SUBSCRIPTION:
        return Item(False)
    months = term_months or product.term_months
    return Item(True, months, product.renewal, product.trial_days, product.profile)


@keeps("LG-S6.2")
def ways_to_pay(
    sold: Sequence[tuple[Product, int]], items: Sequence[Item], currency: str, *, consumer: bool
) -> tuple[str, ...]:
    """Return how these products may be paid together in the shop, in the order shown."""
    bought = {product.key: quantity for product, quantity in sold}
    offers = {product.key: Payable(product.methods, product.cheque_minimum) for product, _quantity in sold}
    allowed = methods_for(bought, offers, currency=currency)
    return offered_methods(
        allowed, items, consumer=consumer, can_pay_online=is_configured(), currency=currency
    )


def _delivery(asked: dict[CartLine, QuotedPrice], currency: str, today: date) -> int:
    prices = list_in_force(today, currency=currency)
    goods = [line for line in asked if line.product.kind == Product.Kind.GOODS]
    if prices is None or not goods:
        return 0
    worth = sum(line.quantity * asked[line].net_cents for line in goods)
    return delivery_fee(
        worth, fee_cents=prices.delivery_net_cents, free_from_cents=prices.free_delivery_from_cents
    )


def _rows(
    cart: Cart,
    buyer: Customer,
    asked: dict[CartLine, QuotedPrice],
    lines: Sequence[PricedLine],
    methods: Sequence[str],
    *,
    today: date,
    capacity: PurchaseCapacity,
) -> tuple[list[Row], list[CartLine]]:
    protected = capacity.is_consumer_protected(buyer.customer_type)
    rows = []
    unknown = []
    for (line, each), priced in zip(asked.items(), lines, strict=False):
        rate = priced.vat_rate
        was = _was(each, rate, consumer=protected)
        try:
            told = offer_of(
                line.product,
                buyer,
                on=today,
                language=cart.language,
                net_cents=each.net_cents,
                gross_cents=each.gross_cents,
                term_months=line.term_months,
                methods=methods,
                capacity=capacity,
                delivery=address_kept(cart.details.get("delivery")),
            )
        except Incomplete:
            unknown.append(line)
            continue
        unit = shown(priced.unit_net_cents, rate, consumer=protected, gross_cents=priced.unit_gross_cents)
        total = shown(priced.net_cents, rate, consumer=protected, gross_cents=priced.gross_cents)
        rows.append(Row(line, unit, total, was, told))
    return rows, unknown


def _was(price: QuotedPrice, rate: Decimal | None, *, consumer: bool) -> ShownPrice | None:
    if not price.is_promotional:
        return None
    return shown(price.list_cents, rate, consumer=consumer, gross_cents=price.list_gross_cents)


def _charges(lines: Sequence[PricedLine], *, consumer: bool) -> list[tuple[str, ShownPrice]]:
    charged = [line for line in lines if line.kind in {LineKind.SHIPPING, LineKind.CHEQUE_FEE}]
    return [
        (
            line.description,
            shown(line.net_cents, line.vat_rate, consumer=consumer, gross_cents=line.gross_cents),
        )
        for line in charged
    ]


def _short(lines: Sequence[CartLine]) -> tuple[Shortage, ...]:
    try:
        check_stock(
            {line.product.key: line.quantity for line in lines},
            {line.product.key: line.product.stock for line in lines},
        )
    except OutOfStock as gone:
        return gone.shortages
    return ()


def _sealed(priced: PricedCart, cart: Cart) -> PricedCart:
    """Return it with one hash over everything its buyer reads and confirms."""
    content = {
        "lines": [line.terms() for line in priced.lines],
        "currency": cart.currency,
        "method": priced.method,
        "gross_cents": priced.totals.gross_cents if priced.totals else 0,
        "terms": priced.terms and priced.terms.pk,
        "term": [priced.term.months, priced.term.renewal, priced.trial_days],
        "leaves_on": priced.leaves_on,
        "offers": [row.offer.as_kept() for row in priced.rows],
    }
    return replace(priced, digest=digest(content))
