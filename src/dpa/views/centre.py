"""The privacy centre's home, retention, the annex."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from contracts.policy.profiles import Profile
from dpa.actions.set_retention import add_to_annex, set_retention
from dpa.forms import CATEGORIES, RetentionForm
from dpa.queries.pages import additions, additions_open, category_retentions, centre
from dpa.queries.promises import promised_days
from dpa.queries.retention_due import RetentionForecast, retention_forecast, rules_set
from people.requests import TenantRequest
from tenants.queries import tenant_row


def profiles_of(request: TenantRequest) -> list[Any]:
    """Return the profiles the tenant's contracts give today."""
    found: list[Any] = request.tenant.profiles(request.tenant.today(timezone.now()))
    return found


class Home(View):
    """What is held, what waits, what was erased."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show it."""
        context = {"centre": centre(timezone.now()), "categories": CATEGORIES}
        return render(request, "dpa/home.html", context)


class Retention(View):
    """How long each category is kept."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show the form, or to who may not change it what it says."""
        return self.page(request, self.form(request))

    def form(self, request: TenantRequest, *data: Any) -> RetentionForm:
        """Return the form of what is kept how long."""
        profiles = profiles_of(request)
        return RetentionForm(*data, kept=category_retentions(profiles), promised_days=promised_days(profiles))

    def page(self, request: TenantRequest, form: RetentionForm) -> HttpResponse:
        """Return the page with this form."""
        if "privacy.write" not in request.permissions:
            for field in form.fields.values():
                field.disabled = True
        context = {"form": form, "promised_days": promised_days(profiles_of(request))}
        return render(request, "dpa/retention.html", context, status=400 if form.is_bound else 200)


class SetRetention(Retention):
    """Set how long each category is kept."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Set what changed."""
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form)
        profiles = profiles_of(request)
        now = timezone.now()
        if not request.POST.get("confirm") and (ahead := self.would_go(form.cleaned_data, profiles, now)):
            return render(request, "dpa/retention_confirm.html", {"form": form, "ahead": ahead})
        promised = promised_days(profiles)
        for category, days in form.cleaned_data.items():
            set_retention(category=category, days=days, promised_days=promised, by=request.person, now=now)
        messages.success(request, _("Saved. What has been kept long enough goes tomorrow."))
        return redirect("dpa:retention")

    def would_go(
        self, wanted: dict[str, int | None], profiles: list[Profile], now: datetime
    ) -> list[RetentionForecast]:
        """Return what would go, where these periods take more within a month than those that stand."""
        today = tenant_row().today(now)
        stands = rules_set()
        before = retention_forecast(stands, profiles=profiles, today=today)
        after = retention_forecast(stands | wanted, profiles=profiles, today=today)
        takes_more = any(new.takes_more_than(old) for new, old in zip(after[:-1], before[:-1], strict=True))
        return after if takes_more else []


class Annex(View):
    """What the controller adds to its annex B, where the contract lets it."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show what may be added and what is."""
        profiles = profiles_of(request)
        added = additions()
        rows = [
            {"subject": subject, "fields": sorted(fields), "is_added": bool(added.get(subject))}
            for subject, fields in sorted(additions_open(profiles).items())
        ]
        fixed = {subject for profile in profiles for subject in profile.fields}
        return render(request, "dpa/annex.html", {"rows": rows, "fixed": sorted(fixed), "profiles": profiles})


class ChangeAnnex(View):
    """Add a kind of person to annex B, or take it out again."""

    permission = "privacy.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Add a kind of person, or take it out again."""
        subject = request.POST.get("subject", "")
        now = timezone.now()
        allowed = additions_open(profiles_of(request)).get(subject, frozenset())
        if allowed:
            wanted = allowed if request.POST.get("add") else frozenset()
            add_to_annex(subject=subject, fields=wanted, by=request.person, now=now)
            messages.success(request, _("Your annex B has been changed."))
        return redirect("dpa:annex")
