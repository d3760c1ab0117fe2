"""The numbers firms are known by, judged by their own keys before anything is written with them."""

from collections.abc import Callable

from stdnum.eu import vat as union_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_rules
from stdnum.fr import siret as siret_rules
from stdnum.fr import tva as french_vat

VAT_PREFIX = {"GR": "EL"}  # where a VAT number starts with other letters than the country's code


class BadNumber(ValueError):
    """Raised on a number whose length, letters or key is wrong.

    `kind` is "siren", "siret", "vat" or "iban".
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{text!r} isn't a valid {kind} number")
        self.kind = kind
        self.text = text


def checked_siren(text: str) -> str:
    """Return the nine digits of a SIREN; raise BadNumber."""
    return _judged("siren", siren_rules.validate, text)


def checked_siret(text: str, *, siren: str = "") -> str:
    """Return the fourteen digits of a SIRET; raise BadNumber, also when it is another firm's than `siren`."""
    found = _judged("siret", siret_rules.validate, text)
    if siren and not found.startswith(checked_siren(siren)):
        raise BadNumber("siret", text)
    return found


def checked_vat_number(text: str, *, country: str) -> str:
    """Return a VAT number as it is printed, with the letters of its country; raise BadNumber.

    A number of another country than `country` is refused too. Monaco's firms have French numbers.
    """
    plain = "".join(text.split()).upper().replace(".", "").replace("-", "")
    prefix = VAT_PREFIX.get(country, "FR" if country == "MC" else country)
    if not plain.startswith(prefix):
        raise BadNumber("vat", text)
    if prefix == "FR":
        return prefix + _judged("vat", french_vat.validate, plain)
    found = _judged("vat", union_vat.validate, plain)
    return found if found.startswith(prefix) else prefix + found


def is_vat_number(text: str, *, country: str) -> bool:
    """Return whether a VAT number is one of this country's."""
    try:
        return bool(checked_vat_number(text, country=country))
    except BadNumber:
        return False


def _judged(kind: str, judge: Callable[[str], str], text: str) -> str:
    try:
        return judge(text)
    except ValidationError:
        raise BadNumber(kind, text) from None
