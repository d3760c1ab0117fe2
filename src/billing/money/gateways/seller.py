"""Who sells: the identity printed on documents, read from a file so that another house can put in its own."""

import os
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from billing.money.policy.debits import Option, on_debits

FILE = Path(__file__).resolve().parent.parent / "data" / "seller.toml"


@lru_cache(maxsize=1)
def seller() -> dict[str, Any]:
    """Return the seller's name, address, numbers, bank and where cheques go, as documents freeze them."""
    path = Path(os.environ.get("PREAU_SELLER", FILE))
    return tomllib.loads(path.read_text(encoding="utf-8"))


def seller_on(day: date) -> dict[str, Any]:
    """Return what a document issued on a day freezes of the seller.

    The option for VAT on debits as it stands then.
    """
    options = [Option(each["since"], each["chosen"]) for each in seller()["vat_on_debits"]]
    return seller() | {"vat_on_debits": on_debits(options, day)}
