"""The annexes and the records of processing on paper."""

from datetime import datetime

from django.utils.translation import override

from contracts.registry import operator_name
from dpa.policy.annexes import Content
from dpa.queries.annexes import sections
from dpa.queries.processing import controllers_sections, processors_sections
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


def controllers_pdf(content: Content, *, tenant: Tenant, now: datetime, language: str) -> bytes:
    """Return the PDF of the controller's record of processing, in a language."""
    with override(language):
        read = controllers_sections(content)
    name = content["a"]["controller"].get("controller") or tenant.name
    context = {"tenant": tenant, "whose": name, "article": "30-1", "sections": read, "now": now}
    return pdf.render("dpa/pdf/processing.html", context, language=language)


def processors_pdf(*, now: datetime, language: str) -> bytes:
    """Return the PDF of the processor's record of processing, in a language. As the operator."""
    with override(language):
        read = processors_sections(now)
    context = {"tenant": None, "whose": operator_name(), "article": "30-2", "sections": read, "now": now}
    return pdf.render("dpa/pdf/processing.html", context, language=language)
