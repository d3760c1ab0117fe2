"""Price the lines of a quote: each with its VAT, then the discount, then what is charged on top."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.catalogue.models import Price, PriceList, Product
from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind, totals_of
from billing.catalogue.policy.charges import charges
from billing.catalogue.policy.discount import Discount, spread_discount
from billing.catalogue.policy.methods import cheque_fee
from billing.catalogue.policy.prices import EURO, check_currency, shown
from billing.customers.policy.clients import NOTHING_SAID, PurchaseCapacity
from billing.money.gateways.taxation import tax
from billing.money.policy.address import Address
from billing.money.policy.money import LARGEST_CENTS
from billing.money.policy.tax import Treatment, principal
from billing.money.policy.vat import net_of_line
from billing.money.policy.visible import is_visible
from contracts.policy.clauses import keeps
from contracts.registry import profile
from tenants.models import Customer


class AmountTooLarge(ValueError):
    """Raised when a price, a line or a total is more than a document can say."""


class BelowZero(ValueError):
    """Raised when lines together come to less than nothing: that is no offer."""


class NothingVisible(ValueError):
    """Raised when a line has no product and no word that can be seen."""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as finance types it; the VAT rate comes from the customer's place, of goods from where they
    go.

    `site` is the rank of its school among the draft's sites. A line that changes a running contract names it,
    what its licences come to and what one costs for a whole term; one that renews it names it only.
    """

    product_id: UUID | None
    description: str
    quantity: int
    unit_net_cents: int
    site: int | None = None
    contract_id: UUID | None = None
    licences_after: int | None = None
    term_net_cents: int | None = None


@dataclass(slots=True)
class PricedLine:
    """One line as it is charged, of a quote, a cart or an order: nobody's row yet."""

    kind: str
    description: str
    quantity: int
    unit_net_cents: int
    treatment: Treatment
    position: int = 0
    unit_gross_cents: int | None = None
    product: Product | None = None
    nature: str = Nature.SERVICES
    contract_id: UUID | None = None
    licences_after: int | None = None
    term_net_cents: int | None = None

    @property
    def product_id(self) -> UUID | None:
        """Return the key of what is sold; None of a charge or a line written freely."""
        return self.product.pk if self.product else None

    @property
    def net_cents(self) -> int:
        """Return the line's amount excluding VAT, in cents."""
        return net_of_line(self.quantity, self.unit_net_cents, self.unit_gross_cents, self.vat_rate)

    @property
    def gross_cents(self) -> int | None:
        """Return the line's amount with its VAT where its price was set with it."""
        return None if self.unit_gross_cents is None else self.quantity * self.unit_gross_cents

    @property
    def shown_unit_cents(self) -> int:
        """Return what one costs as its buyer reads prices: with its VAT where it was set with it."""
        return self.unit_net_cents if self.unit_gross_cents is None else self.unit_gross_cents

    @property
    def shown_cents(self) -> int:
        """Return what the line comes to as its buyer reads prices."""
        return self.net_cents if self.gross_cents is None else self.gross_cents

    @property
    def vat_rate(self) -> Decimal | None:
        """Return its rate in per cent; None outside the scope of VAT."""
        return self.treatment.rate_pct

    def terms(self) -> dict[str, object]:
        """Return what this line says, to make a document's line of it."""
        return {
            "position": self.position,
            "kind": self.kind,
            "product_id": self.product_id,
            "description": self.description,
            "nature": self.nature,
            "quantity": self.quantity,
            "unit_net_cents": self.unit_net_cents,
            "unit_gross_cents": self.unit_gross_cents,
            **tax_terms(self.treatment),
        }

    def changes(self) -> dict[str, object]:
        """Return what a line does to a running contract."""
        return {
            "contract_id": self.contract_id,
            "licences_after": self.licences_after,
            "term_net_cents": self.term_net_cents,
        }


def tax_terms(treatment: Treatment) -> dict[str, object]:
    """Return what a line says of its tax, to make a document's line of it."""
    return {
        "vat_rate": treatment.rate_pct,
        "tax_category": treatment.category,
        "tax_reason": treatment.mention_key,
    }


@keeps("MC-11")
def tax_of_product(customer: Customer, product: Product, *, on: date, currency: str = EURO) -> Treatment:
    """Return how a product is taxed for a customer on a day, by the lists and the tables of that day.

    Raises UnknownRate.
    """
    key = _tax_keys(on, currency).get(product.pk, "standard")
    return tax(customer, nature=product.nature, on=on, tax_key=key)


def price_lines(
    *,
    customer: Customer,
    lines: Sequence[LineDraft],
    discount: Discount,
    shipping_cents: int,
    method: str,
    language: str,
    today: date,
    currency: str = EURO,
    delivery: Address | None = None,
    capacity: PurchaseCapacity = NOTHING_SAID,
) -> list[PricedLine]:
    """Return the lines as they are charged, nobody's row yet.

    Those typed, in their order, then discount, shipping and processing: of a cheque only where there is
    something to pay.

    Without a line typed there is none. `capacity` is what a professional said of this purchase. Raises
    UnknownRate, MixedTreatments, TooMuchDiscount, EurosOnly, AmountTooLarge, BelowZero, NothingVisible.
    """
    products = Product.objects.in_bulk([line.product_id for line in lines if line.product_id])
    keys = _tax_keys(today, currency)
    found = []
    for line in lines:
        product = products.get(line.product_id) if line.product_id else None
        _check_words(line, product)
        nature = product.nature if product else "services"
        key = keys.get(line.product_id, "standard")
        taxed = tax(customer, nature=nature, on=today, tax_key=key, delivery=delivery)
        found.append(_typed(line, product, taxed, language))
    if not found:
        return []
    _check_amounts(found)
    if totals_of(found).net_cents < 0:
        raise BelowZero
    found += _taken_off(discount, found, language)
    fee = cheque_fee_cents(products.values(), today)
    paid_by = method if totals_of(found).net_cents + shipping_cents else ""  # no cheque comes for nothing
    found += _charged(shipping_cents, paid_by, found, language, fee)
    if capacity.is_consumer_protected(customer.customer_type):
        _put_gross(found, _gross_prices(today, currency))
    _check_amounts(found)
    check_currency(currency, vat_cents=totals_of(found).vat_cents)
    for position, each in enumerate(found, start=1):
        each.position = position
    return found


def _check_words(line: LineDraft, product: Product | None) -> None:
    if (product is None or line.description) and not is_visible(line.description):
        raise NothingVisible(line.description)


def _check_amounts(lines: Sequence[PricedLine]) -> None:
    known = [cents for line in lines for cents in (line.unit_net_cents, line.net_cents)]
    totals = totals_of(lines)
    if max(map(abs, [*known, totals.net_cents, totals.gross_cents])) > LARGEST_CENTS:
        raise AmountTooLarge


def _tax_keys(today: date, currency: str) -> dict[UUID | None, str]:
    """Return how each product is taxed: as on the currency's list, where it isn't on it as on the list in
    euros.
    """
    found: dict[UUID | None, str] = {}
    for each in (EURO, currency):
        rows = Price.objects.base().filter(
            price_list__in=PriceList.objects.in_force(today).filter(currency=each)
        )
        found |= dict(rows.values_list("product_id", "tax_key"))
    return found


def _typed(line: LineDraft, product: Product | None, taxed: Treatment, language: str) -> PricedLine:
    kind = LineKind.DISCOUNT if line.unit_net_cents < 0 else LineKind.PRODUCT
    words = line.description or (product.name(language) if product else "")
    return PricedLine(
        kind,
        words,
        line.quantity,
        line.unit_net_cents,
        taxed,
        product=product,
        nature=product.nature if product else Nature.SERVICES,
        contract_id=line.contract_id,
        licences_after=line.licences_after,
        term_net_cents=line.term_net_cents,
    )


def _gross_prices(today: date, currency: str) -> dict[tuple[UUID | None, int], int]:
    """Return what one costs a consumer by product and price, where the list says it with its VAT."""
    rows = Price.objects.filter(price_list__in=PriceList.objects.in_force(today).filter(currency=currency))
    known = rows.exclude(gross_cents=None).values_list("product_id", "net_cents", "gross_cents")
    return {(product, net): gross for product, net, gross in known if gross is not None}


@keeps("LG-S6.1")
def _put_gross(lines: Iterable[PricedLine], known: Mapping[tuple[UUID | None, int], int]) -> None:
    """Charge each line of a consumer at the price with VAT they are shown, times its quantity."""
    for line in lines:
        price = shown(
            line.unit_net_cents,
            line.vat_rate,
            consumer=True,
            gross_cents=known.get((line.product_id, line.unit_net_cents)),
        )
        line.unit_gross_cents = price.cents


def _taken_off(discount: Discount, lines: Sequence[PricedLine], language: str) -> list[PricedLine]:
    parts = spread_discount(discount, [(line.net_cents, line.treatment) for line in lines])
    words = discount_words(discount, language)
    return [_made(LineKind.DISCOUNT, words, -part.cents, part.rate) for part in parts]


def cheque_fee_cents(products: Iterable[Product], today: date) -> int:
    """Return what a cheque costs including VAT: the most that the contracts of what is sold say."""
    keys = {product.profile for product in products if product.profile} or {"school"}
    return max(profile(key, on=today).orders.cheque_fee_cents for key in keys)


@keeps("LG-S6.2")
def cheque_fee_line(
    products: Iterable[Product],
    rows: Iterable[tuple[int, Treatment]],
    *,
    method: str,
    language: str,
    today: date,
    with_vat: bool,
) -> PricedLine | None:
    """Return the fee's own line where products are paid by cheque, taxed as the largest of their amounts.

    `with_vat` for who reads prices with VAT. None where they are paid in another way.
    """
    taxed = principal(rows)
    fee = cheque_fee(method, rate_pct=taxed.rate_pct, fee_cents=cheque_fee_cents(products, today))
    if fee is None:
        return None
    with override(language):
        line = _made(LineKind.CHEQUE_FEE, _("Cheque processing fee"), fee.net_cents, taxed)
    if with_vat:
        _put_gross([line], {})
    return line


def _charged(
    shipping_cents: int, method: str, lines: Sequence[PricedLine], language: str, fee_cents: int
) -> list[PricedLine]:
    """Return the charges: delivery taxed as the goods where there are some, the rest as the largest of the
    lines.
    """
    main = principal((line.net_cents, line.treatment) for line in lines)
    goods = [(line.net_cents, line.treatment) for line in lines if line.nature == Nature.GOODS]
    taxed = {"shipping": principal(goods) if goods else main, "cheque_fee": main}
    with override(language):
        words = {"shipping": _("Delivery"), "cheque_fee": _("Cheque processing fee")}
    asked = charges(
        shipping_cents=shipping_cents,
        processing=cheque_fee(method, rate_pct=main.rate_pct, fee_cents=fee_cents),
    )
    return [_made(LineKind(each.kind), words[each.kind], each.net_cents, taxed[each.kind]) for each in asked]


def _made(kind: str, words: str, cents: int, taxed: Treatment) -> PricedLine:
    return PricedLine(kind, words, 1, cents, taxed)


def discount_words(discount: Discount, language: str) -> str:
    """Return how a quote in a language names its discount; the desk finds it again by these words."""
    with override(language):
        if discount.pct is None:
            return _("Discount")
        pct = format_decimal(Decimal(discount.pct), locale=language, format="#,##0.##")
        return _("Discount of %(pct)s%%") % {"pct": pct}
