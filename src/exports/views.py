"""Pages where exports are asked for, followed and fetched."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from audit.actions import log_action
from exports.actions.ask_export import ask_export
from exports.actions.end_export import CLOSED, THROWN_AWAY, end_export
from exports.forms import AskForm
from exports.gateways import storage
from exports.models import ExportJob
from exports.policy.asking import kinds_offered
from exports.policy.naming import file_name
from exports.queries import (
    download_token,
    export_of_token,
    exports_of,
    is_offered,
    offers,
    own_export,
    trouble_of,
)
from exports.registry import Asker, builder_of
from people.queries import circle_state
from people.requests import TenantRequest

EXPORTS_A_PAGE = 20


def asker_of(request: TenantRequest) -> Asker:
    """Return who asks, with the kinds of export open to them today."""
    scope = request.scope("students.read")
    kinds = kinds_offered(
        permissions=request.permissions,
        scope=scope,
        state=request.tenant.state,
        circle=circle_state(request.person.pk) if request.tenant.is_shared else None,
    )
    return Asker(request.person, scope, kinds)


def _own(request: TenantRequest, job_id: UUID) -> ExportJob:
    job = own_export(request.person, job_id)
    if job is None:
        raise Http404
    return job


class ExportList(View):
    """What can be asked for, and what was."""

    permission = "exports.ask"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show both."""
        return self._page(request, AskForm(offers=offers(asker_of(request)), find=request.GET))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Ask for one."""
        asker = asker_of(request)
        form = AskForm(request.POST, offers=offers(asker))
        if not form.is_valid():
            return self._page(request, form)
        kind, subject_id = form.wanted()
        job = ask_export(kind=kind, subject_id=subject_id, by=request.person, now=timezone.now())
        return redirect("exports:job", job.pk)

    def _page(self, request: TenantRequest, form: AskForm) -> HttpResponse:
        page = Paginator(exports_of(request.person), EXPORTS_A_PAGE).get_page(request.GET.get("page"))
        found = [_shown(job) for job in page]
        context = {"form": form, "offers": offers(asker_of(request)), "jobs": found, "page_obj": page}
        return render(request, "exports/list.html", context, status=form.status)


class AskOne(View):
    """Ask for one export from the page of what it is about: a class, a pupil."""

    permission = "exports.ask"

    def post(self, request: TenantRequest, kind: str, subject_id: UUID | None = None) -> HttpResponse:
        """Start it; what isn't offered to this person doesn't exist."""
        if not is_offered(asker_of(request), kind, subject_id):
            raise Http404
        job = ask_export(kind=kind, subject_id=subject_id, by=request.person, now=timezone.now())
        return redirect("exports:job", job.pk)


class ExportPage(View):
    """How far an export is, then its link."""

    permission = "exports.ask"

    def get(self, request: TenantRequest, job_id: UUID) -> HttpResponse:
        """Show the page; the bar refreshes itself, and the page can be left and found again."""
        return render(request, "exports/job.html", _progress(_own(request, job_id)))


class ExportProgress(View):
    """The bar alone."""

    permission = "exports.ask"
    is_background = True

    def get(self, request: TenantRequest, job_id: UUID) -> HttpResponse:
        """Return the bar; when it is full, the whole page is asked for again."""
        job = _own(request, job_id)
        response = render(request, "exports/progress.html", _progress(job))
        if job.is_finished:
            response.headers["HX-Refresh"] = "true"
        return response


class Download(View):
    """The archive itself, for the person who asked for it."""

    permission = "exports.ask"

    def get(self, request: TenantRequest, token: str) -> HttpResponseBase:
        """Stream the file from the storage; nothing is read from the database while it goes out."""
        job = export_of_token(token, request.person)
        if job is None:
            raise Http404
        now = timezone.now()
        if job.can_be_fetched(now) and not builder_of(job.kind).still_open(job, now):
            end_export(job_id=job.pk, reason=CLOSED, now=now)
            job.refresh_from_db()
        if not job.can_be_fetched(now) or not storage.exists(job.file):
            return render(request, "exports/gone.html", {"job": job}, status=410)
        log_action("export.fetched", by=request.person, on=job, at=now, facts={"kind": job.kind})
        name = f"{file_name(builder_of(job.kind).title(job))}.zip"
        response = FileResponse(
            storage.opened(job.file), as_attachment=True, filename=name, content_type="application/zip"
        )
        response.headers["Cache-Control"] = "no-store"
        return response


class ThrowAway(View):
    """Throw an export away before its time."""

    permission = "exports.ask"

    def post(self, request: TenantRequest, job_id: UUID) -> HttpResponse:
        """Delete the file now."""
        end_export(job_id=_own(request, job_id).pk, reason=THROWN_AWAY, now=timezone.now(), by=request.person)
        messages.success(request, _("The export has been deleted."))
        return redirect("exports:list")


def _shown(job: ExportJob) -> dict[str, Any]:
    fetch = job.can_be_fetched(timezone.now())
    return {
        "job": job,
        "title": builder_of(job.kind).title(job),
        "token": download_token(job) if fetch else "",
    }


def _progress(job: ExportJob) -> dict[str, Any]:
    now = timezone.now()
    return _shown(job) | {"seconds_left": job.seconds_left(now), "retry_at": trouble_of(job)}
