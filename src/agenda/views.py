"""The operator's agenda, and a tenant's own timeline."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from agenda.actions.retry import NothingToRetry, retry
from agenda.labels import ADVICE, promise_words, promises_called
from agenda.loop import wake_worker
from agenda.models import Obligation
from agenda.policy.advice import advice_for
from agenda.queries import counts, late_messages, obligations
from agenda.registry import places
from contracts.queries import clause_rows


def rules() -> dict[str, str]:
    """Return what each clause promises, in the reader's language."""
    french = (translation.get_language() or "fr").startswith("fr")
    return {row.id: (getattr(row, "rule_fr", "") if french else "") or row.rule for row in clause_rows()}


class Timeline(ListView[Obligation]):
    """What is promised to this school, and when."""

    permission = "agenda.read"
    template_name = "agenda/agenda.html"
    layout = "layouts/tenant.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Return the obligations of the view asked for; row policies keep them to this tenant."""
        view = self.request.GET.get("view", "all")
        search = self.request.GET.get("q", "")
        called = promises_called(search) if search else ()
        return obligations(view=view, now=timezone.now(), search=search, called=called)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page with the words of each clause."""
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        known = rules()
        names = self.names({row.tenant_id for row in context["page_obj"] if row.tenant_id})
        for row in context["page_obj"]:
            row.words = promise_words(row.clause, row.kind)
            row.rule = known.get(row.clause, "")
            row.place = names.get(row.tenant_id, "")
            row.advice = ADVICE[advice_for(row.failure)] if row.failure else ""
            row.is_missed = row.missed_at is not None or (row.state == "owed" and row.due_at < now)
        view = self.request.GET.get("view", "all")
        found = counts(now=now)
        filters = [(name, label, found.get(name)) for name, label in self.views()]
        return context | {
            "layout": self.layout,
            "view_name": view,
            "filters": filters,
            "now": now,
            "late_messages": late_messages(now),
        }

    def names(self, ids: set[UUID]) -> Mapping[UUID, str]:
        """Return how the tenants of these rows are called: here it is always this one."""
        return {}

    def views(self) -> list[tuple[str, str]]:
        """Return the views with their labels."""
        return [
            ("all", _("All that is owed")),
            ("missed", _("Missed")),
            ("due", _("Within 24 hours")),
            ("failed", _("Failed")),
            ("later", _("Later")),
            ("kept", _("Kept")),
            ("moot", _("Moot")),
        ]


class Agenda(Timeline):
    """The operator's agenda: due, late, failed with reason and retry."""

    permission = "agenda.run"
    layout = "layouts/console.html"

    def names(self, ids: set[UUID]) -> Mapping[UUID, str]:
        """Return the name of each tenant."""
        return places().names(ids)


class Retry(View):
    """Run a failed obligation again, now."""

    permission = "agenda.run"

    def post(self, request: HttpRequest, obligation_id: UUID) -> HttpResponse:
        """Return to the agenda."""
        try:
            retry(obligation_id=obligation_id, now=timezone.now())
        except NothingToRetry:
            messages.info(request, _("This one is settled already: there is nothing to retry."))
        else:
            wake_worker()
            messages.success(request, _("It runs again within a minute."))
        return redirect("agenda:console")
