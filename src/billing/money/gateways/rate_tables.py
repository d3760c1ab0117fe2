"""The door to the dated rate files shipped in `billing/data`; a new rate is a new row there."""

import os
import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from billing.money.policy.rates import Rates, VatRate, parse_rates, vat_rate
from billing.money.policy.tax import TaxTable, TaxTerritory

FOLDER = Path(__file__).resolve().parent.parent / "data"

FILES = {"statutory": "statutory_rates.csv", "ecb": "ecb_main_refinancing_rate.csv"}


def table_file(kind: str) -> Path:
    """Return the file of the table "statutory" or "ecb".

    In the folder PREAU_RATES once it is there, else shipped.
    """
    own = os.environ.get("PREAU_RATES")
    file = Path(own) / FILES[kind] if own else FOLDER / FILES[kind]
    return file if file.exists() else FOLDER / FILES[kind]


def put_table(kind: str, text: str) -> None:
    """Write a table whole or not at all, in the folder PREAU_RATES where one is set."""
    folder = Path(os.environ.get("PREAU_RATES") or FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILES[kind]}.new"
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, folder / FILES[kind])


def interest_rates() -> Rates:
    """Return the statutory interest rates and the ECB main refinancing rates, read again once a file
    changed.
    """
    files = table_file("statutory"), table_file("ecb")
    return _interest_rates(*((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _interest_rates(statutory: tuple[Path, int], ecb: tuple[Path, int]) -> Rates:
    return parse_rates(
        statutory_csv=statutory[0].read_text(encoding="utf-8"), ecb_csv=ecb[0].read_text(encoding="utf-8")
    )


@lru_cache(maxsize=1)
def vat_rates() -> tuple[VatRate, ...]:
    """Return the dated rates of VAT of every place in the table."""
    rows = tomllib.loads((FOLDER / "vat_rates.toml").read_text(encoding="utf-8"))["rate"]
    return tuple(
        VatRate(
            country=row["country"],
            subdivisions=frozenset(row.get("subdivisions", ())),
            in_force_from=row["in_force_from"],
            standard_pct=None if row.get("outside") else Decimal(row["standard_pct"]),
            books_pct=Decimal(row["books_pct"]) if "books_pct" in row else None,
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def tax_table() -> TaxTable:
    """Return the dated rates with the places there are."""
    places = tomllib.loads((FOLDER / "vat_places.toml").read_text(encoding="utf-8"))
    return TaxTable(
        rates=vat_rates(),
        union=frozenset(places["union"]),
        third_countries=frozenset(places["third_countries"]),
        territories={code: TaxTerritory("FR", part) for code, part in places["territories"].items()},
        postcodes=places["postcodes"],
        unsettled={
            (row["country"], row["subdivision"], row["nature"]): row["why"] for row in places["unsettled"]
        },
    )


def standard_vat(*, country: str, subdivision: str | None, on: date) -> Decimal | None:
    """Return the standard rate of VAT of a place in per cent, or None outside its scope.

    Raise UnknownRate.
    """
    return vat_rate(vat_rates(), country=country, subdivision=subdivision, on=on).standard_pct
