"""What was promised, with the evidence, and the terms as they were published."""

import csv
from collections import Counter
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from contracts.models import TermsVersion
from contracts.policy.clauses import PLANNED, PROVED, RULED, STATES, ClauseRow
from contracts.policy.precedence import has_agreement_on_data, in_order
from contracts.policy.terms import is_translation
from contracts.queries import clause_rows, families, has_tests, published_terms
from contracts.registry import Evidence, clients_of, evidence_of, profile_names

NO_TIME = timedelta(0)


def _speaks_french() -> bool:
    return (translation.get_language() or "fr").startswith("fr")


def rule_of(row: ClauseRow) -> str:
    """Return a promise in the reader's language."""
    return row.rule_fr if _speaks_french() else row.rule


def state_words(state: str) -> str:
    """Return the state of a promise as a page says it."""
    return {PLANNED: _("Planned"), RULED: _("Written"), PROVED: _("Proved")}[state]


def margin_words(evidence: Evidence | None) -> str:
    """Return how long before its time a promise was last kept, at worst."""
    if evidence is None or evidence.margin is None:
        return ""
    minutes = int(abs(evidence.margin).total_seconds()) // 60
    days = minutes // 1440
    hours = minutes // 60
    if days >= 2:
        length = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    else:
        length = _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes % 60}
    return (_("%(length)s ahead") if evidence.margin >= NO_TIME else _("%(length)s late")) % {
        "length": length
    }


class Promises(TemplateView):
    """What a school is promised, and when each promise was last kept."""

    right = "promises.read"
    template_name = "contracts/promises.html"
    shell = "shell/tenant.html"
    shows_code = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, or the same rows as CSV."""
        if request.GET.get("format") == "csv":
            return self.as_csv()
        return super().get(request, *args, **kwargs)

    def rows(self) -> list[ClauseRow]:
        """Return the promises asked for: by state, and by words of the rule or its id."""
        state = self.request.GET.get("state", "")
        words = self.request.GET.get("q", "").casefold().split()
        rows = [row for row in clause_rows() if state not in STATES or row.state == state]
        return [row for row in rows if all(word in f"{row.id} {rule_of(row)}".casefold() for word in words)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the promises by contract, each with its evidence."""
        rows = self.rows()
        known = clause_rows()
        found = evidence_of([row.id for row in rows])
        late = sum(1 for evidence in found.values() if evidence.late)
        state = self.request.GET.get("state", "")
        return super().get_context_data(**kwargs) | {
            "shell": self.shell,
            "shows_code": self.shows_code,
            "groups": self.groups(rows, found),
            "state": state,
            "filters": [("", _("All"), len(known)), *self.state_filters(known)],
            "proved_count": sum(row.state == PROVED for row in known),
            "late_count": late,
            "all_count": len(known),
            "has_tests": has_tests(),
        }

    def state_filters(self, known: list[ClauseRow]) -> list[tuple[str, str, int]]:
        """Return the states with their words and how many promises are in each."""
        counts = Counter(row.state for row in known)
        return [(state, state_words(state), counts[state]) for state in STATES]

    def groups(self, rows: list[ClauseRow], found: dict[str, Evidence]) -> list[dict[str, Any]]:
        """Return the promises under the contract they come from, contracts without any left out."""
        listed = []
        for family in families():
            own = [row for row in rows if row.id.startswith(family.prefix)]
            lines = [self.line(row, found.get(row.id)) for row in own]
            if lines:
                listed.append(
                    {"title": family.title_fr if _speaks_french() else family.title, "lines": lines}
                )
        return listed

    def line(self, row: ClauseRow, evidence: Evidence | None) -> dict[str, Any]:
        """Return what one line of the page shows."""
        title, _stop, rest = rule_of(row).partition(". ")
        return {
            "row": row,
            "title": title.rstrip("."),
            "rest": rest,
            "evidence": evidence,
            "margin": margin_words(evidence),
            "state": state_words(row.state),
        }

    def as_csv(self) -> HttpResponse:
        """Return the promises asked for as a file."""
        rows = self.rows()
        found = evidence_of([row.id for row in rows])
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="promises.csv"'
        answer.write("\ufeff")
        writer = csv.writer(answer, delimiter=";")
        writer.writerow([_("Clause"), _("Promise"), _("State"), _("Times kept"), _("Last kept")])
        for row in rows:
            kept = found.get(row.id)
            last = kept.last_kept_at.isoformat() if kept and kept.last_kept_at else ""
            writer.writerow([row.id, rule_of(row), row.state, kept.count if kept else 0, last])
        return answer


class PublicPromises(Promises):
    """The trust page: what everybody is promised, with the evidence over all customers."""

    right = "anyone"
    shell = "shell/public.html"


class ConsolePromises(Promises):
    """The operator's view: also which function keeps a promise and which tests prove it."""

    right = "promises.read"
    shell = "shell/console.html"
    shows_code = True


class TermsList(TemplateView):
    """Every version of every document, the one in force first; earlier ones stay readable."""

    right = "anyone"
    template_name = "contracts/terms_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the versions by offer and document."""
        documents: dict[tuple[str, str], list[TermsVersion]] = {}
        for version in published_terms():
            documents.setdefault((version.profile, version.get_kind_display()), []).append(version)
        names = profile_names("fr" if _speaks_french() else "en")
        offers: dict[str, list[dict[str, Any]]] = {}
        clients = clients_of()
        for (key, kind), versions in sorted(
            documents.items(), key=lambda each: _rank(clients, each[0][0], each[1][0])
        ):
            offers.setdefault(names.get(key, key), []).append({"kind": kind, "versions": versions})
        with_dpa = {names.get(key, key) for key, client in clients.items() if has_agreement_on_data(client)}
        listed = [(name, documents, name in with_dpa) for name, documents in sorted(offers.items())]
        return super().get_context_data(**kwargs) | {"offers": listed, "shell": shell_of(self.request)}


def _rank(clients: dict[str, str], key: str, version: TermsVersion) -> int:
    """Return the place of a document among its offer's.

    Where personal data is concerned, what prevails comes first.
    """
    order = in_order(clients.get(key, ""), on_personal_data=True)
    return order.index(version.kind) if version.kind in order else len(order)


class TermsText(TemplateView):
    """One version of the terms, as it was published."""

    right = "anyone"
    template_name = "contracts/terms_text.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the text with its translations and its other versions."""
        terms = get_object_or_404(TermsVersion, pk=self.kwargs["terms_id"])
        same = TermsVersion.objects.filter(kind=terms.kind, profile=terms.profile).defer("text")
        names = profile_names("fr" if _speaks_french() else "en")
        return super().get_context_data(**kwargs) | {
            "terms": terms,
            "offer": names.get(terms.profile, terms.profile),
            "is_translation": is_translation(terms.language),
            "languages": same.filter(version=terms.version).order_by("-language"),
            "versions": same.filter(language=terms.language).order_by("-in_force_on", "-version"),
            "shell": shell_of(self.request),
        }


def shell_of(request: HttpRequest) -> str:
    """Return the frame of a public page: the site's, or a small card on a school's own host."""
    return "shell/plain.html" if getattr(request, "tenant", None) else "shell/public.html"
