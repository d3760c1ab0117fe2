"""Compute the VAT of a document, once on its sum; needs no database."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.management.commands.late_interest import amount
from billing.money.policy.money import format_amount, format_pct
from billing.money.policy.vat import checked_rate, totals


def rate(text: str) -> Decimal:
    """Return a rate in per cent, 0 to 100; raise CommandError otherwise."""
    try:
        pct = Decimal(text.replace(",", "."))
        checked_rate(pct)
    except (InvalidOperation, ValueError):
        raise CommandError(f"{text!r} isn't a rate in per cent, such as 20 or 8.5") from None
    return pct


class Command(BaseCommand):
    """The VAT calculator."""

    help = "Compute net, VAT and gross of lines excluding VAT that share one rate."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("--rate", required=True, metavar="PCT", help="20, 8.5, 0")
        parser.add_argument("--line", action="append", required=True, metavar="AMOUNT", help="excluding VAT")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the totals."""
        pct = rate(options["rate"])
        lines = [amount(text) for text in options["line"]]
        found = totals((cents, pct) for cents in lines)
        texts = {
            "net": format_amount(found.net_cents),
            "vat": format_amount(found.vat_cents),
            "gross": format_amount(found.gross_cents),
        }
        if options["json"]:
            self.stdout.write(json.dumps(texts))
            return
        for cents in lines:
            self.stdout.write(f"Line      {format_amount(cents):>12}")
        self.stdout.write(f"Net       {texts['net']:>12}")
        self.stdout.write(
            f"VAT       {texts['vat']:>12}   {format_pct(pct)} % of the net, rounded once, half up"
        )
        self.stdout.write(f"Gross     {texts['gross']:>12}")
