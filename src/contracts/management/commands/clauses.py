"""List the promises: what keeps each of them, what shows it, and where it stands."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.policy.clauses import STATES, ClauseRow
from contracts.queries import clause_rows, has_tests


class Command(BaseCommand):
    """The clause map on the command line."""

    help = "List every promise with the functions that keep it, its tests, its stories and its state."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--state", choices=STATES)

    def handle(self, **options: Any) -> None:
        """Print the map."""
        rows = [row for row in clause_rows() if options["state"] in {None, row.state}]
        if not has_tests():
            self.stderr.write(
                "This installation has no tests folder: no promise can be shown as proved here."
            )
        if options["json"]:
            self.stdout.write(json.dumps([as_json(row) for row in rows], ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row.id:<11} {row.state:<8} {row.function or '-'}")
        counts = Counter(row.state for row in rows)
        self.stdout.write(", ".join(f"{counts[state]} {state}" for state in STATES) + f" of {len(rows)}")


def as_json(row: ClauseRow) -> dict[str, Any]:
    """Return a promise as a program reads it."""
    return asdict(row) | {"state": row.state}
