"""List the promises: what keeps each of them, what proves it, and where it stands."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.queries import clause_rows, has_tests


class Command(BaseCommand):
    """The clause map on the command line."""

    help = "List every promise with the function that keeps it, its tests and its state."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--state", choices=["kept", "planned"])

    def handle(self, **options: Any) -> None:
        """Print the map."""
        rows = [row for row in clause_rows() if options["state"] in {None, row.state}]
        if not has_tests():
            self.stderr.write(
                "This installation has no tests folder: no promise can be shown as proved here."
            )
        if options["json"]:
            listed = [
                {
                    "id": row.id,
                    "rule": row.rule,
                    "function": row.function,
                    "tests": row.tests,
                    "state": row.state,
                }
                for row in rows
            ]
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row.id:<11} {row.state:<8} {row.function or '-'}")
        kept = sum(row.state == "kept" for row in rows)
        self.stdout.write(f"{kept} of {len(rows)} kept")
