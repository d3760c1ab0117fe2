"""The console's pages about tenants."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from audit.queries import history
from contracts.actions.publish_terms import AlreadyPublished
from contracts.labels import day_text
from contracts.models import TermsVersion
from contracts.policy.terms import NoFrench, TooSoon, check_in_force
from contracts.registry import profile, profile_names
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.provision_tenant import AddressTaken, provision_tenant
from tenants.actions.publish_version import publish_version
from tenants.forms import OpenTenantForm, PublishTermsForm, StateForm
from tenants.gateways.schema import wanted_version
from tenants.models import SchemaMigration, Tenant
from tenants.queries import binding_day, concerned_by, licences, seats_used, tenant_url
from tenants.requests import ActorRequest

SORTS = {"name", "-name", "slug", "-slug", "state", "-state", "opened_at", "-opened_at"}


class TenantList(ListView[Tenant]):
    """All tenants, with their state and the version of their schema."""

    permission = "tenants.write"
    template_name = "tenants/list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Tenant]:
        """Return the tenants asked for."""
        asked = self.request.GET
        rows = Tenant.objects.annotate(contract_count=Count("contracts"))
        if words := asked.get("q", ""):
            rows = rows.filter(
                Q(name__unaccent__icontains=words)
                | Q(slug__unaccent__icontains=words)
                | Q(contracts__customer__name__unaccent__icontains=words)
            )
        if state := asked.get("state", ""):
            rows = rows.filter(state=state)
        sort = asked.get("sort", "name")
        return rows.order_by(sort if sort in SORTS else "name", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page with the version every tenant should be at."""
        wanted = wanted_version()
        behind = Tenant.objects.exclude(state="erased").exclude(schema_version=wanted).count()
        return super().get_context_data(**kwargs) | {
            "states": Tenant.State.choices,
            "wanted": wanted,
            "behind": behind,
        }


class ProvisionTenant(View):
    """Open a tenant for a contract that has none."""

    permission = "tenants.write"

    def get(self, request: ActorRequest) -> HttpResponse:
        """Return the form."""
        return self._page(request, OpenTenantForm())

    def post(self, request: ActorRequest) -> HttpResponse:
        """Open it and show it, or say what is wrong."""
        form = OpenTenantForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        data = form.cleaned_data
        try:
            tenant = provision_tenant(
                slug=data["slug"],
                name=data["name"],
                contract_id=data["contract"].pk,
                now=timezone.now(),
                by=request.person,
            )
        except AddressTaken:
            form.add_error("slug", _("This address is taken: choose another one."))
            return self._page(request, form)
        messages.success(request, _("%(name)s is open.") % {"name": tenant.name})
        return redirect("tenants:tenant", tenant.pk)

    def _page(self, request: ActorRequest, form: OpenTenantForm) -> HttpResponse:
        return render(request, "tenants/open.html", {"form": form}, status=422 if form.errors else 200)


class TenantPage(View):
    """One tenant: its contracts, its schema, its state and what may become of it."""

    permission = "tenants.write"

    def get(self, request: ActorRequest, tenant_id: UUID) -> HttpResponse:
        """Return the page."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        return self._page(request, tenant, StateForm(tenant=tenant))

    def post(self, request: ActorRequest, tenant_id: UUID) -> HttpResponse:
        """Change its state, or say why not."""
        tenant = get_object_or_404(Tenant, pk=tenant_id)
        form = StateForm(request.POST, tenant=tenant)
        if not form.is_valid():
            return self._page(request, tenant, form)
        data = form.cleaned_data
        by = request.person
        try:
            change_state(
                tenant_id=tenant.pk, state=data["state"], reason=data["reason"], now=timezone.now(), by=by
            )
        except CannotBecome:
            messages.error(request, _("Somebody changed its state meanwhile: look again."))
        else:
            messages.success(request, _("Done: its new state counts from now on."))
        return redirect("tenants:tenant", tenant.pk)

    def _page(self, request: ActorRequest, tenant: Tenant, form: StateForm) -> HttpResponse:
        context = {
            "tenant": tenant,
            "form": form,
            "customer": _customer_of(tenant),
            "contracts": tenant.contracts.select_related("customer"),
            "url": tenant_url(tenant),
            "licences": licences(tenant, tenant.today(timezone.now())),
            "seats": seats_used(tenant),
            "is_current": tenant.schema_version == wanted_version(),
            "migrations": SchemaMigration.objects.filter(tenant_id=tenant.pk),
            "entries": history(on=tenant.pk),
        }
        return render(request, "tenants/tenant.html", context, status=422 if form.errors else 200)


def _customer_of(tenant: Tenant) -> Any:
    contract = tenant.contracts.select_related("customer").first()
    return contract.customer if contract else None


class TermsDesk(ListView[TermsVersion]):
    """Every version of every document, the newest first."""

    permission = "tenants.write"
    template_name = "tenants/terms.html"
    paginate_by = 50
    request: ActorRequest

    def get_queryset(self) -> QuerySet[TermsVersion]:
        """Return the versions of the offer asked for, or of all."""
        rows = TermsVersion.objects.defer("text").order_by(
            "-in_force_on", "-published_on", "profile", "kind", "language"
        )
        offer = self.request.GET.get("offer", "")
        return rows.filter(profile=offer) if offer else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page with the offers' names."""
        offers = profile_names((get_language() or "fr")[:2])
        context = super().get_context_data(**kwargs)
        today = self.request.today
        rows = [
            (row, offers.get(row.profile, row.profile), row.in_force_on > today)
            for row in context["page_obj"]
        ]
        return context | {"rows": rows, "offers": sorted(offers.items(), key=lambda pair: pair[1])}


class PublishTerms(View):
    """Write a version, see whom it concerns and from when, publish it."""

    permission = "tenants.write"

    def get(self, request: ActorRequest) -> HttpResponse:
        """Show the form."""
        return self._page(request, PublishTermsForm(initial={"in_force_on": request.today, "language": "fr"}))

    def post(self, request: ActorRequest) -> HttpResponse:
        """Show whom it concerns; publish it once that was confirmed."""
        form = PublishTermsForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        if "confirm" not in request.POST:
            return self._preview(request, form)
        data = form.cleaned_data
        by = request.person
        try:
            _terms, told = publish_version(**data, by=by, now=timezone.now(), today=request.today)
        except (AlreadyPublished, NoFrench, TooSoon) as error:
            return self._refused(request, form, error)
        said = ngettext("Published; %(n)d customer is told.", "Published; %(n)d customers are told.", told)
        messages.success(request, said % {"n": told})
        return redirect("tenants:terms")

    def _preview(self, request: ActorRequest, form: PublishTermsForm) -> HttpResponse:
        data = form.cleaned_data
        today = request.today
        promise = profile(data["profile"], on=today).terms
        details = {"published_on": today, "is_substantial": data["is_substantial"]}
        terms = TermsVersion(**data | {"published_on": today})
        french = (
            TermsVersion.objects.of(data["kind"], data["profile"], "fr")
            .filter(version=data["version"])
            .first()
        )
        try:
            if data["language"] == "fr":
                check_in_force(
                    data["in_force_on"], change=promise.change, notice_days=promise.notice_days, **details
                )
            elif french is None:
                raise NoFrench(data["version"])
            else:
                terms.in_force_on = max(french.in_force_on, today)
                terms.is_substantial = french.is_substantial
        except (NoFrench, TooSoon) as error:
            return self._refused(request, form, error)
        contracts = concerned_by(data["profile"], on=today)
        context = {
            "form": form,
            "terms": terms,
            "offer": profile_names((get_language() or "fr")[:2])[data["profile"]],
            "rows": [(contract, binding_day(contract, terms)) for contract in contracts],
            "customers": len({contract.customer_id for contract in contracts}),
            "is_told": terms.is_substantial and data["language"] == "fr",
        }
        return render(request, "tenants/publish_terms_preview.html", context)

    def _refused(self, request: ActorRequest, form: PublishTermsForm, error: Exception) -> HttpResponse:
        if isinstance(error, TooSoon):
            words = _("A substantial change is announced first: %(day)s at the earliest.")
            form.add_error("in_force_on", words % {"day": day_text(error.earliest)})
        elif isinstance(error, NoFrench):
            form.add_error("language", _("Publish the French text of this version first: it prevails."))
        else:
            form.add_error(
                "version", _("This version is published already: a published text is never edited.")
            )
        return self._page(request, form)

    def _page(self, request: ActorRequest, form: PublishTermsForm) -> HttpResponse:
        return render(
            request, "tenants/publish_terms.html", {"form": form}, status=422 if form.errors else 200
        )
