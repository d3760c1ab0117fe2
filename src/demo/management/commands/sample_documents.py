"""script/manage sample_documents --to DIR: one of every document the product can issue."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from demo.samples.registry import files, samples
from isolation.context import inside_operator


class Command(BaseCommand):
    """Write sample documents to a folder; nothing is kept in the database."""

    help = (
        "Write one of every document the product can issue (PDF, and XML where there "
        "is one), from invented customers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and the names of those wanted."""
        parser.add_argument(
            "--to", required=True, type=Path, metavar="DIR", help="the folder; made if it isn't there"
        )
        parser.add_argument("names", nargs="*", help="the names of those wanted; all of them otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make each in a transaction of its own that is rolled back."""
        known = samples()
        wanted = options["names"] or list(known)
        if unknown := sorted(set(wanted) - set(known)):
            self.stderr.write(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}")
            raise SystemExit(2)
        options["to"].mkdir(parents=True, exist_ok=True)
        for name in wanted:
            with inside_operator(), transaction.atomic():
                paper = known[name](timezone.now())
                transaction.set_rollback(True)
            for path, content in files(name, paper):
                (options["to"] / path).write_bytes(content)
                self.stdout.write(str(options["to"] / path))
