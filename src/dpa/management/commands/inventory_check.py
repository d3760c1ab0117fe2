"""Compare what is declared with the live database and the stored files."""

from dataclasses import asdict
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dpa.actions.check_inventory import inventory_findings


class Command(BaseCommand):
    """Name every table, column and file that is declared nowhere, and what is declared and isn't there."""

    help = (
        "Compare the declarations with every table and column of every schema, and with the stored files; "
        "exit code 1 where they differ."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take whether a program reads it."""
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding, or that there is none."""
        found = inventory_findings()
        if options["json"]:
            self.stdout.write(dumps([asdict(one) for one in found], indent=2))
        else:
            for one in found:
                self.stdout.write(f"{one.where}: {one.kind}: {one.name}")
        if found:
            raise CommandError(f"{len(found)} found")
        if not options["json"]:
            self.stdout.write("What is held is what is declared.")
