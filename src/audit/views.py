"""The pages of the audit trail, on a tenant's host and in the console."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import ListView, View

from audit.actions import verify
from audit.gateways.keys import key_in_use, known_keys
from audit.gateways.verifier import NAME, verifier_script
from audit.models import Entry
from audit.queries import lines, trail, verbs


class Trail(ListView[Entry]):
    """A school's own audit trail."""

    permission = "audit.read"
    layout = "layouts/tenant.html"
    verify_url = "audit:verify"
    template_name = "audit/trail.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Return the entries asked for."""
        return trail(search=self.request.GET.get("q", ""), verb=self.request.GET.get("verb", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's entries in words."""
        context = super().get_context_data(**kwargs)
        shown = list(lines(context["page_obj"]))
        return context | {
            "lines": shown,
            "verbs": verbs(),
            "layout": self.layout,
            "verify_url": self.verify_url,
        }


class Keys(View):
    """The keys that what we sign is verified with."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return them as C2SP writes them, one a line, the one in use last."""
        key_in_use()
        told = "".join(f"{key}\n" for key in known_keys())
        return HttpResponse(told, content_type="text/plain; charset=utf-8")


class Verifier(View):
    """The program that verifies offline what we sign."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return it, to be saved."""
        headers = {"Content-Disposition": f'attachment; filename="{NAME}"'}
        return HttpResponse(verifier_script(), content_type="text/x-python; charset=utf-8", headers=headers)


class OperatorTrail(Trail):
    """The operator's audit trail."""

    permission = "console.audit"
    layout = "layouts/console.html"
    verify_url = "audit:console_verify"


class Verify(View):
    """Verify the chain and say what was found."""

    permission = "audit.read"
    back = "audit:trail"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return to the trail with the verdict."""
        verdict = verify(now=timezone.now())
        if verdict.is_whole:
            said = ngettext(
                "%(n)d entry checked: the trail is whole.",
                "%(n)d entries checked: the trail is whole.",
                verdict.entries,
            )
            messages.success(request, said % {"n": verdict.entries})
        else:
            said = _("The trail is broken at entry %(seq)d. Tell the data protection officer now.")
            messages.error(request, said % {"seq": verdict.broken_at})
        return redirect(self.back)


class OperatorVerify(Verify):
    """Verify the operator's chain."""

    permission = "console.audit"
    back = "audit:console_trail"
