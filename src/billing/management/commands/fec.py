"""Write the file of accounting entries (FEC) of a period."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from billing.accounting.gateways.chart import chart
from billing.accounting.policy.fec import ENCODINGS, encoded, file_name, file_text
from billing.accounting.queries.ledger import fec_rows, waiting_in, without_rate
from billing.money.gateways.seller import seller
from isolation.context import inside_operator


class Command(BaseCommand):
    """Write the validated entries of the books of a period."""

    help = "Write the file of accounting entries (FEC, 18 columns) of a period to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the period and the folder."""
        parser.add_argument(
            "--from", dest="starts_on", required=True, type=date.fromisoformat, metavar="DATE"
        )
        parser.add_argument("--until", dest="ends_on", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR")
        parser.add_argument(
            "--encoding", default="iso", choices=sorted(ENCODINGS), help="ISO 8859-15 (iso) or UTF-8"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say where it is."""
        period = {name: options[name] for name in ("starts_on", "ends_on")}
        if period["ends_on"] < period["starts_on"]:
            raise CommandError(
                f"The period ends before it begins: --until must be {period['starts_on']} or later."
            )
        with inside_operator():
            text = file_text(fec_rows(chart(), **period))
            left = without_rate(**period)
            waiting = waiting_in(**period)
        content, strange = encoded(text, options["encoding"])
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file_name(seller()["siret"].replace(" ", "")[:9], period["ends_on"])
        path.write_bytes(content)
        self.stdout.write(f"{path}: {text.count(chr(10)) - 1} rows")
        if strange:
            self.stdout.write(f"Not in ISO 8859-15, their nearest written: {' '.join(strange)}")
        if waiting:
            self.stdout.write(f"Not in it, not validated yet: {waiting} entries")
        if left:
            self.stdout.write(f"Not in it, to be booked at the day's rate: {', '.join(left)}")
