"""What a signature covers: everything a quote says."""

from billing.models import QuoteVersion


def content_of(version: QuoteVersion) -> dict[str, object]:
    """Return every line, price, term and total of a version, as the signature's hash covers them."""
    sites = version.sites.order_by("position").values_list("name", "slug")
    return {
        "number": version.label,
        "issued_on": version.issued_on,
        "valid_until": version.valid_until,
        "buyer": version.buyer,
        "method": version.method,
        "payment_days": version.payment_days,
        "term_months": version.term_months,
        "renews": version.renews,
        "note": version.note,
        "sites": [list(site) for site in sites],
        "lines": [
            [line.position, line.kind, line.description, line.quantity, line.unit_net_cents, str(line.vat_rate)]
            for line in version.lines.order_by("position")
        ],
        "currency": version.currency,
        "net_cents": version.net_cents,
        "vat_cents": version.vat_cents,
        "gross_cents": version.gross_cents,
    }
