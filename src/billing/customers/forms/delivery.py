"""The fields of a delivery address that isn't the buyer's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.customers.forms.customers import CountryField, countries
from billing.customers.forms.postcode import keep_postcode
from billing.money.gateways.rate_tables import tax_table
from billing.money.policy.address import Address, address_kept
from contracts.forms import ReadableLines

PARTS = ("name", "street", "postcode", "city", "country")


def countries_or_none() -> list[tuple[str, str]]:
    """Return the countries, and none for who has things sent to their own address."""
    return [("", "–"), *countries()]


class DeliveryFields(ReadableLines, forms.Form):
    """Where things go when it is another address; all left empty they go to the buyer's own."""

    delivery_name = forms.CharField(label=_("Delivered to"), max_length=200, required=False)
    delivery_street = forms.CharField(label=_("Street"), max_length=200, required=False)
    delivery_postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    delivery_city = forms.CharField(label=_("Town"), max_length=100, required=False)
    delivery_country = CountryField(label=_("Country"), choices=countries_or_none, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the whole address once a part of it was written."""
        data = dict(super().clean() or {})
        keep_postcode(self, data, country="delivery_country", postcode="delivery_postcode")
        parts = {name: data.pop(f"delivery_{name}", "") for name in PARTS}
        if any(parts.values()):
            for name in _lacking(parts):
                self.add_error(f"delivery_{name}", ValidationError(_("Complete the delivery address.")))
        data["delivery"] = address_kept(parts)
        return data

    def delivery_kept(self) -> dict[str, str]:
        """Return the address as a document keeps it, empty where things go to the buyer's own."""
        found = self.cleaned_data.get("delivery")
        return found.kept() if found else {}

    def delivery_typed(self) -> Address | None:
        """Return the address as far as it was written, to count with before it is judged."""
        typed = {name: str(self[f"delivery_{name}"].value() or "").strip() for name in PARTS}
        return None if _lacking(typed) else address_kept(typed)


def _lacking(parts: Mapping[str, str]) -> list[str]:
    """Return the parts an address lacks; the postcode is asked where it tells the VAT of a place."""
    needed = ["street", "city", "country"]
    if parts["country"] in tax_table().postcodes:
        needed.insert(1, "postcode")
    return [name for name in needed if not parts[name]]


def delivery_initial(told: Mapping[str, str] | str | None, *, country: str) -> dict[str, str]:
    """Return the fields of an address a document keeps; one that says no country is in the buyer's."""
    found = address_kept(told)
    if found is None:
        return {}
    return {f"delivery_{name}": value for name, value in found.kept().items()} | {
        "delivery_country": found.country or country
    }
