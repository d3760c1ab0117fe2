"""What the document of a quote shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing.catalogue.models.lines import totals_of
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.buyer_anew import buyer_anew


def quote_document(version: QuoteVersion) -> dict[str, Any]:
    """Return the content of a quote; a draft tells its buyer as of today, what was sent as it was."""
    lines = list(version.lines.select_related("product", "site"))
    return {
        "version": version,
        "lines": lines,
        "vat_rows": [
            {"rate": part.rate_pct, "net_cents": part.net_cents, "vat_cents": part.vat_cents}
            for part in totals_of(lines).subtotals
        ],
        "sites": list(version.sites.all()),
        "buyer": buyer_anew(version) if version.is_draft else version.buyer,
        "signature": getattr(version, "signature", None),
    }


def texts_of(version: QuoteVersion) -> Iterator[str]:
    """Yield the texts people wrote that stand on a version's document."""
    yield from (value for value in version.buyer.values() if isinstance(value, str))
    yield from (version.note, version.warranty)
    yield from version.lines.values_list("description", flat=True)
    yield from version.sites.values_list("name", flat=True)
