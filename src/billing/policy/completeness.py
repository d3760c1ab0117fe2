"""What must be known of a buyer before a document in their name is one."""

from collections.abc import Mapping

ALWAYS = ("name", "street", "postcode", "city", "country")


def missing_of_buyer(buyer: Mapping[str, str], *, kind: str) -> tuple[str, ...]:
    """Return the names of what is missing for a valid invoice: the address, and a French client's SIREN.

    The SIREN is asked of professionals and public bodies (a mention of French invoices since 2026), never of a
    consumer.
    """
    missing = [key for key in ALWAYS if not buyer.get(key)]
    if kind != "consumer" and buyer.get("country") == "FR" and not buyer.get("siren"):
        missing.append("siren")
    return tuple(missing)
