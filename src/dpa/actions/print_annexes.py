"""The annexes and the records of processing on paper."""

from datetime import datetime

from django.utils.translation import override

from contracts.registry import operator_name
from dpa.policy.annexes import Content
from dpa.queries.annexes import sections
from exports.gateways import pdf
from tenants.models import Tenant


def annexes_pdf(
    content: Content,
    *,
    tenant: Tenant,
    number: int,
    accepted: tuple[str, datetime] | None,
    now: datetime,
    language: str,
) -> bytes:
    """Return the PDF of annexes, in a language; `accepted` says by whom and when, None for a draft."""
    with override(language):
        read = sections(content)
    context = {
        "tenant": tenant,
        "controller": content["a"]["controller"].get("controller") or tenant.name,
        "operator": operator_name(),
        "sections": read,
        "number": number,
        "accepted_name": accepted[0] if accepted else "",
        "accepted_at": accepted[1] if accepted else None,
        "now": now,
    }
    return pdf.render("dpa/pdf/annexes.html", context, language=language)
