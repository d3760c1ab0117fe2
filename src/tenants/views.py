"""The console's pages about tenants."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from audit.queries import history
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.open_tenant import AddressTaken, open_tenant
from tenants.forms import OpenTenantForm, StateForm
from tenants.gateways.schema import wanted_version
from tenants.models import SchemaMigration, Tenant
from tenants.queries import licences, seats_used, tenant_url

SORTS = {"name", "-name", "slug", "-slug", "state", "-state", "opened_at", "-opened_at"}


class TenantList(ListView):
    """All tenants, with their state and the version of their schema."""

    right = "tenants.write"
    template_name = "tenants/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Tenant]:
        """Return the tenants asked for."""
        asked = self.request.GET
        rows = Tenant.objects.annotate(contract_count=Count("contracts"))
        if words := asked.get("q", ""):
            rows = rows.filter(
                Q(name__icontains=words) | Q(slug__icontains=words) | Q(contracts__customer__name__icontains=words)
            )
        if state := asked.get("state", ""):
            rows = rows.filter(state=state)
        sort = asked.get("sort", "name")
        return rows.order_by(sort if sort in SORTS else "name", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page with the version every tenant should be at."""
        wanted = wanted_version()
        behind = Tenant.objects.exclude(state="erased").exclude(schema_version=wanted).count()
        return super().get_context_data(**kwargs) | {"states": Tenant.State.choices, "wanted": wanted, "behind": behind}


class OpenTenant(View):
    """Open a tenant for a contract that has none."""

    right = "tenants.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form."""
        return self._page(request, OpenTenantForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it and show it, or say what is wrong."""
        form = OpenTenantForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        data = form.cleaned_data
        try:
            tenant = open_tenant(
                slug=data["slug"],
                name=data["name"],
                contract_id=data["contract"].pk,
                now=timezone.now(),
                by=request.person,  # type: ignore[attr-defined]
            )
        except AddressTaken:
            form.add_error("slug", _("This address is taken: choose another one."))
            return self._page(request, form)
        messages.success(request, _("%(name)s is open.") % {"name": tenant.name})
        return redirect("tenants:tenant", tenant.pk)

    def _page(self, request: HttpRequest, form: OpenTenantForm) -> HttpResponse:
        return render(request, "tenants/open.html", {"form": form}, status=422 if form.errors else 200)


class TenantPage(View):
    """One tenant: its contracts, its schema, its state and what may become of it."""

    right = "tenants.write"

    def get(self, request: HttpRequest, tenant_id: UUID) -> HttpResponse:
        """Return the page."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        return self._page(request, tenant, StateForm(tenant=tenant))

    def post(self, request: HttpRequest, tenant_id: UUID) -> HttpResponse:
        """Change its state, or say why not."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        form = StateForm(request.POST, tenant=tenant)
        if not form.is_valid():
            return self._page(request, tenant, form)
        data, by = form.cleaned_data, request.person  # type: ignore[attr-defined]
        try:
            change_state(tenant_id=tenant.pk, state=data["state"], reason=data["reason"], now=timezone.now(), by=by)
        except CannotBecome:
            messages.error(request, _("Somebody changed its state meanwhile: look again."))
        else:
            messages.success(request, _("Done: its new state counts from now on."))
        return redirect("tenants:tenant", tenant.pk)

    def _page(self, request: HttpRequest, tenant: Tenant, form: StateForm) -> HttpResponse:
        context = {
            "tenant": tenant,
            "form": form,
            "customer": _customer_of(tenant),
            "contracts": tenant.contracts.select_related("customer"),
            "url": tenant_url(tenant),
            "licences": licences(tenant, tenant.today(timezone.now())),
            "seats": seats_used(tenant),
            "is_current": tenant.schema_version == wanted_version(),
            "migrations": SchemaMigration.objects.filter(tenant_id=tenant.pk)[:10],
            "entries": history(on=tenant.pk),
        }
        return render(request, "tenants/tenant.html", context, status=422 if form.errors else 200)


def _customer_of(tenant: Tenant) -> Any:
    contract = tenant.contracts.select_related("customer").first()
    return contract.customer if contract else None
