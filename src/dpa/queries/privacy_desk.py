"""What the operator's privacy desk opens with: each register, and what waits in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.labels import day_text
from dpa.models import DataBreach, Instruction, ProcessorChange, RestoreDrill
from dpa.policy.rotation import drill_clock
from dpa.queries.breaches import register
from dpa.queries.doors import doors
from dpa.queries.processing import controllers
from dpa.queries.processors import house_day, listed, open_objections
from dpa.queries.requests import instruction_rows, our_requests, received_rows


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
    return [_requests(now), _breaches(), _processors(now), _processing(now), _instructions(), _backups(now)]


def _requests(now: datetime) -> DeskCard:
    rows, ours = received_rows(only_open=True), our_requests(now)
    waiting = []
    if n := len(rows):
        words = ngettext(
            "%(n)d is to be forwarded: the 48 hours run.",
            "%(n)d are to be forwarded: the 48 hours run.",
            n,
        )
        waiting.append(words % {"n": n})
    if n := len(ours):
        words = ngettext("%(n)d is ours to answer.", "%(n)d are ours to answer.", n)
        waiting.append(words % {"n": n})
    count = len(received_rows())
    said = ngettext("%(n)d request reached us", "%(n)d requests reached us", count)
    return DeskCard(_("Requests of people"), said % {"n": count}, tuple(waiting), "dpa:request_desk", "mail")


def _instructions() -> DeskCard:
    rows = instruction_rows()
    open_ones = sum(row.instruction.state == Instruction.State.OPEN for row in rows)
    words = ngettext("%(n)d waits for its outcome.", "%(n)d wait for their outcome.", open_ones)
    said = ngettext("%(n)d instruction was given", "%(n)d instructions were given", len(rows))
    return DeskCard(
        _("Instructions"),
        said % {"n": len(rows)},
        (words % {"n": open_ones},) if open_ones else (),
        "dpa:instruction_desk",
        "clipboard-list",
    )


def _backups(now: datetime) -> DeskCard:
    """Return the card of the backups: when one was last brought back, whether this month's drill waits."""
    drills = RestoreDrill.objects.filter(worked=True)
    last = drills.first()
    said = _("None was brought back for a trial yet")
    if last is not None:
        said = _("Last brought back whole on %(day)s") % {"day": day_text(last.done_on)}
    month = drill_clock(now.astimezone(UTC).date()).month
    waits = bool(settings.BACKUP_DIR) and not drills.proving(month).exists()
    waiting = (_("This month’s drill is to be done."),) if waits else ()
    return DeskCard(_("Backups"), said, waiting, "dpa:backups", "package")


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
