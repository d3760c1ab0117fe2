"""Access to a whole tenant by hand: stopped for a ground, given back, ended or deleted as contracts allow."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.collections.actions.suspend import NotSuspendable, lift, suspend_for
from billing.collections.models import Suspension
from billing.collections.queries.shown import suspensions_shown
from billing.money.views.answers import done, problem
from billing.subscriptions.actions.end_workspace import NotEndable, delete_workspace, end_workspace
from billing.subscriptions.forms.workspaces import (
    DeleteWorkspaceForm,
    EndWorkspaceForm,
    SuspendWorkspaceForm,
)
from billing.subscriptions.queries.workspaces import circles_of, customers_in, running_in, standing_in
from contracts.labels import day_text
from people.requests import ConsoleRequest
from tenants.actions.change_state import CannotBecome
from tenants.models import Tenant
from tenants.queries import asked_erasure_of


def page(request: ConsoleRequest, tenant: Tenant, **wrong: forms.Form) -> HttpResponse:
    """Return the page of a tenant's access with these forms."""
    is_reached = tenant.state in {Tenant.State.OPEN, Tenant.State.SUSPENDED}
    is_ended = tenant.state == Tenant.State.ENDED
    running = running_in(tenant)
    context: dict[str, Any] = {
        "tenant": tenant,
        "suspensions": suspensions_shown(standing_in(tenant)),
        "running": running,
        "circles": circles_of(tenant, customers_in(tenant)) if tenant.is_shared else None,
        "deletion": asked_erasure_of(tenant.pk) if is_ended else None,
    }
    if is_reached:
        context["suspend_form"] = SuspendWorkspaceForm(tenant=tenant, prefix="suspend")
    if is_reached and not running.exists():
        context["end_form"] = EndWorkspaceForm(tenant=tenant, prefix="end")
    if is_ended and context["deletion"] is None:
        context["delete_form"] = DeleteWorkspaceForm(tenant=tenant, prefix="delete")
    status = 422 if wrong else 200
    return render(request, "billing/subscriptions/console/workspace.html", context | wrong, status=status)


class WorkspaceAccess(View):
    """What stands against access to a tenant, and what may be done about it."""

    permission = "tenants.write"

    def get(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, get_object_or_404(Tenant, pk=tenant_id))

    def post(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Stop access for a ground, or say what is missing."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        form = SuspendWorkspaceForm(request.POST, tenant=tenant, prefix="suspend")
        if not form.is_valid():
            return page(request, tenant, suspend_form=form)
        rows = self._suspend(request, tenant, form)
        if not rows:
            text = _("Access isn’t open, this was told already, or the contract never stops access for it.")
            form.add_error("cause", text)
            return page(request, tenant, suspend_form=form)
        if all(row.at_once for row in rows):
            text = _("Access is suspended; the customer is told.")
        else:
            text = _(
                "The e-mail leaves now. Access stops once the contract’s delay has run from its leaving."
            )
        return done(request, text, "billing:tenant_access", tenant.pk)

    def _suspend(
        self, request: ConsoleRequest, tenant: Tenant, form: SuspendWorkspaceForm
    ) -> list[Suspension]:
        said = {name: form.cleaned_data[name] for name in ("cause", "reason")}
        rows = []
        for customer in form.customers():
            try:
                rows.append(
                    suspend_for(
                        tenant=tenant, customer=customer, by=request.person, now=timezone.now(), **said
                    )
                )
            except NotSuspendable:
                continue
        return rows


class LiftInWorkspace(View):
    """Say that a ground other than money is fully remedied."""

    permission = "tenants.write"

    def get(self, request: ConsoleRequest, tenant_id: UUID, suspension_id: UUID) -> HttpResponse:
        """Return the page, where the act is."""
        return page(request, get_object_or_404(Tenant, pk=tenant_id))

    def post(self, request: ConsoleRequest, tenant_id: UUID, suspension_id: UUID) -> HttpResponse:
        """Give access back unless another ground stands."""
        row = get_object_or_404(Suspension, pk=suspension_id, tenant_id=tenant_id, lifted_at=None)
        if row.invoice_id:
            text = _("It is lifted by the full payment of its invoice.")
            return problem(request, text, "billing:tenant_access", tenant_id)
        if lift(suspension=row, by=request.person, now=timezone.now()):
            return done(request, _("Access is open again."), "billing:tenant_access", tenant_id)
        return done(request, _("Kept. Another cause still stands."), "billing:tenant_access", tenant_id)


class EndWorkspace(View):
    """End a tenant in which no subscription runs, for a ground; each of its clients is told."""

    permission = "tenants.write"

    def get(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Return the page, where the act is."""
        return page(request, get_object_or_404(Tenant, pk=tenant_id))

    def post(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """End it, or say why not."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        form = EndWorkspaceForm(request.POST, tenant=tenant, prefix="end")
        if not form.is_valid():
            return page(request, tenant, end_form=form)
        said = {name: form.cleaned_data[name] for name in ("ground", "reason")}
        try:
            end_workspace(
                tenant_id=tenant.pk, by=request.person, now=timezone.now(), today=request.today, **said
            )
        except NotEndable as why:
            form.add_error("ground", _why_not(str(why)))
            return page(request, tenant, end_form=form)
        except CannotBecome:
            text = _("Somebody changed its state meanwhile: look again.")
            return problem(request, text, "billing:tenant_access", tenant.pk)
        return done(request, _("Ended. Its clients are told."), "billing:tenant_access", tenant.pk)


class DeleteWorkspace(View):
    """Have what is left of an ended tenant deleted on its controller's written word."""

    permission = "tenants.write"

    def get(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Return the page, where the act is."""
        return page(request, get_object_or_404(Tenant, pk=tenant_id))

    def post(self, request: ConsoleRequest, tenant_id: UUID) -> HttpResponse:
        """Promise it within 24 hours, or say why not."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        form = DeleteWorkspaceForm(request.POST, tenant=tenant, prefix="delete")
        if not form.is_valid():
            return page(request, tenant, delete_form=form)
        try:
            due_at = delete_workspace(
                tenant_id=tenant.pk,
                instruction=form.cleaned_data["instruction"],
                by=request.person,
                now=timezone.now(),
            )
        except CannotBecome:
            text = _("Only what has ended is deleted.")
            return problem(request, text, "billing:tenant_access", tenant.pk)
        text = _("All of it goes by %(when)s; its administrator can take it back for 12 hours.")
        return done(
            request, text % {"when": day_text(due_at, "DATETIME_FORMAT")}, "billing:tenant_access", tenant.pk
        )


def _why_not(code: str) -> str:
    if code == "subscribed":
        return _("A subscription runs here: end it on its own page, where its contract’s rules are.")
    return _("Its contract is in force today: it ends when that is over, or when its client asks.")
