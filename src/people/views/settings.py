"""The settings of a place: its name, its language, its lock on inactivity."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from people.forms.settings import SettingsForm
from people.requests import TenantRequest
from people.views.places import done
from tenants.actions.change_settings import change_settings


class Settings(FormView[SettingsForm]):
    """What an administrator sets for all who are here."""

    permission = "tenant.settings"
    template_name = "people/settings.html"
    form_class = SettingsForm
    request: TenantRequest

    def get_initial(self) -> dict[str, Any]:
        """Return what stands."""
        tenant = self.request.tenant
        return {name: getattr(tenant, name) for name in ("name", "language", "lock_after_minutes")}

    def form_valid(self, form: SettingsForm) -> HttpResponse:
        """Keep it."""
        request = self.request
        values = {name: form.cleaned_data[name] for name in self.get_initial()}
        change_settings(tenant=request.tenant, by=request.person, now=timezone.now(), **values)
        return done(request, _("Saved."), "people:settings")
