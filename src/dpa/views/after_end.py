"""The page about the end of the contract: how long all is kept, take it along, have it deleted now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.set_post_contract_retention import (
    NotEnded,
    cancel_early_erasure,
    delete_everything,
    set_post_contract_retention,
)
from dpa.forms import AfterEndForm
from dpa.queries.after_end import after_end
from dpa.views.erasures import same_name
from people.requests import TenantRequest
from tenants.models import Tenant


class AfterEndPage(View):
    """Until when all is kept, on whose word, and the controller's choice of less."""

    permission = "erasures.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show it."""
        return end_page(request)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Keep the choice."""
        now = timezone.now()
        end = after_end(request.tenant, now=now)
        promised = end.promised_days
        form = AfterEndForm(request.POST, initial={"days": end.chosen_days}, promised_days=promised)
        if not form.is_valid():
            return end_page(request, form=form)
        days = form.cleaned_data["days"]
        set_post_contract_retention(
            tenant=request.tenant, days=days, promised_days=promised, by=request.person, now=now
        )
        messages.success(request, _("Saved."))
        return redirect("dpa:after_end")


class DeleteEverything(View):
    """Have everything deleted within 24 hours, once the contract has ended."""

    permission = "erasures.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Promise it when the school's name was typed."""
        if not same_name(request.POST.get("confirm_name", ""), request.tenant.name):
            return end_page(request, name_error=True)
        try:
            delete_everything(tenant=request.tenant, by=request.person, now=timezone.now())
        except NotEnded:
            messages.error(request, _("The contract still runs: delete pupils and people one by one."))
        else:
            messages.success(request, _("Everything will be deleted within 24 hours."))
        return redirect("dpa:after_end")


class KeepEverything(View):
    """Take back that everything is deleted now."""

    permission = "erasures.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Keep it as long as was promised."""
        try:
            cancel_early_erasure(tenant=request.tenant, by=request.person, now=timezone.now())
        except NotEnded:
            messages.error(request, _("There is nothing to take back."))
        else:
            messages.success(request, _("Kept: nothing is deleted before the day shown here."))
        return redirect("dpa:after_end")


def end_page(
    request: TenantRequest, *, form: AfterEndForm | None = None, name_error: bool = False
) -> HttpResponse:
    """Return the page, with a form that was filled in wrong."""
    end = after_end(request.tenant, now=timezone.now())
    initial = {"days": end.chosen_days}
    context = {
        "end": end,
        "has_ended": request.tenant.state == Tenant.State.ENDED,
        "name_error": name_error,
        "form": form or AfterEndForm(initial=initial, promised_days=end.promised_days),
    }
    return render(request, "dpa/after_end.html", context, status=400 if form or name_error else 200)
