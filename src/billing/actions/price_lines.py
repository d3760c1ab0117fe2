"""Price the lines of a quote: each with its VAT, then the discount, then what is charged on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.gateways.taxation import tax
from billing.models import Price, PriceList, Product, QuoteLine
from billing.models.lines import LineKind
from billing.policy.charges import charges
from billing.policy.discount import Discount, spread_discount
from billing.policy.methods import cheque_fee
from billing.policy.tax import Treatment, principal
from tenants.models import Customer


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as finance types it; the VAT rate comes from the customer's place.

    `site` is the rank of its school among the draft's sites. A line that changes a running contract names it, what
    its licences come to and what one costs for a whole term; one that renews it names it only.
    """

    product_id: UUID | None
    description: str
    quantity: int
    unit_net_cents: int
    site: int | None = None
    contract_id: UUID | None = None
    licences_after: int | None = None
    term_net_cents: int | None = None


def price_lines(
    *, customer: Customer, lines: Sequence[LineDraft], discount: Discount, shipping_cents: int, method: str,
    language: str, today: date,
) -> list[QuoteLine]:  # fmt: skip
    """Return the lines of a quote, not saved: those typed, in their order, then discount, shipping and processing.

    Without a line typed there is none. Raises UnknownRate, MixedTreatments, TooMuchDiscount.
    """
    products = Product.objects.in_bulk([line.product_id for line in lines if line.product_id])
    keys = _tax_keys(today)
    found = []
    for line in lines:
        product = products.get(line.product_id) if line.product_id else None
        nature = product.nature if product else "services"
        taxed = tax(customer, nature=nature, on=today, tax_key=keys.get(line.product_id, "standard"))
        found.append(_typed(line, product, taxed, language))
    if not found:
        return []
    found += _taken_off(discount, found, language)
    main = principal((line.net_cents, line.treatment) for line in found)
    found += _charged(shipping_cents, method, main, language)
    for position, each in enumerate(found, start=1):
        each.position = position
    return found


def _tax_keys(today: date) -> dict[UUID | None, str]:
    rows = Price.objects.base().filter(price_list__in=PriceList.objects.in_force(today).filter(currency="EUR"))
    return dict(rows.values_list("product_id", "tax_key"))


def _typed(line: LineDraft, product: Product | None, taxed: Treatment, language: str) -> QuoteLine:
    kind = LineKind.DISCOUNT if line.unit_net_cents < 0 else LineKind.PRODUCT
    words = line.description or (product.name(language) if product else "")
    made = _made(kind, words, line.unit_net_cents, taxed, quantity=line.quantity)
    made.product, made.nature = product, product.nature if product else "services"
    made.contract_id, made.licences_after = line.contract_id, line.licences_after
    made.term_net_cents = line.term_net_cents
    return made


def _taken_off(discount: Discount, lines: Sequence[QuoteLine], language: str) -> list[QuoteLine]:
    parts = spread_discount(discount, [(line.net_cents, line.treatment) for line in lines])
    words = discount_words(discount, language)
    return [_made(LineKind.DISCOUNT, words, -part.cents, part.rate) for part in parts]


def _charged(shipping_cents: int, method: str, taxed: Treatment, language: str) -> list[QuoteLine]:
    with override(language):
        words = {"shipping": _("Delivery"), "cheque_fee": _("Cheque processing fee")}
    asked = charges(shipping_cents=shipping_cents, processing=cheque_fee(method, rate_pct=taxed.rate_pct))
    return [_made(LineKind(each.kind), words[each.kind], each.net_cents, taxed) for each in asked]


def _made(kind: str, words: str, cents: int, taxed: Treatment, *, quantity: int = 1) -> QuoteLine:
    line = QuoteLine(kind=kind, description=words, quantity=quantity, unit_net_cents=cents)
    line.put_tax(taxed)
    return line


def discount_words(discount: Discount, language: str) -> str:
    """Return how a quote in a language names its discount; the desk finds it again by these words."""
    with override(language):
        if discount.pct is None:
            return _("Discount")
        pct = format_decimal(Decimal(discount.pct), locale=language, format="#,##0.##")
        return _("Discount of %(pct)s%%") % {"pct": pct}
