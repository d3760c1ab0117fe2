"""Who sells: the identity printed on documents, read from a file so that another house can put in its own."""

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "data" / "seller.toml"


@lru_cache(maxsize=1)
def seller() -> dict[str, Any]:
    """Return the seller's name, address, numbers, bank and where cheques go, as documents freeze them."""
    path = Path(os.environ.get("PREAU_SELLER", FILE))
    return tomllib.loads(path.read_text(encoding="utf-8"))
