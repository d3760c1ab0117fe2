"""The terms, to be accepted before anything else."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import FormView

from people.actions.accept_terms import accept_terms
from people.forms.access import TermsForm
from people.middleware import terms_missing
from people.requests import TenantRequest
from people.views.session import safe_next


class AcceptTerms(FormView[TermsForm]):
    """Show the texts in force and keep that they were accepted."""

    permission = "signed-in"
    template_name = "people/terms.html"
    form_class = TermsForm
    request: TenantRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Go on when there is nothing to accept."""
        self.versions = terms_missing(self.request, self.request.tenant, self.request.person)
        if not self.versions:
            return HttpResponseRedirect(safe_next(request) or "/")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return one box a text."""
        return super().get_form_kwargs() | {"versions": self.versions}

    def form_valid(self, form: TermsForm) -> HttpResponse:
        """Keep version, time and proof, and go on."""
        request = self.request
        ip = client_ip(request)
        accept_terms(person=request.person, versions=self.versions, now=timezone.now(), ip=ip)
        return HttpResponseRedirect(safe_next(request) or "/")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the texts."""
        return super().get_context_data(**kwargs) | {
            "versions": self.versions,
            "next": safe_next(self.request),
        }


def client_ip(request: HttpRequest) -> str | None:
    """Return where a request comes from."""
    return request.META.get("REMOTE_ADDR") or None
