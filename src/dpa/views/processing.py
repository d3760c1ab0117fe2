"""Both records of processing as page, CSV, JSON and PDF: a tenant's own, the operator's at its desk."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.print_annexes import controllers_pdf, processors_pdf
from dpa.labels import item_title
from dpa.models import AnnexVersion
from dpa.queries.annexes import Line, current_content
from dpa.queries.processing import (
    activity_lines,
    controller_lines,
    controllers,
    controllers_data,
    controllers_sections,
    processors_data,
    processors_sections,
)
from dpa.views.annexes import LANGUAGES, checked_language, pdf_response
from exports.gateways.csv import csv_response
from people.requests import ConsoleRequest, TenantRequest

JSON = {"ensure_ascii": False, "indent": 2}


def table(name: str, first: str, rows: Iterable[tuple[str, list[Line]]]) -> HttpResponse:
    """Return titled lines as a CSV file: a column for each label."""
    found = list(rows)
    header = [first, *(line.label for line in found[0][1])] if found else [first]
    return csv_response(name, header, ([title, *(line.text for line in lines)] for title, lines in found))


class ControllersRecord(View):
    """The controller's record, always as things stand."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show it."""
        content = current_content(request.tenant, timezone.now())
        context = {"sections": controllers_sections(content), "languages": LANGUAGES}
        return render(request, "dpa/processing.html", context)


class ControllersTable(View):
    """The controller's record as a table."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Return the CSV."""
        found = activity_lines(current_content(request.tenant, timezone.now()))
        rows = ((item_title("b", key, {}), lines) for key, lines in found.items())
        return table(_("record of processing"), _("Category (annex B)"), rows)


class ControllersData(View):
    """The controller's record for other programs."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Return the JSON."""
        data = controllers_data(current_content(request.tenant, timezone.now()))
        return JsonResponse(data, json_dumps_params=JSON)


class ControllersPaper(View):
    """The controller's record on paper."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, language: str) -> HttpResponse:
        """Return the PDF."""
        now = timezone.now()
        content = current_content(request.tenant, now)
        checked = checked_language(language)
        paper = controllers_pdf(content, tenant=request.tenant, now=now, language=checked)
        return pdf_response(paper, f"art-30-1-{language}")


class ProcessorsRecord(View):
    """The processor's record, at the operator's desk."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show it, with each version its controller accepted last."""
        now = timezone.now()
        context = {
            "sections": processors_sections(now),
            "accepted": [one for one in controllers(now) if one.version],
            "languages": LANGUAGES,
        }
        return render(request, "dpa/console/processing.html", context)


class ProcessorsTable(View):
    """The processor's record as a table."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the CSV."""
        rows = ((one.name, controller_lines(one)) for one in controllers(timezone.now()))
        return table(_("record of processing"), _("Controller"), rows)


class ProcessorsData(View):
    """The processor's record for other programs."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the JSON."""
        return JsonResponse(processors_data(timezone.now()), json_dumps_params=JSON)


class ProcessorsPaper(View):
    """The processor's record on paper."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, language: str) -> HttpResponse:
        """Return the PDF."""
        paper = processors_pdf(now=timezone.now(), language=language)
        return pdf_response(paper, f"art-30-2-{language}")


class ProcessorsCopy(View):
    """The operator's copy of annexes that a controller accepted, as issued."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, annex_id: UUID, language: str) -> HttpResponse:
        """Return the PDF."""
        version = get_object_or_404(AnnexVersion, pk=annex_id)
        paper = version.paper(checked_language(language))
        return pdf_response(paper, f"annexes-{version.number}-{language}")
