"""Data held beyond its period: whose, why, until when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.hold_data import LiftedAlready, hold_data, lift_hold
from dpa.forms import HoldForm
from dpa.policy.retention import HeldInThePast, NobodyHeld
from dpa.queries.holds import hold_with, holds
from people.requests import TenantRequest


class Holds(View):
    """What is held, and the form to hold more; whose it is, nobody is named."""

    permission = "erasures.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them."""
        return self.page(request, HoldForm(find=request.GET))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Hold somebody's data."""
        form = HoldForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        said: dict[str, Any] = {name: form.cleaned_data[name] for name in ("ground", "reason", "ends_on")}
        try:
            hold_data(subjects=form.ids(), by=request.person, now=timezone.now(), **said)
        except NobodyHeld:
            form.add_error(None, _("Choose whose data is to be kept."))
            return self.page(request, form)
        except HeldInThePast:
            form.add_error("ends_on", _("This day is not to come: nothing would be held."))
            return self.page(request, form)
        messages.success(request, _("Held: no retention period takes it before that day."))
        return redirect("dpa:holds")

    def page(self, request: TenantRequest, form: HoldForm) -> HttpResponse:
        """Return the page with this form."""
        context = {"rows": holds(request.today), "form": form}
        return render(request, "dpa/holds.html", context, status=form.status)


class LiftHold(View):
    """Hold it no longer."""

    permission = "erasures.write"

    def post(self, request: TenantRequest, hold_id: UUID) -> HttpResponse:
        """Lift it."""
        hold = hold_with(hold_id)
        if hold is None:
            raise Http404
        try:
            lift_hold(hold=hold, by=request.person, now=timezone.now())
        except LiftedAlready:
            messages.info(request, _("It was lifted already."))
        else:
            messages.success(request, _("Lifted: what has been kept long enough goes tomorrow."))
        return redirect("dpa:holds")
