"""What the operator's privacy desk opens with: each register, and what waits in it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dpa.models import DataBreach, ProcessorChange
from dpa.queries.breaches import register
from dpa.queries.doors import doors
from dpa.queries.processing import controllers
from dpa.queries.processors import house_day, listed, open_objections


@dataclass(frozen=True, slots=True)
class DeskCard:
    """A register of the desk: what it is called, what it says today, what waits, where it is."""

    title: str
    said: str
    waiting: tuple[str, ...]
    url: str
    icon: str


def desk_cards(now: datetime) -> list[DeskCard]:
    """Return the registers of the privacy desk as they stand now."""
    return [_breaches(), _processors(now), _processing(now)]


def _breaches() -> DeskCard:
    rows = list(register(drills=False))
    waiting = [row.reference for row in rows if row.state == DataBreach.State.OPEN]
    said = ngettext("%(n)d breach in the register", "%(n)d breaches in the register", len(rows))
    words = _("%(reference)s is being dealt with: its clocks run.")
    told = tuple(words % {"reference": each} for each in waiting)
    return DeskCard(
        _("Breaches of data"), said % {"n": len(rows)}, told, "dpa:breach_register", "triangle-alert"
    )


def _processors(now: datetime) -> DeskCard:
    count = len(listed(house_day(now)))
    said = ngettext("%(n)d sub-processor works for us today", "%(n)d sub-processors work for us today", count)
    waiting = []
    if n := open_objections():
        waiting.append(
            ngettext("%(n)d objection is to be settled.", "%(n)d objections are to be settled.", n) % {"n": n}
        )
    if n := ProcessorChange.objects.filter(started_at=None, withdrawn_at=None).count():
        waiting.append(ngettext("%(n)d change is announced.", "%(n)d changes are announced.", n) % {"n": n})
    missing = _("%(door)s leads outside, and no sub-processor is recorded for it.")
    waiting += [missing % {"door": door.outgoing.label} for door in doors(now) if door.is_missing]
    return DeskCard(_("Sub-processors"), said % {"n": count}, tuple(waiting), "dpa:processor_desk", "server")


def _processing(now: datetime) -> DeskCard:
    """Return the card of the record of processing; how many have accepted no annexes yet is told."""
    rows = controllers(now)
    said = ngettext("%(n)d controller we work for today", "%(n)d controllers we work for today", len(rows))
    open_ones = sum(row.version is None for row in rows)
    words = ngettext(
        "%(n)d has not accepted its annexes yet.", "%(n)d have not accepted their annexes yet.", open_ones
    )
    waiting = (words % {"n": open_ones},) if open_ones else ()
    return DeskCard(
        _("Record of processing"), said % {"n": len(rows)}, waiting, "dpa:processing_desk", "scroll-text"
    )
