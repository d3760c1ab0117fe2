"""script/manage sample_documents --to DIR: one of every document the product can issue."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from billing.money.policy.days import day_starts_at
from demo.samples.registry import files, made, samples

MORNING = timedelta(hours=9)


class Command(BaseCommand):
    """Write sample documents to a folder; nothing is kept in the database."""

    help = (
        "Write one of every document the product can issue (PDF, and XML where there "
        "is one), from invented customers. One that can't be made is named; the others are made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, the day, and the names of those wanted."""
        parser.add_argument(
            "--to", required=True, type=Path, metavar="DIR", help="the folder; made if it isn't there"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="DAY", help="the day they are made on; today otherwise"
        )
        parser.add_argument("names", nargs="*", help="the names of those wanted; all of them otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make each in a transaction of its own that is rolled back; end with 1 when one couldn't be made."""
        known = samples()
        wanted = options["names"] or list(known)
        if unknown := sorted(set(wanted) - set(known)):
            self.stderr.write(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}")
            raise SystemExit(2)
        options["to"].mkdir(parents=True, exist_ok=True)
        on = options["on"]
        now = day_starts_at(on) + MORNING if on else timezone.now()
        failed = [name for name in wanted if not self._written(name, options["to"], now)]
        if failed:
            self.stderr.write(f"Not made ({len(failed)} of {len(wanted)}): {', '.join(failed)}")
            raise SystemExit(1)

    def _written(self, name: str, folder: Path, now: datetime) -> bool:
        """Return whether the sample was made; why not is said at once."""
        try:
            paper = made(name, now)
        except Exception as error:  # whatever it is, the others are made
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
            return False
        for path, content in files(name, paper):
            (folder / path).write_bytes(content)
            self.stdout.write(str(folder / path))
        return True
