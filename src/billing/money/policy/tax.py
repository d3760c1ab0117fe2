"""How a sale is taxed: rate, category of EN 16931 and reason, from who sells, who buys, what and when.

The figures are in dated tables (`money/data/vat_rates.toml`, `vat_places.toml`); here are the rules only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.money.policy.address import Address
from billing.money.policy.numbers import is_vat_number
from billing.money.policy.rates import UnknownRate, VatRate, vat_rate

STANDARD = "S"

EXEMPT = "E"

REVERSE_CHARGE = "AE"

UNION_SUPPLY = "K"

EXPORT = "G"

OUTSIDE = "O"

ZERO = Decimal("0.00")

HOME = frozenset({"FR", "MC"})  # Monaco is treated as France (convention of 18 May 1963)

BUSINESS = frozenset({"professional", "public_body"})

GOODS = "goods"


class UnknownTerritory(UnknownRate):
    """Raised when the tables don't know a country, or two parts of an address contradict each other."""


class NumberNeeded(UnknownRate):
    """Raised when a sale without VAT needs a VAT number that isn't there; `whose` is "seller" or "buyer"."""

    def __init__(self, whose: str) -> None:
        super().__init__(f"the {whose}'s VAT number is missing or wrong")
        self.whose = whose


class MixedTreatments(ValueError):
    """Raised when lines can't stand on one document.

    What is outside the scope of VAT stands alone (BR-O-11).
    """


@dataclass(frozen=True, slots=True)
class Party:
    """What taxation asks of a seller or a buyer; `kind` is "professional", "consumer" or "public_body"."""

    country: str
    kind: str = "professional"
    subdivision: str = ""
    postcode: str = ""
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class TaxTerritory:
    """Where a party is for VAT: a country, and the part of it that has its own VAT, if it has."""

    country: str
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The dated rates, and which places there are."""

    rates: tuple[VatRate, ...]
    union: frozenset[str]
    third_countries: frozenset[str]
    territories: Mapping[str, TaxTerritory] = field(default_factory=dict)  # codes of their own: RE is FR 974
    postcodes: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # country -> start of postcode -> part
    unsettled: Mapping[tuple[str, str, str], str] = field(
        default_factory=dict
    )  # country, part, nature -> why


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one line is taxed.

    `rate_pct` is None outside the scope of VAT and zero where the sale is exempt or the buyer accounts for
    the VAT; `mention_key` names the sentence the law wants on the document, empty where VAT is simply
    charged.
    """

    rate_pct: Decimal | None
    category: str
    reason_code: str = ""  # of the VATEX list
    mention_key: str = ""


OVERSEAS = Treatment(None, OUTSIDE, "VATEX-EU-O", "vat_outside_scope")

SERVICES_ABROAD = Treatment(None, OUTSIDE, "VATEX-EU-O", "vat_services_abroad")

REVERSED = Treatment(ZERO, REVERSE_CHARGE, "VATEX-EU-AE", "vat_reverse_charge")

SUPPLIED = Treatment(ZERO, UNION_SUPPLY, "VATEX-EU-IC", "vat_union_supply")

EXPORTED = Treatment(ZERO, EXPORT, "VATEX-EU-G", "vat_export")

TRAINING = Treatment(ZERO, EXEMPT, "VATEX-FR-CGI261-4", "vat_training")

REASONS = {
    each.mention_key: each for each in (OVERSEAS, SERVICES_ABROAD, REVERSED, SUPPLIED, EXPORTED, TRAINING)
}


def tax_territory_of(party: Party, table: TaxTable) -> TaxTerritory:
    """Return where a party is for VAT; raise UnknownTerritory when its region and its postcode disagree."""
    country = party.country.strip().upper()
    if country in table.territories:
        return table.territories[country]
    known = table.postcodes.get(country, {})
    code = "".join(party.postcode.split()).upper()
    starts = sorted((start for start in known if code.startswith(start)), key=len)
    told = party.subdivision
    written = known[starts[-1]] if starts else ""
    own = frozenset(known.values())
    if code and told != written and own & {told, written} and told:
        raise UnknownTerritory(f"the postcode {party.postcode} isn't in {country} {told}")
    return TaxTerritory(country, told or written)


def treatment(
    seller: Party,
    buyer: Party,
    nature: str,
    on: date,
    *,
    table: TaxTable,
    tax_key: str = "standard",
    delivery: Address | None = None,
) -> Treatment:
    """Return how a sale of "services" or "goods" by a French seller is taxed on a day.

    In France the rate of the buyer's place, outside the scope where there is none; to a business of the Union
    its own account of the VAT, with both numbers; to a consumer there the VAT of their country; outside the
    Union goods are exported and services outside the scope. Goods that are delivered elsewhere than to the
    buyer count where they are delivered, services never do. `tax_key` is "standard", "books" or "training"
    (exempt). Raises UnknownTerritory, UnknownRate and NumberNeeded rather than guess.
    """
    if seller.country not in HOME:
        raise UnknownTerritory(f"how a seller in {seller.country} is taxed isn't known")
    place = tax_territory_of(_taken_to(buyer, nature, delivery), table)
    if why := table.unsettled.get((place.country, place.subdivision, nature)):
        raise UnknownTerritory(why)
    if place.country in HOME:
        return _at_home(place, on, table, tax_key)
    if place.country in table.union and not _is_outside(place, on, table):
        return _in_union(seller, buyer, place, nature, on, table, tax_key)
    if place.country in table.third_countries | table.union:
        return EXPORTED if nature == GOODS else SERVICES_ABROAD
    raise UnknownTerritory(f"the country {buyer.country!r} isn't known")


def _at_home(place: TaxTerritory, on: date, table: TaxTable, tax_key: str) -> Treatment:
    rate = _rate(place, on, table, tax_key)
    if rate is None:
        return OVERSEAS
    return TRAINING if tax_key == "training" else Treatment(rate, STANDARD)


def _taken_to(buyer: Party, nature: str, delivery: Address | None) -> Party:
    """Return whose place counts: the buyer's, of goods that of the address they are delivered to."""
    if nature != GOODS or delivery is None:
        return buyer
    return Party(delivery.country or buyer.country, buyer.kind, postcode=delivery.postcode)


def _in_union(
    seller: Party, buyer: Party, place: TaxTerritory, nature: str, on: date, table: TaxTable, tax_key: str
) -> Treatment:
    if buyer.kind in BUSINESS:
        own = tax_territory_of(buyer, table).country
        is_theirs = own in table.union
        if (is_theirs and buyer.vat_number) or is_vat_number(buyer.vat_number, country=place.country):
            return _with_both_numbers(seller, buyer, own if is_theirs else place.country, nature)
        if not is_theirs:  # no number of another state: taxed where the goods leave
            return _at_home(tax_territory_of(seller, table), on, table, tax_key)
    return Treatment(_rate(place, on, table, tax_key), STANDARD)  # one-stop shop: the country it goes to


def _with_both_numbers(seller: Party, buyer: Party, country: str, nature: str) -> Treatment:
    if not is_vat_number(buyer.vat_number, country=country):
        raise NumberNeeded("buyer")
    if not is_vat_number(seller.vat_number, country=seller.country):
        raise NumberNeeded("seller")
    return SUPPLIED if nature == GOODS else REVERSED


def _is_outside(place: TaxTerritory, on: date, table: TaxTable) -> bool:
    return _rate(place, on, table, "standard") is None


def _rate(place: TaxTerritory, on: date, table: TaxTable, tax_key: str) -> Decimal | None:
    found = vat_rate(table.rates, country=place.country, subdivision=place.subdivision or None, on=on)
    if tax_key in {"standard", "training"} or found.standard_pct is None:
        return found.standard_pct
    if tax_key == "books" and found.books_pct is not None:
        return found.books_pct
    raise UnknownRate(f"the VAT rate {tax_key!r} of {place.country} isn't known")


def principal(lines: Iterable[tuple[int, Treatment]]) -> Treatment:
    """Return how the document's fees are taxed: as the largest of its lines (net cents, treatment).

    What it costs to pay or to deliver goes with what is sold. Raises MixedTreatments where lines can't stand
    on one document, ValueError where there is none.
    """
    known = list(lines)
    if not known:
        raise ValueError("a fee follows the document's VAT, and the document has no line")
    check_together(each.category for _, each in known)
    by_treatment: dict[Treatment, int] = {}
    for net_cents, each in known:
        by_treatment[each] = by_treatment.get(each, 0) + net_cents
    return max(by_treatment, key=lambda each: by_treatment[each])


def check_together(categories: Iterable[str]) -> None:
    """Raise MixedTreatments when these categories can't stand on one document."""
    found = set(categories)
    if OUTSIDE in found and len(found) > 1:
        raise MixedTreatments("what is outside the scope of VAT needs a document of its own")
