"""An electronic invoice as EN 16931 knows it: plain values, and the French codes that go with them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.customers.policy.completeness import FRENCH
from billing.money.policy.address import Address

PROFILE = "urn:cen.eu:en16931:2017"

SIREN_SCHEME = "0002"

SIRET_SCHEME = "0009"

DIRECTORY_SCHEME = "0225"

MAIL_SCHEME = "EM"

TYPES = {"invoice": "380", "credit_note": "381", "deposit": "386", "deposit_credit": "503"}

MEANS = {"transfer": "58", "cheque": "20", "card": "48", "sepa_debit": "59", "debit": "59"}

UNITS = {"jour": "DAY", "day": "DAY", "heure": "HUR", "hour": "HUR", "mois": "MON", "month": "MON"}

ONE = "C62"

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, with the address their electronic mail goes to."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    endpoint: str = ""
    endpoint_scheme: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Tax:
    """A category and rate, with what it adds up to and, where it is none, why."""

    category: str
    rate_pct: Decimal
    net_cents: int = 0
    vat_cents: int = 0
    reason: str = ""
    reason_code: str = ""
    falls_due: str = ""  # UNTDID 2005: when VAT becomes due


@dataclass(frozen=True, slots=True)
class Item:
    """One line; what it takes back has a quantity below zero, as a price never is."""

    position: int
    name: str
    quantity: int
    price: Decimal  # of one, without VAT
    net_cents: int
    unit: str
    category: str
    rate_pct: Decimal
    reference: str = ""
    note: str = ""
    starts_on: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """A discount on the whole of a document."""

    cents: int
    reason: str
    category: str
    rate_pct: Decimal


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a transfer goes."""

    holder: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class ElectronicInvoice:
    """All an electronic invoice says, totals as they are stored."""

    number: str
    type_code: str
    business_process: str
    issued_on: date
    currency: str
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    net_cents: int
    vat_cents: int
    gross_cents: int
    notes: tuple[tuple[str, str], ...] = ()
    allowances: tuple[Allowance, ...] = ()
    due_on: date | None = None
    supplied_on: date | None = None
    terms: str = ""
    means: str = ""
    means_text: str = ""
    account: BankAccount | None = None
    service_code: str = ""
    purchase_order_reference: str = ""
    contract_reference: str = ""
    delivery: Address | None = None
    preceding: tuple[tuple[str, date], ...] = field(default=())
    vat_eur_cents: int | None = None
    prepaid_cents: int = 0

    @property
    def due_cents(self) -> int:
        """Return what is left to pay as it is issued."""
        return self.gross_cents - self.prepaid_cents

    @property
    def lines_cents(self) -> int:
        """Return what the lines alone add up to."""
        return sum(item.net_cents for item in self.items)

    @property
    def allowances_cents(self) -> int:
        """Return what the discounts add up to."""
        return sum(each.cents for each in self.allowances)

    @property
    def has_vat_numbers(self) -> bool:
        """Return whether VAT numbers may stand on it: outside the scope of VAT they may not (BR-O-02)."""
        return all(tax.category != "O" for tax in self.taxes)


def type_code(kind: str, *, corrects_deposit: bool = False) -> str:
    """Return the UNTDID 1001 code of a document. Raises KeyError for what is no invoice."""
    return TYPES["deposit_credit"] if corrects_deposit else TYPES[kind]


def business_process_of(
    natures: Collection[str], *, after_deposit: bool = False, is_paid: bool = False
) -> str:
    """Return the French "cadre de facturation": B(iens), S(ervices) or M(ixte), and 1, 2 where it is paid
    already, or 4 after a deposit.

    It carries the nature of the operation, mandatory since 2026.
    """
    letter = "M" if len(set(natures)) > 1 else ("B" if "goods" in natures else "S")
    return f"{letter}{4 if after_deposit else 2 if is_paid else 1}"


def treatment(customer_type: str, *, country: str) -> str:
    """Return how the tax administration hears of a sale.

    As an invoice (B2B) or a report (B2BINT, B2C, B2CINT).
    """
    if customer_type == "consumer":
        return "B2C" if country in FRENCH else "B2CINT"
    return "B2B" if country in FRENCH else "B2BINT"


def endpoint(
    *, customer_type: str, country: str, siren: str, siret: str, service_code: str, email: str
) -> tuple[str, str]:
    """Return the buyer's electronic address and its scheme.

    The French directory's, or the mail address elsewhere.

    A public body is reached at its establishment, and at its service where it has one.
    """
    if customer_type == "consumer" or country not in FRENCH or not siren:
        return email, MAIL_SCHEME
    if customer_type == "public_body" and siret:
        return "_".join(part for part in (siren, siret, service_code) if part), DIRECTORY_SCHEME
    return siren, DIRECTORY_SCHEME


def unit_code(unit: str) -> str:
    """Return the UN/ECE code of a unit; what is counted one by one is C62."""
    return UNITS.get(unit.lower(), ONE)


def vat_falls_due(category: str, *, on_debits: bool, nature: str, is_down_payment: bool = False) -> str:
    """Return when VAT becomes due (BT-8): 5 on the invoice, 29 on delivery, 72 when it is paid.

    The option for debits is one for services: of goods it is delivery, of a down payment on them its payment
    (article 269-2 of the French tax code). "" without VAT.
    """
    if category != "S":
        return ""
    if nature == "goods":
        return "72" if is_down_payment else "29"
    return "5" if on_debits else "72"


def writable(text: object) -> str:
    """Return a text without what XML can't hold.

    Control characters that came along when somebody pasted a name.
    """
    return _UNWRITABLE.sub("", str(text))
