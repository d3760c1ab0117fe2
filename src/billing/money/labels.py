"""Words of money: methods of payment, rates, countries, addresses."""

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.money.policy.address import address_kept
from billing.money.policy.money import format_amount
from contracts.templatetags.ui import money_text

#: How a client may choose to pay, each once.
METHODS = {
    "cheque": gettext_lazy("cheque"),
    "transfer": gettext_lazy("bank transfer"),
    "card": gettext_lazy("card"),
    "sepa_debit": gettext_lazy("SEPA direct debit"),
}

STORED_AS = {"debit": "sepa_debit"}  # money that was debited, by the name its payment keeps


def amount_cell(cents: int) -> str:
    """Return an amount as a cell of a list: the reader's decimal mark, two decimals, nothing else."""
    text = format_amount(cents)
    return text.replace(".", ",") if (get_language() or "fr").startswith("fr") else text


def country_name(code: str) -> str:
    """Return a country by its name in the reader's language; an unknown code stays as it is."""
    locale = Locale.parse((get_language() or "fr").replace("-", "_"))
    return str(locale.territories.get(code, code))


def address_lines(told: Mapping[str, str] | str | None) -> list[str]:
    """Return a delivery address line by line, its country last where it isn't France.

    Nothing where there is none.
    """
    found = address_kept(told)
    if found is None:
        return []
    return [*found.lines, *([country_name(found.country)] if found.country not in {"", "FR"} else [])]


def rate(pct: Decimal | str | None, digits: int = 0) -> str:
    """Return a rate in per cent as the language writes it: "20 %", "8,5 %", or with so many decimals
    at least; None in words.
    """
    if pct is None:
        return _("outside the scope of VAT")
    locale = (get_language() or "fr").replace("-", "_")
    number = format_decimal(Decimal(pct), locale=locale, format=f"#,##0.{'0' * digits}####")
    return f"{number}\u202f%" if locale.startswith("fr") else f"{number}%"


def method_name(method: str) -> str:
    """Return a method of payment in words."""
    return str(METHODS.get(STORED_AS.get(method, method), method))


def price_words(cents: int, currency: str, *, with_vat: bool) -> str:
    """Return a price as its reader reads it: the amount, and whether VAT is in it."""
    basis = _("incl. VAT") if with_vat else _("excl. VAT")
    return f"{money_text(cents, currency)} {basis}"
