"""Read pupils from files.

script/manage import_students --tenant SLUG --pupils FILE [--guardians FILE] [--apply] [--json]
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from classrooms.actions.apply_import import import_at_once
from classrooms.actions.prepare_import import Upload, unsaved_batch
from classrooms.forms.words import licence_refusal, refusal_words, removal_words
from classrooms.models import ImportBatch
from classrooms.policy.csv_file import PUPILS
from classrooms.policy.licences import LicencesUsedUp, seats_left
from classrooms.policy.plan import Plan
from classrooms.queries.imports import plan_of, refusals_of
from classrooms.queries.seats import seats
from isolation.context import inside, inside_operator
from tenants.models import Tenant

_STAYS_OUT = gettext_lazy("Left out; bring them back on the page of an import.")


class Command(BaseCommand):
    """Show what importing pupils would do to a school, or do it."""

    help = "Show what a file of pupils would change in a school; with --apply, import it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the school and the files."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--pupils", required=True, type=Path)
        parser.add_argument("--guardians", type=Path)
        parser.add_argument("--apply", action="store_true", help="import, in one transaction")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the counts and the refused rows; fail when nothing could be applied."""
        upload = _upload(options["pupils"], options["guardians"])
        with inside_operator():
            tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"No school is called {options['tenant']}.")
        with inside(tenant), override(tenant.language):
            answer, is_over = self._import(upload, tenant, apply=options["apply"])
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _in_words(answer))
        if options["apply"] and is_over:
            raise CommandError(answer["refused"][-1]["reason"], returncode=1)
        if answer["refused"] and not sum(answer[name] for name in ("create", "update", "unchanged")):
            raise CommandError("No line of the file can be used: nothing was done.", returncode=1)

    def _import(self, upload: Upload, tenant: Tenant, *, apply: bool) -> tuple[dict[str, Any], bool]:
        now = timezone.now()
        today = tenant.today(now)
        batch = unsaved_batch(upload, tenant=tenant, by=None, now=now, today=today)
        plan = plan_of(batch, today=today)
        over = _over(plan, tenant, today)
        if apply and over is None:
            import_at_once(upload, tenant=tenant, by=None, now=now, today=today)
        return _answer(batch, plan, over), over is not None


def _upload(pupils: Path, guardians: Path | None) -> Upload:
    try:
        read = guardians.read_bytes() if guardians else None
        return Upload(pupils.read_bytes(), read, pupils.name, guardians.name if guardians else "")
    except OSError as problem:
        raise CommandError(f"Can't read {problem.filename}: {problem.strerror}.") from None


def _over(plan: Plan, tenant: Tenant, today: date) -> LicencesUsedUp | None:
    now = seats(tenant, today)
    try:
        seats_left(bought=now.bought, active=now.active, adding=plan.adding)
    except LicencesUsedUp as refused:
        return refused
    return None


def _answer(batch: ImportBatch, plan: Plan, over: LicencesUsedUp | None) -> dict[str, Any]:
    refused = sorted([*refusals_of(batch), *plan.refused], key=lambda r: r.line)
    rows = [
        {"file": r.file, "line": r.line, "column": r.column, "reason": str(refusal_words(r))} for r in refused
    ]
    if over is not None:
        free = max(0, over.bought - over.active)
        line = plan.created[free].row.line if free < len(plan.created) else 1
        rows.append({"file": PUPILS, "line": line, "column": "", "reason": str(licence_refusal(over))})
    left_out = [
        {"line": one.row.line, "guardian": one.email, "reason": removal_words(one.removed)}
        for one in plan.left_out
    ]
    return ({"removed": left_out} if left_out else {}) | {
        "create": len(plan.created),
        "update": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "missing": len(plan.missing),
        "refused": rows,
    }


def _in_words(answer: dict[str, Any]) -> str:
    counts = ", ".join(f"{name}: {answer[name]}" for name in ("create", "update", "unchanged", "missing"))
    refused = (f"{r['file']}: {r['line']}: {r['column']}: {r['reason']}" for r in answer["refused"])
    left_out = (
        f"{PUPILS}: {r['line']}: {r['guardian']}: {r['reason']} {_STAYS_OUT}"
        for r in answer.get("removed", ())
    )
    return "\n".join([counts, *refused, *left_out])
