"""Write the file of accounting entries (FEC) of a period."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from billing.accounting.policy.fec import file_name, file_text
from billing.accounting.queries.accounting import pieces, without_rate
from billing.money.gateways.seller import seller
from isolation.context import inside_operator


class Command(BaseCommand):
    """Write every document issued and every payment credited of a period as accounting entries."""

    help = "Write the file of accounting entries (FEC, 18 columns) of a period to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the period and the folder."""
        parser.add_argument(
            "--from", dest="starts_on", required=True, type=date.fromisoformat, metavar="DATE"
        )
        parser.add_argument("--until", dest="ends_on", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say where it is."""
        period = {name: options[name] for name in ("starts_on", "ends_on")}
        if period["ends_on"] < period["starts_on"]:
            raise CommandError(
                f"The period ends before it begins: --until must be {period['starts_on']} or later."
            )
        with inside_operator():
            text = file_text(pieces(**period), valid_on=period["ends_on"])
            left = without_rate(**period)
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file_name(seller()["siret"].replace(" ", "")[:9], period["ends_on"])
        path.write_text(text, encoding="utf-8", newline="")
        self.stdout.write(f"{path}: {text.count(chr(10)) - 1} rows")
        if left:
            self.stdout.write(f"Not in it, to be booked at the day's rate: {', '.join(left)}")
