"""What the rules say against what stands on the quote desk, each at the field that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from billing.catalogue.actions.price_lines import BelowZero
from billing.catalogue.policy.prices import EurosOnly
from billing.quotes.actions.write_quote import (
    LineSiteNeeded,
    NoLines,
    SiteIdle,
    SiteNeeded,
    SitesAlike,
    SiteTaken,
)
from billing.quotes.forms.quotes import QuoteForm
from billing.quotes.views.error_messages import error_message
from contracts.forms import PartOfForm

ABOVE = ("contact", "method", "valid_until", "term_months", "currency")
BELOW = (
    "discount",
    "shipping",
    "delivery_name",
    "delivery_street",
    "delivery_postcode",
    "delivery_city",
    "delivery_country",
    "payment_days",
    "down_payment_pct",
    "extended_until",
    "language",
    "purchase_order_reference",
    "deliver_by",
    "employees",
    "outside_main_activity",
    "warranty",
    "warranty_months",
    "note",
)


def in_page_order(form: QuoteForm, sites: Any, sheet: Any) -> list[Any]:
    """Return the parts of the desk in the order its page shows them."""
    return [PartOfForm(form, ABOVE, is_first=True), sites, sheet, PartOfForm(form, BELOW)]


def add_refusals(refused: Iterable[Exception], *, form: QuoteForm, sites: Any, sheet: Any) -> None:
    """Say each refusal at its field; a field that is wrong by itself says that first."""
    for error in refused:
        name, words = error_message(error)
        at, field = _place(error, sites, sheet) or (
            form,
            "currency" if isinstance(error, EurosOnly) else name,
        )
        if field is not None and field not in at.fields:
            at, field = form, None
        if field is None or field not in at.errors:
            at.add_error(field, words)


def _place(error: Exception, sites: Any, sheet: Any) -> tuple[Any, str] | None:
    """Return the row and the field that an error is about, None where it is about no site and no line."""
    rows: dict[type[Exception], Callable[[], Iterator[tuple[Any, str]]]] = {
        NoLines: lambda: ((line, "product") for line in sheet.forms),
        BelowZero: lambda: ((line, "unit_net") for line in sheet.forms if _cents(line) < 0),
        LineSiteNeeded: lambda: (
            (line, "site") for line in sheet.forms if not line.is_empty and not line["site"].value()
        ),
        SitesAlike: lambda: ((site, "slug") for site in _named(sites, "slug", str(error))[1:]),
        SiteTaken: lambda: ((site, "slug") for site in _named(sites, "slug", str(error))),
        SiteIdle: lambda: ((site, "name") for site in _named(sites, "name", str(error))),
        SiteNeeded: lambda: ((site, "slug") for site in sites.forms),
    }
    found = next((places for kind, places in rows.items() if isinstance(error, kind)), None)
    return next(found(), None) if found else None


def _cents(line: Any) -> int:
    cents: int = line.cleaned_data.get("unit_net") or 0
    return cents


def _named(rows: Any, field: str, value: str) -> list[Any]:
    return [row for row in rows.forms if row[field].value() == value]
