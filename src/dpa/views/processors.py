"""Sub-processors as everybody reads them, and as a tenant reads them: the list, and its word on changes."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views import View

from contracts.labels import day_text
from dpa.actions.object_to_change import (
    NotTold,
    ObjectsAlready,
    TooLate,
    object_to_change,
    settle_objection,
)
from dpa.forms import ObjectionForm
from dpa.models import ChangeObjection, ProcessorChange
from dpa.queries.processors import days_of_list, house_day, listed, pending_for, processors_for
from people.requests import TenantRequest, VisitorRequest
from tenants.queries import public_url


def day_asked(request: VisitorRequest, today: date) -> date:
    """Return the day a list is asked for, today where none or a later one is."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    return min(asked or today, today)


class SubProcessors(View):
    """The public list, as it stands or as it stood on a day."""

    permission = "anyone"

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Show it."""
        today = house_day(timezone.now())
        on = day_asked(request, today)
        context = {"rows": listed(on), "on": on, "today": today, "days": days_of_list(today)}
        return render(request, "dpa/sub_processors.html", context)


class Processors(View):
    """Who works for this tenant, and the changes it was told of."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them."""
        return processors_page(request)


class ObjectToChange(View):
    """Object to an announced change, with the reason."""

    permission = "privacy.write"

    def post(self, request: TenantRequest, change_id: UUID) -> HttpResponse:
        """Record it, or say why not."""
        now = timezone.now()
        change = change_told(request, change_id)
        form = ObjectionForm(request.POST)
        if not form.is_valid():
            return processors_page(request, form=form, form_of=change.pk)
        try:
            object_to_change(
                change=change,
                tenant=request.tenant,
                reason=form.cleaned_data["reason"],
                objected_on=request.tenant.today(now),
                origin=ChangeObjection.Origin.PAGE,
                by=request.person,
                now=now,
            )
        except TooLate as late:
            words = _("Too late: you could object until %(day)s.")
            messages.error(request, words % {"day": day_text(late.last_on)})
        except (NotTold, ObjectsAlready):
            messages.error(request, _("This change waits for no word of yours."))
        else:
            messages.success(request, _("Your objection is recorded: the change does not start for you."))
        return redirect("dpa:processors")


class AcceptChange(View):
    """Take an objection back: the change holds for this tenant too."""

    permission = "privacy.write"

    def post(self, request: TenantRequest, change_id: UUID) -> HttpResponse:
        """Settle it."""
        change = change_told(request, change_id)
        rows = change.objections.filter(tenant_id=request.tenant.pk)
        objection = rows.filter(settled_at=None).first()
        accepted = ChangeObjection.Settlement.ACCEPTED
        if objection is not None and settle_objection(
            objection=objection, settlement=accepted, by=request.person, now=timezone.now()
        ):
            messages.success(request, _("Your objection is taken back."))
        else:
            messages.error(request, _("This change waits for no word of yours."))
        return redirect("dpa:processors")


def change_told(request: TenantRequest, change_id: UUID) -> ProcessorChange:
    """Return a change that this tenant was told of. Raises Http404."""
    rows = ProcessorChange.objects.filter(notices__tenant_id=request.tenant.pk).distinct()
    return get_object_or_404(rows, pk=change_id)


def processors_page(
    request: TenantRequest, *, form: ObjectionForm | None = None, form_of: UUID | None = None
) -> HttpResponse:
    """Return the page, with a form that was filled in wrong."""
    now = timezone.now()
    opened_at = request.tenant.opened_at
    context = {
        "rows": processors_for(request.tenant, now),
        "pending": pending_for(request.tenant, now),
        "form": form or ObjectionForm(),
        "form_of": form_of,
        "list_url": public_url(reverse("dpa:sub_processors", urlconf="config.urls_public")),
        "opened_on": request.tenant.today(opened_at) if opened_at else None,
    }
    return render(request, "dpa/processors.html", context, status=400 if form else 200)
