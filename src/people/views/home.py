"""Home: what needs me now, made of the parts that apps register."""

from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import TemplateView

from people import registry
from people.context import may, own_home_page
from people.requests import PersonRequest


class Home(TemplateView):
    """The parts a person may see and that have something to show."""

    area = "tenant"
    template_name = "people/home.html"
    request: PersonRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the panels with their own contexts."""
        wanted = [panel for panel in registry.panels(self.area) if may(self.request, panel.permission)]
        found = [(panel.template, panel.context(self.request)) for panel in wanted]
        panels = [
            {"template": template, "context": context} for template, context in found if context is not None
        ]
        return super().get_context_data(**kwargs) | {"panels": panels}


class TenantHome(Home):
    """A school's home."""

    permission = "signed-in"


class ConsoleHome(Home):
    """The operator's home: of who works on a page of its own, that page."""

    permission = "console.home"
    area = "console"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the home, or lead to the page that is."""
        own = own_home_page(cast(PersonRequest, request), self.area)
        return redirect(own) if own else super().dispatch(request, *args, **kwargs)
