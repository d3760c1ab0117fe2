"""What a version of a quote holds, to make another document of it."""

from typing import Any

from billing.quotes.models import QuoteVersion

Said = dict[str, Any]


def parts_of(version: QuoteVersion) -> tuple[list[Said], list[tuple[Said, int | None]]]:
    """Return what a version says of its sites, and of its lines, each with the rank of its site."""
    sites = list(version.sites.all())
    ranks = {site.pk: rank for rank, site in enumerate(sites)}
    lines = [
        (line.terms() | line.changes(), ranks[line.site_id] if line.site_id else None)
        for line in version.lines.all()
    ]
    return [site.terms() for site in sites], lines
