"""What a signature covers: everything a quote says."""

from billing.quotes.models import QuoteVersion


def content_of(version: QuoteVersion) -> dict[str, object]:
    """Return every line, price, term and total of a version, as the signature's hash covers them."""
    sites = list(version.sites.order_by("position"))
    ranks = {site.id: site.position for site in sites}
    terms = version.specific_terms_digest
    said = {"employees": version.employees, "outside_main_activity": version.outside_main_activity}
    return {
        **({"specific_terms": terms} if terms else {}),
        **(said if version.employees is not None else {}),
        **({"warranty_months": version.warranty_months} if version.warranty_months else {}),
        **({"deliver_by": version.deliver_by} if version.deliver_by else {}),
        "number": version.label,
        "issued_on": version.issued_on,
        "valid_until": version.valid_until,
        "buyer": version.buyer,
        "method": version.method,
        "payment_days": version.payment_days,
        "term_months": version.term_months,
        "renews": version.renewal,
        "deposit_pct": version.down_payment_pct,
        "deferred_until": version.extended_until,
        "warranty": version.warranty,
        "note": version.note,
        "sites": [[site.name, site.slug, site.admin_email] for site in sites],
        "lines": [
            [
                line.position,
                line.kind,
                line.description,
                line.quantity,
                line.unit_net_cents,
                str(line.vat_rate),
                ranks.get(line.site_id) if line.site_id else None,
                line.contract_id,
                line.licences_after,
                *([] if line.unit_gross_cents is None else [line.unit_gross_cents]),
            ]
            for line in version.lines.order_by("position")
        ],
        "currency": version.currency,
        "net_cents": version.net_cents,
        "vat_cents": version.vat_cents,
        "gross_cents": version.gross_cents,
    }
