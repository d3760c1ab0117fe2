"""How pages speak of promises: states, margins and figures, in the reader's language."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.labels import day_text
from contracts.policy.cases import CENTS, PER_CENT, Case
from contracts.policy.clauses import PLANNED, PROVED, RULED, STRUCTURAL, ClauseRow
from contracts.policy.evidence import KEPT, MISSED, MOOT, NONE, Evidence
from contracts.templatetags.ui import money_text, percent

MIN_TITLE = 12
MAX_TITLE = 70
TONES = {MISSED: "wrong", KEPT: "good"}


def speaks_french() -> bool:
    """Return whether the reader's language is French, in which the promises are written first."""
    return (translation.get_language() or "fr").startswith("fr")


def rule_of(row: ClauseRow) -> str:
    """Return a promise in the reader's language."""
    return row.rule_fr if speaks_french() else row.rule


def title_of(row: ClauseRow) -> str:
    """Return what a promise is about: its first sentence, or the start of it where that is long."""
    sentence = rule_of(row).partition(". ")[0].rstrip(".")
    for mark in (":", ";", ","):
        start = sentence.partition(mark)[0].strip()
        if len(sentence) > MAX_TITLE and MIN_TITLE <= len(start) <= MAX_TITLE:
            return start
    return sentence


def state_words(state: str) -> str:
    """Return the state of a promise as a page says it: how far its proof has come."""
    return {PLANNED: _("Planned"), RULED: _("Written"), PROVED: _("Proved")}[state]


def live_words(live: str) -> str:
    """Return what an installation shows of a promise as a page says it."""
    return {MISSED: _("Missed"), KEPT: _("Kept"), MOOT: _("Moot"), NONE: _("Never due yet")}[live]


def chip_of(row: ClauseRow, evidence: Evidence | None) -> tuple[str, str]:
    """Return the one word that stands beside a promise, and its tone: what is live, else the state of its
    proof.
    """
    live = evidence.live if evidence else NONE
    if live == NONE:
        if row.state == PROVED and row.id in STRUCTURAL:
            return _("Kept by construction"), "good"
        return state_words(row.state), ""
    return live_words(live), TONES.get(live, "")


def length_words(length: timedelta) -> str:
    """Return a length of time: in days from two on, else in hours and minutes."""
    minutes = int(abs(length).total_seconds()) // 60
    days = minutes // 1440
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}


def margin_words(margin: timedelta | None) -> str:
    """Return how long before its time a promise was kept, or how late."""
    if margin is None:
        return ""
    told = _("%(length)s ahead") if margin >= timedelta(0) else _("%(length)s late")
    return told % {"length": length_words(margin)}


def missed_words(evidence: Evidence, *, now: datetime) -> str:
    """Return since when a promise is missed, or when it was."""
    if evidence.overdue_since:
        return _("Missed for %(length)s") % {"length": length_words(now - evidence.overdue_since)}
    assert evidence.missed_at is not None
    day = day_text(timezone.localtime(evidence.missed_at), "SHORT_DATE_FORMAT")
    return _("Missed on %(day)s") % {"day": day}


def figure_words(case: Case, value: Any) -> str:
    """Return what a rule answered as a page writes it, in the unit of its case."""
    if case.unit == CENTS:
        return money_text(value, "EUR")
    if case.unit == PER_CENT:
        return percent(Decimal(value) / 100, 2)
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day_text(value, "DATE_FORMAT")
    if isinstance(value, int):
        return str(value)
    return ", ".join(str(each) for each in value) if isinstance(value, (tuple, list)) else str(value)


def case_words(case: Case) -> str:
    """Return a case in the reader's language."""
    return case.told_fr if speaks_french() else case.told
