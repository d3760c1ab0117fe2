"""Bring new interest rates into the dated tables: checked, shown, and written on --apply only.

Needs no database.
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.money.gateways.rate_tables import put_table, table_file
from billing.money.policy.rate_import import ECB, STATUTORY, Change, merge, text_of
from billing.money.policy.rates import BadTable

NAMES = {STATUTORY: "Statutory interest rates", ECB: "ECB main refinancing rate"}


class Command(BaseCommand):
    """The way of new rates into the tables."""

    help = "Show what a CSV of statutory or ECB rates would add or change; write it with --apply."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument(
            "--statutory",
            type=Path,
            metavar="FILE",
            help="columns starts, individual_creditor_pct, other_creditor_pct",
        )
        parser.add_argument(
            "--ecb",
            type=Path,
            metavar="FILE",
            help="columns in_force_from, rate_pct; or the ECB data portal's series",
        )
        parser.add_argument(
            "--source", default="", help="where the figures were read, kept with new statutory rows"
        )
        parser.add_argument(
            "--apply", action="store_true", help="write the tables; without it nothing changes"
        )
        parser.add_argument("--correct", action="store_true", help="also change rows that are there already")

    def handle(self, **options: Any) -> None:
        """Show the difference, and write it when asked to; all tables or none."""
        wanted = {kind: options[kind] for kind in (STATUTORY, ECB) if options[kind]}
        if not wanted:
            raise CommandError("name a file: --statutory FILE, --ecb FILE or both")
        today = date.today()  # noqa: DTZ011  no zone
        source = options["source"] or f"imported on {today.isoformat()}"
        merged = {}
        for kind, file in wanted.items():
            try:
                incoming = text_of(file.read_bytes())
                known = table_file(kind).read_text(encoding="utf-8")
                merged[kind] = merge(kind, known=known, incoming=incoming, source=source, today=today)
            except (OSError, BadTable) as wrong:
                raise CommandError(f"{NAMES[kind]}: {wrong}") from None
            self.stdout.write(shown(NAMES[kind], merged[kind].changes))
        if any(each.rewrites for each in merged.values()) and not options["correct"]:
            raise CommandError(
                "rows that are there already would change (~): claims drawn with them stand. Add --correct"
            )
        if not options["apply"]:
            self.stdout.write("Nothing is written. Add --apply to write it.")
            return
        for kind, each in merged.items():
            if each.changes:
                _write(kind, each.text)
                self.stdout.write(f"Written: {table_file(kind)}")


def _write(kind: str, text: str) -> None:
    try:
        put_table(kind, text)
    except OSError as wrong:
        raise CommandError(f"{NAMES[kind]}: it can't be written: {wrong}") from None


def shown(name: str, changes: tuple[Change, ...]) -> str:
    """Return the difference as lines: + for a new row, ~ for one that changes."""
    lines = [name]
    for change in changes:
        after = " / ".join(f"{value} %" for value in change.after)
        if change.before is None:
            lines.append(f"  + {change.day}  {after}")
        else:
            lines.append(
                f"  ~ {change.day}  {' / '.join(f'{value} %' for value in change.before)}  →  {after}"
            )
    return "\n".join(lines if changes else [*lines, "  nothing new"])
