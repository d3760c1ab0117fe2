"""The address things are delivered to, where it isn't the buyer's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Where things go; `country` is by ISO 3166-1, empty where a document of before didn't say it."""

    name: str
    street: str
    postcode: str
    city: str
    country: str = ""

    @property
    def town(self) -> str:
        """Return the postcode with its town."""
        return f"{self.postcode} {self.city}".strip()

    @property
    def lines(self) -> list[str]:
        """Return the address as it is written on a parcel, without its country."""
        return [line for line in (self.name, self.street, self.town) if line]

    def kept(self) -> dict[str, str]:
        """Return the address as a document keeps it."""
        return asdict(self)


def address_kept(told: Mapping[str, str] | str | None) -> Address | None:
    """Return the delivery address a document keeps, None where things go to the buyer's own.

    Documents of before kept it in lines, the town last.
    """
    if isinstance(told, str):
        return _from_lines([line.strip() for line in told.splitlines() if line.strip()])
    if not told or not (told.get("street") or told.get("city")):
        return None
    return Address(**{name: told.get(name) or "" for name in Address.__slots__})


def _from_lines(lines: list[str]) -> Address | None:
    if not lines:
        return None
    *above, town = lines
    first, _space, rest = town.partition(" ")
    postcode, city = (first, rest) if any(each.isdigit() for each in first) else ("", town)
    name = above[0] if len(above) > 1 else ""
    return Address(name, ", ".join(above[1:] if name else above), postcode, city)
