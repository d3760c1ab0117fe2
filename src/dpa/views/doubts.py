"""What asks whoever deletes somebody: which words of texts that stay are that person's name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from classrooms.models import (
    Group,
    ImportBatch,
    Observation,
    ObservationChanges,
    Photo,
    ReadReceipt,
    SchoolClass,
)
from classrooms.queries.circles import observations_seen_by
from contracts.labels import day_text
from dpa.models import Erasure
from dpa.policy.doubts import answers
from dpa.queries.named_texts import NamedText, texts_naming
from dpa.queries.subjects import subjects_of
from learning.models import Activity
from people.requests import TenantRequest

MAX_SHOWN = 200
_AROUND = 60  # characters shown before and after


@dataclass(frozen=True, slots=True)
class ShownDoubt:
    """One word that may be a name, among those around it, and where it stands."""

    key: str
    where: str
    before: str
    said: str
    after: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ShownDoubts:
    """The doubtful words somebody may read, and how many others follow the rule."""

    rows: list[ShownDoubt]
    others: int


def doubts_shown(request: TenantRequest, ids: Collection[UUID]) -> ShownDoubts | None:
    """Return what to ask of the texts that name these people, None where there is no doubt.

    Who asks is shown words of texts they read; on a page sent before, as they ticked them.
    """
    if "erasures.write" not in request.permissions:
        return None
    texts = [one for one in texts_naming(subjects_of(ids)) if one.doubts]
    record = {one.observation_id for one in texts if one.observation_id}
    seen = observations_seen_by(request.person, request.scope("record.read")).filter(pk__in=record)
    read = set(seen.values_list("pk", flat=True))
    shown = [one for one in texts if one.observation_id is None or one.observation_id in read]
    sent = request.POST.getlist("shown_doubt")
    kept = {key for key in sent if key not in request.POST.getlist("doubt")}
    rows = list(islice(_rows(shown, kept), MAX_SHOWN))
    others = sum(len(one.doubts) for one in texts) - len(rows)
    return ShownDoubts(rows, others) if rows or others else None


def answered_doubts(request: TenantRequest) -> list[str]:
    """Return what was answered of each word that was shown."""
    return answers(request.POST.getlist("shown_doubt")[:MAX_SHOWN], request.POST.getlist("doubt"))


def _rows(texts: Collection[NamedText], kept: Collection[str]) -> Iterator[ShownDoubt]:
    for one in texts:
        for doubt in one.doubts:
            start, end = doubt.mention.start, doubt.mention.end
            before, after = one.text[max(0, start - _AROUND) : start], one.text[end : end + _AROUND]
            yield ShownDoubt(
                doubt.key,
                _where(one.row),
                f"…{before}" if start > _AROUND else before,
                one.text[start:end],
                f"{after}…" if len(one.text) > end + _AROUND else after,
                doubt.key not in kept,
            )


def _where(row: Any) -> str:
    """Return where a text stands, in people's words."""
    observation = row if isinstance(row, Observation) else getattr(row, "observation", None)
    details = {"day": day_text(observation.observed_on, "SHORT_DATE_FORMAT")} if observation else {}
    words = {
        Observation: _("Observation of %(day)s"),
        ObservationChanges: _("Changes to the observation of %(day)s"),
        Photo: _("Photo of %(day)s"),
        ReadReceipt: _("A family’s answer to %(day)s"),
        SchoolClass: _("Name of a class"),
        Group: _("Name of a group"),
        Activity: _("Name of an activity"),
        ImportBatch: _("Name of an imported file"),
        Erasure: _("Reason of a refusal"),
    }
    return str(words[type(row)] % details)
