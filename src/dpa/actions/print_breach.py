"""The draft for the authority on paper."""

from collections.abc import Mapping
from datetime import datetime

from dpa.labels import HEADINGS
from exports.gateways import pdf
from tenants.models import Tenant


def authority_pdf(
    draft: Mapping[str, str],
    *,
    tenant: Tenant | None,
    controller: str,
    reference: str,
    is_drill: bool,
    now: datetime,
    language: str,
) -> bytes:
    """Return the PDF of a draft, in a language: its headings in the authority's order, a drill marked."""
    context = {
        "tenant": tenant,
        "controller": controller,
        "reference": reference,
        "is_drill": is_drill,
        "rows": [(label, draft.get(name, "")) for name, label in HEADINGS.items()],
        "now": now,
    }
    return pdf.render("dpa/pdf/breach_authority.html", context, language=language)
