"""The operator's desk of sub-processors: the list, its changes, who was told and who objects."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from contracts.labels import day_text
from dpa.actions.change_processor import (
    NothingChanges,
    NotPending,
    TooEarly,
    UnderWay,
    announce_change,
    end_processor,
    start_change,
    terms_wanted,
    withdraw_change,
)
from dpa.actions.object_to_change import (
    NotTold,
    ObjectsAlready,
    TooLate,
    note_notice_bounce,
    object_to_change,
    set_gar,
    settle_objection,
)
from dpa.forms import SETTLEMENTS, GarForm, LetterForm, ProcessorForm, SettlementForm
from dpa.models import ChangeNotice, ChangeObjection, ProcessorChange, ProcessorVersion
from dpa.policy.processors import Start
from dpa.queries.doors import doors, suggestion
from dpa.queries.processors import (
    gar_tenants,
    house_day,
    limited_names,
    listed,
    standings,
    start_for,
    terms_of,
    told_tenants,
)
from people.requests import ConsoleRequest
from tenants.models import Tenant

FIELDS = (
    "name",
    "registration",
    "activity",
    "categories",
    "country",
    "mechanism",
    "mechanism_words",
    "contract_on",
    "profiles",
    "gar",
    "gateway",
    "is_demo",
)


class ProcessorDesk(View):
    """The sub-processors, the changes under way, the doors to the outside, who comes by GAR."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show them."""
        return desk_page(request, GarForm(find=request.GET.dict()))


class SetGar(View):
    """Say that a tenant's people come by GAR, or no longer do."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Keep it."""
        form = GarForm(request.POST)
        if not form.is_valid():
            return desk_page(request, form)
        uses_gar = "remove" not in request.POST
        tenant = form.cleaned_data["tenant"]
        set_gar(tenant=tenant, uses_gar=uses_gar, by=request.person, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("dpa:processor_desk")


def desk_page(request: ConsoleRequest, form: GarForm) -> HttpResponse:
    """Return the desk, with a form that was filled in wrong."""
    changes = ProcessorChange.objects.select_related("version", "replaces")
    context = {
        "rows": listed(house_day(timezone.now())),
        "changes": changes,
        "doors": doors(timezone.now()),
        "gar_tenants": gar_tenants(),
        "form": form,
    }
    return render(request, "dpa/processor_desk.html", context, status=400 if form.errors else 200)


class NewProcessor(View):
    """A new sub-processor, or another state of one: filled in, seen with whom it concerns, announced."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, processor_id: UUID | None = None) -> HttpResponse:
        """Show the form, with what stands or what is known of the door it is for."""
        before = version_of(processor_id)
        initial = known(before) if before else suggestion(request.GET.get("door", ""))
        initial = {"planned_on": request.today} | initial
        form = ProcessorForm(initial=initial, today=request.today, find=request.GET.dict())
        return self._page(request, form, before)

    def post(self, request: ConsoleRequest, processor_id: UUID | None = None) -> HttpResponse:
        """Show whom it concerns; announce it once that was confirmed."""
        before = version_of(processor_id)
        initial = known(before) if before else {}
        form = ProcessorForm(request.POST, initial=initial, today=request.today)
        if not form.is_valid():
            return self._page(request, form, before)
        if "confirm" not in request.POST:
            return self._preview(request, form, before)
        try:
            change = announce_change(
                values=form.values,
                tenants=form.limited_to,
                replaces=before,
                planned_on=form.cleaned_data["planned_on"],
                by=request.person,
                now=timezone.now(),
            )
        except NothingChanges:
            form.add_error(None, _("Nothing would change."))
            return self._page(request, form, before)
        except UnderWay:
            messages.error(request, _("A change of it is announced already, or it is used no more."))
            return redirect("dpa:processor_desk")
        messages.success(request, _("Announced.") if change.is_pending else _("It holds from today."))
        return redirect("dpa:processor_change", change.pk)

    def _preview(
        self, request: ConsoleRequest, form: ProcessorForm, before: ProcessorVersion | None
    ) -> HttpResponse:
        after = terms_wanted(form.values, form.limited_to)
        told = told_tenants(terms_of(before), after, timezone.now())
        context = {
            "form": form,
            "before": before,
            "version": ProcessorVersion(**form.values),
            "told": told,
            "names": [tenant.name for tenant in form.cleaned_data["tenants"]],
        }
        return render(request, "dpa/processor_preview.html", context)

    def _page(
        self, request: ConsoleRequest, form: ProcessorForm, before: ProcessorVersion | None
    ) -> HttpResponse:
        context = {"form": form, "before": before}
        return render(request, "dpa/processor_form.html", context, status=form.status)


def version_of(processor_id: UUID | None) -> ProcessorVersion | None:
    """Return the version that is to be changed, None for a new sub-processor. Raises Http404."""
    rows = ProcessorVersion.objects.filter(ends_on=None).exclude(starts_on=None)
    return get_object_or_404(rows, pk=processor_id) if processor_id else None


def known(version: ProcessorVersion) -> dict[str, Any]:
    """Return what stands of a sub-processor, for its form."""
    tenants = list(version.limited_to.values_list("tenant_id", flat=True))
    return {name: getattr(version, name) for name in FIELDS} | {"tenants": tenants}


class EndProcessor(View):
    """Use a sub-processor no more."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, processor_id: UUID) -> HttpResponse:
        """End it today."""
        version = get_object_or_404(ProcessorVersion, pk=processor_id, starts_on__isnull=False)
        try:
            end_processor(version=version, by=request.person, now=timezone.now())
        except UnderWay:
            messages.error(request, _("A change of it is announced already, or it is used no more."))
        else:
            messages.success(request, _("It is used no more from today on."))
        return redirect("dpa:processor_desk")


class ChangePage(View):
    """One change: where each tenant stands with it, and from when it may start."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, change_id: UUID) -> HttpResponse:
        """Show it."""
        return change_page(request, change_id)


class RecordObjection(View):
    """Record an objection that came by letter."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, change_id: UUID) -> HttpResponse:
        """Record it, or say why not."""
        change = get_object_or_404(ProcessorChange, pk=change_id)
        form = letter_form(change, request, request.POST)
        if not form.is_valid():
            return change_page(request, change_id, form=form)
        data = form.cleaned_data
        try:
            object_to_change(
                change=change,
                origin=ChangeObjection.Origin.LETTER,
                by=request.person,
                now=timezone.now(),
                **data,
            )
        except TooLate as late:
            form.say_too_late(late.last_on)
            return change_page(request, change_id, form=form)
        except (NotTold, ObjectsAlready):
            messages.error(request, _("It objects already, or the change was withdrawn."))
        else:
            messages.success(request, _("Recorded: the change does not start for this tenant."))
        return redirect("dpa:processor_change", change_id)


class StartChange(View):
    """Start a change on the day it may."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, change_id: UUID) -> HttpResponse:
        """Start it, or say from when it may."""
        change = get_object_or_404(ProcessorChange, pk=change_id)
        try:
            start_change(change=change, by=request.person, now=timezone.now())
        except NotPending:
            messages.error(request, _("It has started, or was withdrawn."))
        except TooEarly as early:
            messages.error(request, too_early(early.start))
        else:
            messages.success(request, _("It has started: the public list says so."))
        return redirect("dpa:processor_change", change_id)


def too_early(start: Start) -> str:
    """Return in words why a change may not start yet."""
    if start.not_before is not None:
        return _("Not before %(day)s: until then tenants can object.") % {"day": day_text(start.not_before)}
    words = ngettext(
        "%(n)d tenant has not received the notice yet: its time to object has not begun.",
        "%(n)d tenants have not received the notice yet: their time to object has not begun.",
        start.not_received,
    )
    return words % {"n": start.not_received}


class WithdrawChange(View):
    """Withdraw an announced change."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, change_id: UUID) -> HttpResponse:
        """Withdraw it; who was told is told."""
        change = get_object_or_404(ProcessorChange, pk=change_id)
        try:
            withdraw_change(change=change, by=request.person, now=timezone.now())
        except NotPending:
            messages.error(request, _("It has started, or was withdrawn."))
        else:
            messages.success(request, _("Withdrawn: who was told is told."))
        return redirect("dpa:processor_change", change_id)


class NoticeBounced(View):
    """Note that a notice came back: another leaves, with a time to object of its own."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, change_notice_id: UUID) -> HttpResponse:
        """Note it."""
        notice = get_object_or_404(ChangeNotice, pk=change_notice_id)
        note_notice_bounce(notice=notice, by=request.person, now=timezone.now())
        messages.success(request, _("Noted: the notice is sent again."))
        return redirect("dpa:processor_change", notice.change_id)


class SettleObjection(View):
    """Say what became of an objection."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, change_objection_id: UUID) -> HttpResponse:
        """Keep it."""
        objection = get_object_or_404(ChangeObjection, pk=change_objection_id)
        form = SettlementForm(request.POST)
        if form.is_valid():
            settlement = form.cleaned_data["settlement"]
            settle_objection(
                objection=objection, settlement=settlement, by=request.person, now=timezone.now()
            )
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Choose what became of it."))
        return redirect("dpa:processor_change", objection.change_id)


def letter_form(change: ProcessorChange, request: ConsoleRequest, *data: Any) -> LetterForm:
    """Return the form of an objection by letter."""
    told = list(change.notices.values_list("tenant_id", flat=True))
    return LetterForm(*data, told=told, today=request.today)


def change_page(request: ConsoleRequest, change_id: UUID, *, form: LetterForm | None = None) -> HttpResponse:
    """Return the page of a change, with a form that was filled in wrong."""
    rows = ProcessorChange.objects.select_related("version", "replaces")
    change = get_object_or_404(rows, pk=change_id)
    now = timezone.now()
    found = standings(change, now)
    shown = {row.tenant.pk for row in found}
    left = change.objections.exclude(tenant_id__in=shown)
    start = start_for(change, found, now)
    context = {
        "change": change,
        "version": change.version,
        "names": limited_names(change.version),
        "rows": found,
        "start": start,
        "why_not": "" if start.may_start else too_early(start),
        "left": [(one, Tenant.objects.filter(pk=one.tenant_id).first()) for one in left],
        "form": form or letter_form(change, request),
        "settlements": SETTLEMENTS,
    }
    return render(request, "dpa/processor_change.html", context, status=400 if form else 200)
