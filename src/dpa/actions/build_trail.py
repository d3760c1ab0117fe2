"""How the audit trail is taken along: as it was chained, with the heads signed of it, and in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.actions.export_trail import signed_heads, trail_lines
from audit.policy.published import KEYS
from audit.queries import lines, trail
from exports.gateways.csv import csv_lines
from exports.models import ExportJob
from exports.policy.contents import NOTE
from exports.registry import Asker, Out
from tenants.queries import public_url, tenant_row

CHAINED, IN_WORDS = "chained", "words"


def choices(_asker: Asker) -> list[tuple[UUID | None, str]]:
    """Return the trail of the place, the only one there is."""
    return [(None, tenant_row().name)]


def about(_job: ExportJob) -> list[UUID]:
    """Return nobody: what is taken along names nobody."""
    return []


def steps(_job: ExportJob) -> Sequence[str]:
    """Return the steps: the chain and its heads, the same in words, the note that explains them."""
    return [CHAINED, IN_WORDS, NOTE]


def part(_job: ExportJob, step: str, out: Out, now: datetime) -> None:
    """Make one step's files."""
    if step == CHAINED:
        out.lines("trail.jsonl", trail_lines())
        out.put("heads.txt", signed_heads().encode())
    elif step == IN_WORDS:
        header = [_("number"), _("when"), _("what")]
        out.lines(_("trail.csv"), csv_lines(header, _in_words()))
    else:
        context = {"tenant": tenant_row(), "now": now, "keys_url": public_url(KEYS)}
        told = render_to_string("dpa/trail_note.txt", context)
        out.put(_("READ ME.txt"), told.encode())


def title(_job: ExportJob) -> str:
    """Return what the archive is called."""
    return _("%(school)s, audit trail") % {"school": tenant_row().name}


def _in_words() -> Iterator[list[str]]:
    entries = trail().order_by("seq")
    for start in range(0, entries.count(), 2000):
        for line in lines(entries[start : start + 2000]):
            yield [str(line.seq), localtime(line.at).isoformat(timespec="seconds"), line.words]
