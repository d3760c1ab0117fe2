"""The import: upload, preview, confirm, follow."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from agenda.queries import failed_at
from classrooms.actions.confirm_import import (
    AlreadyConfirmed,
    NoSuchChoice,
    NothingToImport,
    PlanChanged,
    bring_back,
    choose,
    confirm_import,
    give_up,
)
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.forms.school import UploadForm
from classrooms.forms.words import file_words, licence_refusal, refusal_words
from classrooms.models import ImportBatch
from classrooms.policy.csv_file import PUPILS
from classrooms.policy.licences import LicencesUsedUp, seats_left
from classrooms.queries.imports import as_counts, plan_of, refusals_of
from classrooms.queries.seats import seats
from classrooms.views.parts import done, problem
from contracts.context import in_words
from exports.gateways.csv import csv_response
from people.requests import TenantRequest

PARTS = ("removed", "create", "update", "missing", "refused", "unchanged")
PER_PAGE = 50


class ImportList(ListView[ImportBatch]):
    """Uploads, and a place to drop the next."""

    permission = "imports.write"
    template_name = "classrooms/imports.html"
    paginate_by = 25
    request: TenantRequest

    def get_queryset(self) -> Any:
        """Return the uploads, newest first."""
        return ImportBatch.objects.select_related("created_by").defer("rows", "guardian_rows", "refused")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form and the licences."""
        request = self.request
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or UploadForm(),
            "seats": seats(request.tenant, request.today),
        }

    def post(self, request: TenantRequest) -> HttpResponse:
        """Read the files and go to what they would do."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            self.object_list = self.get_queryset()
            return self.render_to_response(self.get_context_data(form=form), status=400)
        pupils = form.cleaned_data["pupils"]
        guardians = form.cleaned_data["guardians"]
        upload = Upload(
            pupils.read(),
            guardians.read() if guardians else None,
            pupils.name,
            guardians.name if guardians else "",
        )
        batch = prepare_import(
            upload, tenant=request.tenant, by=request.person, now=timezone.now(), today=request.today
        )
        return redirect("classrooms:import", batch.pk)


def _batch(pk: UUID) -> ImportBatch:
    return get_object_or_404(ImportBatch, pk=pk)


class ImportPage(View):
    """What an import would do, or did."""

    permission = "imports.write"

    def get(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Show each part of the plan; a wide part in pages."""
        batch = _batch(batch_id)
        if not batch.is_open:
            stuck = failed_at("LG-U3.1o", "import", batch.pk)
            return render(request, "classrooms/import_done.html", {"batch": batch, "failed_at": stuck})
        plan = plan_of(batch, today=request.today)
        refused = sorted(
            [*refusals_of(batch), *plan.refused], key=lambda refusal: (refusal.file != PUPILS, refusal.line)
        )
        counts = {**as_counts(plan, refusals_of(batch)), "removed": len(plan.asked)}
        rows = {
            "create": plan.created,
            "update": plan.changed,
            "unchanged": plan.unchanged,
            "missing": plan.missing,
            "refused": refused,
            "removed": plan.asked,
        }
        part = request.GET.get("part")
        part = part if part in rows else next((name for name in PARTS if counts[name]), "create")
        if request.GET.get("format") == "csv":
            return _refused_csv(refused)
        context = {
            "batch": batch,
            "plan": plan,
            "counts": counts,
            "part": part,
            "over": _over(request, plan.adding),
            "parts": [(name, counts[name]) for name in PARTS if counts[name] or name != "removed"],
            "fingerprint": plan.fingerprint(),
            "page_obj": Paginator(rows[part], PER_PAGE).get_page(request.GET.get("page")),
            "doubts": {doubt.row.line: doubt.candidates for doubt in plan.ambiguous},
            "seats": seats(request.tenant, request.today),
        }
        return render(request, "classrooms/import.html", context)


def _over(request: TenantRequest, adding: int) -> str:
    now = seats(request.tenant, request.today)
    try:
        seats_left(bought=now.bought, active=now.active, adding=adding)
    except LicencesUsedUp as refused:
        return licence_refusal(refused)
    return ""


def _refused_csv(refused: Any) -> HttpResponse:
    header = [_("File"), _("Line"), _("Column"), _("Reason")]
    rows = ((file_words(r), r.line, in_words(r.column), refusal_words(r)) for r in refused)
    return csv_response(_("refused lines"), header, rows)


class ConfirmImport(View):
    """Say yes."""

    permission = "imports.write"

    def post(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Start applying; nothing is done when it isn't what was shown any more."""
        batch = _batch(batch_id)
        try:
            confirm_import(
                batch_id=batch.pk,
                tenant=request.tenant,
                by=request.person,
                now=timezone.now(),
                today=request.today,
                shown=request.POST.get("shown", ""),
            )
        except AlreadyConfirmed:
            pass
        except NothingToImport:
            return problem(
                request,
                _("This file changes nothing: everything is as it says."),
                "classrooms:import",
                batch.pk,
            )
        except PlanChanged:
            words = _("Something changed meanwhile. Look at it again, then confirm.")
            return problem(request, words, "classrooms:import", batch.pk)
        except LicencesUsedUp as refused:
            return problem(request, licence_refusal(refused), "classrooms:import", batch.pk)
        return redirect("classrooms:import", batch.pk)


class ChooseLine(View):
    """Say which pupil a line means."""

    permission = "imports.write"

    def post(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Remember the choice."""
        batch = _batch(batch_id)
        line = request.POST.get("line", "")
        choice = request.POST.get("choice", "")
        try:
            choose(
                batch_id=batch.pk,
                line=int(line),
                choice=choice,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except (AlreadyConfirmed, NoSuchChoice, ValueError):
            return problem(request, _("Choose one of the pupils shown."), "classrooms:import", batch.pk)
        return done(request, _("Line %(line)s is settled.") % {"line": line}, "classrooms:import", batch.pk)


class BringBack(View):
    """Say of somebody who was removed that they come back all the same, or stay out."""

    permission = "imports.write"

    def post(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Remember the choice."""
        batch = _batch(batch_id)
        line = request.POST.get("line", "")
        is_back = request.POST.get("choice") == "back"
        try:
            bring_back(
                batch_id=batch.pk,
                line=int(line),
                email=request.POST.get("email", ""),
                is_back=is_back,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except (AlreadyConfirmed, NoSuchChoice, ValueError):
            return problem(
                request, _("Nothing is asked about this line any more."), "classrooms:import", batch.pk
            )
        words = _("Line %(line)s: brought back.") if is_back else _("Line %(line)s: left out.")
        return done(request, words % {"line": line}, "classrooms:import", batch.pk)


class GiveUpImport(View):
    """Close an upload without doing anything."""

    permission = "imports.write"

    def post(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Forget its rows."""
        batch = _batch(batch_id)
        try:
            give_up(batch_id=batch.pk, by=request.person, now=timezone.now())
        except AlreadyConfirmed:
            return problem(request, _("This import is already under way."), "classrooms:import", batch.pk)
        return done(
            request, _("Given up: nothing was changed and its rows are forgotten."), "classrooms:imports"
        )


class ImportProgress(View):
    """The bar alone."""

    permission = "imports.write"
    is_background = True

    def get(self, request: TenantRequest, batch_id: UUID) -> HttpResponse:
        """Return the bar; once it is over, the whole page is asked for again."""
        batch = _batch(batch_id)
        response = render(request, "classrooms/import_progress.html", {"batch": batch})
        if batch.state != ImportBatch.State.WAITING:
            response.headers["HX-Refresh"] = "true"
        return response
