"""A school's new administrator: asked for at the console, confirmed by the client's signatory."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import done, problem
from billing.quotes.actions.ask_administrator import (
    NotWaiting,
    ask_administrator,
    confirm_administrator,
    refuse_administrator,
)
from billing.quotes.forms.administrators import AskForAdministratorForm
from billing.quotes.models import AdministratorDemand
from billing.quotes.queries.signatories import signatories_of
from isolation.context import inside
from people.actions.invite import AlreadyHere, InvitationClosed
from people.models import Invitation
from people.requests import ConsoleRequest
from tenants.models import Tenant


class AskForAdministrator(View):
    """Ask for a new administrator of a school, at the written demand of its client's signatory."""

    permission = "tenants.write"

    def get(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Return the form, and what became of earlier demands."""
        tenant = _school(tenant_id)
        return self._page(request, tenant, AskForAdministratorForm(tenant=tenant))

    def post(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Ask the signatory to confirm, or say what is wrong."""
        tenant = _school(tenant_id)
        form = AskForAdministratorForm(request.POST, tenant=tenant)
        if not form.is_valid():
            return self._page(request, tenant, form)
        try:
            demand = ask_administrator(
                tenant=tenant, by=request.person, now=timezone.now(), **form.cleaned_data
            )
        except AlreadyHere:
            form.add_error(
                "email", _("This address signs in to the school already: its administrator gives the role.")
            )
            return self._page(request, tenant, form)
        text = _("%(name)s is asked to confirm. The client and the administrators of today are told.")
        return done(request, text % {"name": demand.contact.name}, "billing:administrator_new", tenant.pk)

    def _page(self, request: ConsoleRequest, tenant: Tenant, form: AskForAdministratorForm) -> HttpResponse:
        now = timezone.now()
        rows = AdministratorDemand.objects.filter(tenant_id=tenant.pk).select_related("contact")
        contract = tenant.contracts.select_related("customer").order_by("-starts_on").first()
        context = {
            "school": tenant,
            "form": form,
            "customer": contract.customer if contract else None,
            "known": signatories_of(tenant).exists(),
            "demands": rows,
            "now": now,
        }
        status = 422 if form.errors else 200
        return render(request, "billing/quotes/console/administrator.html", context, status=status)


def _school(tenant_id: UUID) -> Tenant:
    rows = Tenant.objects.filter(state__in=["open", "suspended", "ended"], is_shared=False)
    return get_object_or_404(rows, pk=tenant_id)


class PortalAdministrator(PortalView):
    """A demand for a new administrator, to confirm or to refuse; only its signatory sees it."""

    def get(self, request: PortalRequest, demand_id: UUID) -> HttpResponse:
        """Return who would run the school."""
        demand = self._demand(demand_id)
        school = get_object_or_404(Tenant, pk=demand.tenant_id)
        with inside(school):
            invitation = Invitation.objects.filter(pk=demand.invitation_id).first()
        context = {
            "demand": demand,
            "school": school,
            "invitation": invitation,
            "state": demand.state(timezone.now()),
        }
        return self.page("billing/quotes/portal/administrator.html", context)

    def post(self, request: PortalRequest, demand_id: UUID) -> HttpResponse:
        """Confirm it, or refuse it."""
        demand = self._demand(demand_id)
        is_confirmed = "refuse" not in request.POST
        act = confirm_administrator if is_confirmed else refuse_administrator
        try:
            act(demand_id=demand.pk, by=request.contact, now=timezone.now())
        except (NotWaiting, InvitationClosed):
            text = _("It was answered, taken back or has expired: nothing was changed.")
            return problem(request, text, "billing:portal_administrator", demand.pk)
        text = _("Confirmed: the invitation leaves.") if is_confirmed else _("Refused: nobody is invited.")
        return done(request, text, "billing:portal_administrator", demand.pk)

    def _demand(self, demand_id: UUID) -> AdministratorDemand:
        return get_object_or_404(AdministratorDemand, pk=demand_id, contact=self.request.contact)
