"""What must be known before a document is one: of the buyer, and of how it is paid."""

import re
from collections.abc import Mapping

ALWAYS = ("name", "street", "postcode", "city", "country")

NO_POSTCODES = frozenset({"AE"})  # countries we invoice in their own currency that have none

FRENCH = frozenset(
    {"FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM"}
)  # where companies are in the SIREN register


_SERVICE_CODE = re.compile(r"[A-Za-z0-9+_.-]{1,50}")  # as it stands in the directory's addresses


def is_service_code(text: str) -> bool:
    """Return whether a public body's service can be reached by a code: part of an electronic address."""
    return bool(_SERVICE_CODE.fullmatch(text))


def needs_siren(*, kind: str, country: str) -> bool:
    """Return whether an invoice to such a buyer must bear their SIREN: never a consumer's."""
    return kind != "consumer" and country in FRENCH


def missing_of_buyer(buyer: Mapping[str, str], *, kind: str) -> tuple[str, ...]:
    """Return the names of what is missing for a valid invoice.

    The address, a French client's SIREN, a body's SIRET.

    The SIREN is asked of professionals and public bodies (a mention of French invoices since 2026), never of
    a consumer; Chorus Pro knows public bodies by their SIRET, and a service of theirs by its code. A consumer
    or a client abroad needs an e-mail address, the electronic address of who is in no French directory.
    """
    asked = [key for key in ALWAYS if key != "postcode" or buyer.get("country") not in NO_POSTCODES]
    missing = [key for key in asked if not buyer.get(key)]
    at_home = buyer.get("country") in FRENCH
    if needs_siren(kind=kind, country=buyer.get("country", "")) and not buyer.get("siren"):
        missing.append("siren")
    if kind == "public_body" and at_home:
        missing += _missing_of_body(buyer)
    if (kind == "consumer" or not at_home) and not buyer.get("email"):
        missing.append("email")
    return tuple(missing)


def _missing_of_body(buyer: Mapping[str, str]) -> list[str]:
    siret = buyer.get("siret") or ""
    service = buyer.get("service_code") or ""
    wrong = not siret or not siret.startswith(buyer.get("siren") or "")
    found = ["siret"] if wrong else []
    return found + (["service_code"] if service and not is_service_code(service) else [])
