"""The board of promises: what is missed first, then each with its state, its evidence and what is due
next.
"""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from contracts.policy.clauses import PLANNED, PROVED, RULED, STATES, ClauseRow
from contracts.policy.evidence import KEPT, LIVE, MISSED, MOOT, WINDOW, Day, Evidence
from contracts.queries import clause_rows, families, has_tests
from contracts.registry import days_of, evidence_of, late_messages
from contracts.views.words import (
    chip_of,
    live_words,
    margin_words,
    missed_words,
    rule_of,
    speaks_french,
    state_words,
    title_of,
)
from isolation.policy.folding import fold

DAYS = WINDOW.days


class Promises(TemplateView):
    """What a school is promised, and what came of each promise."""

    permission = "promises.read"
    template_name = "contracts/promises.html"
    layout = "layouts/tenant.html"
    clause_url = "contracts:clause"
    shows_code = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, or the same rows as CSV."""
        if request.GET.get("format") == "csv":
            return self.as_csv()
        return super().get(request, *args, **kwargs)

    def rows(self, found: dict[str, Evidence]) -> list[ClauseRow]:
        """Return the promises asked for: by state of the proof or of what is live, and by words."""
        state = self.request.GET.get("state", "")
        words = fold(self.request.GET.get("q", "")).split()
        rows = [row for row in clause_rows() if self.is_in(row, found.get(row.id), state)]
        return [row for row in rows if all(word in fold(f"{row.id} {rule_of(row)}") for word in words)]

    def is_in(self, row: ClauseRow, evidence: Evidence | None, state: str) -> bool:
        """Return whether a promise belongs to a filter; an unknown one holds all."""
        if state in LIVE:
            return (evidence or Evidence()).live == state
        return state not in STATES or row.state == state

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the worst truth first, then the promises by contract, each with its evidence."""
        now = timezone.now()
        known = clause_rows()
        found = evidence_of([row.id for row in known], now=now)
        rows = self.rows(found)
        missed = [row for row in known if row.id in found and found[row.id].live == MISSED]
        drawn = days_of([row.id for row in rows], now=now, zone=timezone.get_current_timezone())
        return super().get_context_data(**kwargs) | {
            "layout": self.layout,
            "shows_code": self.shows_code,
            "clause_url": self.clause_url,
            "heading": self.heading(missed, found, now),
            "missed": [self.line(row, found.get(row.id), {}, now) for row in missed],
            "late_messages": late_messages(now=now),
            "groups": self.groups(rows, found, drawn, now),
            "state": self.request.GET.get("state", ""),
            "filters": self.filters(known, found),
            "proved_count": sum(row.state == PROVED for row in known),
            "all_count": len(known),
            "has_tests": has_tests(),
        }

    def heading(self, missed: list[ClauseRow], found: dict[str, Evidence], now: datetime) -> str:
        """Return the title: the worst truth, in a sentence."""
        if not missed:
            count = sum(evidence.live == KEPT for evidence in found.values())
            return ngettext("%(n)d promise kept, none missed", "%(n)d promises kept, none missed", count) % {
                "n": count
            }
        owed = sum(found[row.id].overdue_since is not None for row in missed)
        if owed:
            return ngettext("%(n)d promise is missed", "%(n)d promises are missed", owed) % {"n": owed}
        return ngettext(
            "%(n)d promise was missed in the last 30 days",
            "%(n)d promises were missed in the last 30 days",
            len(missed),
        ) % {"n": len(missed)}

    def filters(self, known: list[ClauseRow], found: dict[str, Evidence]) -> list[tuple[str, str, int]]:
        """Return the filters with their words and how many promises are in each."""
        live = Counter(evidence.live for evidence in found.values())
        states = Counter(row.state for row in known)
        return [
            ("", _("All"), len(known)),
            *((each, live_words(each), live[each]) for each in (MISSED, KEPT, MOOT)),
            *((each, state_words(each), states[each]) for each in (PROVED, RULED, PLANNED)),
        ]

    def groups(
        self,
        rows: list[ClauseRow],
        found: dict[str, Evidence],
        drawn: dict[str, dict[date, Day]],
        now: datetime,
    ) -> list[dict[str, Any]]:
        """Return the promises under the contract they come from, contracts without any left out."""
        listed = []
        for family in families():
            own = [row for row in rows if row.id.startswith(family.prefix)]
            lines = [self.line(row, found.get(row.id), drawn.get(row.id, {}), now) for row in own]
            if lines:
                listed.append({"title": family.title_fr if speaks_french() else family.title, "lines": lines})
        return listed

    def line(
        self, row: ClauseRow, evidence: Evidence | None, days: dict[date, Day], now: datetime
    ) -> dict[str, Any]:
        """Return what one line of the page shows."""
        word, tone = chip_of(row, evidence)
        is_missed = evidence is not None and evidence.live == MISSED
        return {
            "row": row,
            "title": title_of(row),
            "evidence": evidence or Evidence(),
            "word": missed_words(evidence, now=now) if evidence and is_missed else word,
            "tone": tone,
            "proof": state_words(row.state),
            "why": evidence.why if evidence and self.permission != "anyone" else "",
            "margin": margin_words(evidence.worst_margin if evidence else None),
            "days": strip(days, now=now),
            "summary": summary(evidence),
        }

    def as_csv(self) -> HttpResponse:
        """Return the promises asked for as a file."""
        found = evidence_of([row.id for row in clause_rows()], now=timezone.now())
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="promises.csv"'
        answer.write("\ufeff")
        writer = csv.writer(answer, delimiter=";")
        writer.writerow(
            [
                _("Clause"),
                _("Promise"),
                _("State"),
                _("Live"),
                _("Times kept"),
                _("Last kept"),
                _("Missed in 30 days"),
                _("Missed since"),
            ]
        )
        for row in self.rows(found):
            kept = found.get(row.id, Evidence())
            last = kept.last_kept_at.isoformat() if kept.last_kept_at else ""
            since = kept.missed_since.isoformat() if kept.missed_since else ""
            writer.writerow(
                [row.id, rule_of(row), row.state, kept.live, kept.count, last, kept.missed_lately, since]
            )
        return answer


def strip(days: dict[date, Day], *, now: datetime) -> list[dict[str, Any]]:
    """Return the marks of the last thirty days, today last: where each stands and what it is."""
    today = timezone.localtime(now).date()
    marks = []
    for back in range(DAYS - 1, -1, -1):
        one = days.get(today - timedelta(days=back))
        if one is not None:
            kind = MISSED if one.missed else KEPT if one.kept else MOOT
            marks.append({"x": (DAYS - 1 - back) * 5 + 1, "kind": kind})
    return marks


def summary(evidence: Evidence | None) -> str:
    """Return in words what the last thirty days drew."""
    if evidence is None:
        return _("never due yet")
    said = [
        ngettext("%(n)d missed", "%(n)d missed", evidence.missed_lately) % {"n": evidence.missed_lately}
        if evidence.missed_lately
        else "",
        ngettext("%(n)d kept", "%(n)d kept", evidence.kept_lately) % {"n": evidence.kept_lately}
        if evidence.kept_lately
        else "",
        ngettext("%(n)d moot", "%(n)d moot", evidence.moot_lately) % {"n": evidence.moot_lately}
        if evidence.moot_lately
        else "",
    ]
    if told := [words for words in said if words]:
        return ", ".join(told)
    if evidence.count:
        return ngettext("kept %(n)d time in all", "kept %(n)d times in all", evidence.count) % {
            "n": evidence.count
        }
    return _("nothing in 30 days")


class PublicPromises(Promises):
    """The trust page: what everybody is promised, with the evidence over all customers."""

    permission = "anyone"
    layout = "layouts/public.html"


class ConsolePromises(Promises):
    """The operator's view: also which functions keep a promise and which tests show it."""

    permission = "promises.read"
    layout = "layouts/console.html"
    clause_url = "contracts:console_clause"
    shows_code = True
