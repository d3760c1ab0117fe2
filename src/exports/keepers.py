"""What the agenda calls for exports: build them, and let them go after seven days."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Outcome, keeper, message
from exports.actions.build_export import build_step
from exports.actions.end_export import EXPIRED, end_export
from exports.models import ExportJob
from exports.queries import download_token
from exports.registry import builder_of
from tenants.queries import tenant_row, tenant_url


@keeper("LG-DCp", kind="export", where="tenant")
def keep_export(obligation: Obligation, *, now: datetime) -> Outcome:
    """Do one step; the next comes at once."""
    if build_step(job_id=obligation.subject, now=now):
        return Again(run_at=now)
    job = ExportJob.objects.filter(pk=obligation.subject).first()
    return Kept(size=job.size if job else 0)


@keeper("LG-DCp", kind="expire", where="tenant")
def keep_export_expiry(obligation: Obligation, *, now: datetime) -> Outcome:
    """Delete the files of an export whose link no longer works."""
    return Kept(files=end_export(job_id=obligation.subject, reason=EXPIRED, now=now))


@message("exports/ready")
def export_is_ready(ids: Mapping[str, str]) -> Mail | None:
    """Tell who asked that their export can be fetched; nobody when it is gone or they have no address."""
    job = (
        ExportJob.objects.select_related("requested_by")
        .filter(pk=ids["job"], state=ExportJob.State.READY)
        .first()
    )
    if job is None or not job.requested_by.is_active or not job.requested_by.email:
        return None
    tenant = tenant_row()
    language = job.requested_by.language or job.language
    with override(language):
        title = builder_of(job.kind).title(job)
    context = {
        "title": title,
        "tenant": tenant,
        "person": job.requested_by,
        "expires_at": job.expires_at,
        "link": tenant_url(
            tenant, reverse("exports:download", args=[download_token(job)], urlconf="config.urls_tenant")
        ),
    }
    return Mail(to=[job.requested_by.email], context=context, language=language)
