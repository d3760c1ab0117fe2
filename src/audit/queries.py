"""What the pages of the trail show."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localtime

from audit.models import Entry
from audit.policy.lazy_rows import LazyRows
from audit.registry import ActionMatch, action_label, acts_of, label_of, names_for, value_label
from contracts.labels import day_text
from contracts.policy.evidence import Evidence

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LISTED = {"areas", "covers", "fields", "rights"}  # several at once; elsewhere a list is from what to what
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words: when, who, what, and what is known of it."""

    at: datetime
    seq: int
    words: str
    by_name: str
    details: list[tuple[str, str]]
    subject_id: UUID


def trail(*, search: str = "", verb: str = "") -> QuerySet[Entry]:
    """Return the entries of this place, the newest first, narrowed by verb or by words in their parts."""
    rows = Entry.objects.select_related("personal").order_by("-seq")
    if verb:
        rows = rows.filter(verb=verb)
    if search:
        known = Cast("personal__part", TextField()), Value(" "), Cast("facts", TextField())
        parts = Concat(*known, output_field=TextField())
        said = Q(_said__unaccent__icontains=search)
        rows = rows.annotate(_said=parts).filter(said | Q(verb__icontains=search))
    return rows


def history(*, on: UUID) -> LazyRows[Line]:
    """Return what happened to one thing or person, the newest first."""
    rows = Entry.objects.filter(Q(subject_id=on) | Q(about__contains=[on])).select_related("personal")
    rows = rows.order_by("-seq")
    return LazyRows(rows, count=rows.count, show=lines)


def is_logged(verb: str, *, on: UUID, facts: dict[str, Any]) -> bool:
    """Return whether the trail tells already that something happened to one thing, with these facts."""
    return Entry.objects.filter(verb=verb, subject_id=on, facts__contains=facts).exists()


def lines(entries: Iterable[Entry]) -> Iterator[Line]:
    """Return entries in words, with the names of who acted looked up at once."""
    rows = list(entries)
    known = names_for(sorted({row.actor_id for row in rows if row.actor_id}))
    for row in rows:
        by_name = known.get(row.actor_id, "") if row.actor_id else ""
        yield Line(row.at, row.seq, action_label(row.verb), by_name, _details(row), row.subject_id)


def verbs() -> list[tuple[str, str]]:
    """Return the verbs found in this trail with their words, for a filter."""
    found = Entry.objects.order_by("verb").values_list("verb", flat=True).distinct()
    return sorted(((verb, action_label(verb)) for verb in found), key=lambda pair: pair[1].lower())


def _details(entry: Entry) -> list[tuple[str, str]]:
    part = getattr(entry, "personal", None)
    personal = part.part if part is not None else {}
    said = ((label_of(name), _plain(name, value)) for name, value in {**entry.facts, **personal}.items())
    return [(label, value) for label, value in said if value]


def _plain(name: str, value: Any) -> str:
    """Return a detail's value as a person reads it: in words, no internal id, days and amounts as the locale
    writes them.
    """
    if isinstance(value, dict):
        inner = ((label_of(each), _plain(each, held)) for each, held in value.items())
        return ", ".join(f"{label} {said}" for label, said in inner if said)
    if isinstance(value, list):
        between = ", " if name in LISTED else " → "
        return between.join(filter(None, (_plain(name, each) for each in value)))
    text = str(value)
    if _ID.fullmatch(text):
        return ""
    return _moment(text) if _MOMENT.match(text) else value_label(name, text)


def _moment(text: str) -> str:
    """Return an instant as the locale writes it.

    What only looks like one was typed by somebody, and stays.
    """
    try:
        return day_text(localtime(datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT")
    except (ValueError, OverflowError):
        return text


def evidence_count(clause_ids: Collection[str], now: datetime) -> dict[str, Evidence]:
    """Return for each clause an act keeps when that last happened, and how often; what never did is left out.

    Inside a tenant, of that tenant; as the operator, of the operator's own acts.
    """
    acts = {clause: known for clause in clause_ids if (known := acts_of(clause))}
    verbs = {act.verb for known in acts.values() for act in known}
    rows = (
        Entry.objects.filter(verb__in=verbs)
        .order_by()
        .values("verb")
        .annotate(last=Max("at"), count=Count("id"))
    )
    by_verb = {row["verb"]: (row["last"], row["count"]) for row in rows}
    found = {}
    for clause, known in acts.items():
        told = [each for act in known if act.verb in by_verb and (each := _told(act, by_verb[act.verb]))[1]]
        if told:
            found[clause] = Evidence(
                last_kept_at=max(last for last, _n in told), count=sum(count for _last, count in told)
            )
    return found


def _told(act: ActionMatch, all_of_it: tuple[datetime, int]) -> tuple[datetime, int]:
    """Return when an act last happened and how often: all of its verb's entries, or those with its facts."""
    if not act.facts:
        return all_of_it
    rows = Entry.objects.filter(verb=act.verb, facts__contains=dict(act.facts))
    found = rows.aggregate(last=Max("at"), count=Count("id"))
    return found["last"], found["count"]
