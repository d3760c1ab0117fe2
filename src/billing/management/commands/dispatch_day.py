"""Tell on which day goods leave; needs no database."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.catalogue.policy.dispatch import NoDispatch, dispatch_day
from billing.management.commands.late_interest import day
from contracts.gateways.holidays import public_holidays
from contracts.gateways.operator_calendar import operator_closures


class Command(BaseCommand):
    """The dispatch calculator."""

    help = "Tell on which Tuesday or Thursday an order leaves that is validated at a local time in Paris."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument(
            "--at", required=True, metavar="TIME", help="2026-05-12T15:00:00, on the clocks of Paris"
        )
        parser.add_argument(
            "--leave",
            action="append",
            nargs="+",
            default=[],
            metavar="DAY",
            help="announced, on top of the calendar",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the day."""
        at = local_time(options["at"])
        leave = frozenset(day(text) for texts in options["leave"] for text in texts)
        holidays = public_holidays("FR", None, (at.year, at.year + 1))
        try:
            leaves_on = dispatch_day(at, holidays=holidays, closed=leave | operator_closures())
        except NoDispatch as never:
            raise CommandError(str(never)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"day": leaves_on.isoformat()}))
        else:
            self.stdout.write(f"Validated {at}: leaves on {leaves_on:%A} {leaves_on} at 16:00 (LG-S7)")


def local_time(text: str) -> datetime:
    """Return a wall-clock time; raise CommandError when it isn't one or carries an offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} isn't a time written 2026-05-12T15:00:00") from None
    if at.tzinfo is not None or len(text) <= 10:
        raise CommandError(f"{text!r} must be a date and a time of Paris, without an offset")
    return at
