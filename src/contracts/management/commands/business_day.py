"""Tell the last of a number of business days; needs no database."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contracts.gateways.holidays import UnknownCalendar, business_day_after

MAX_DAYS = 10_000


class Command(BaseCommand):
    """The business-day calculator."""

    help = "Tell the last of N business days after a day: Monday to Friday, minus public holidays."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("--start", required=True, metavar="DAY", help="not counted")
        parser.add_argument("--days", required=True, metavar="N")
        parser.add_argument("--country", required=True, help="FR")
        parser.add_argument("--subdivision", default=None, help="57, 6AE, 974")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the day."""
        days = _count(options["days"])
        try:
            start = date.fromisoformat(options["start"])
            found = business_day_after(
                start, days, country=options["country"], subdivision=options["subdivision"]
            )
        except UnknownCalendar as unknown:
            raise CommandError(str(unknown)) from None
        except (ValueError, OverflowError):
            raise CommandError(f"{options['start']!r} isn't a day written YYYY-MM-DD") from None
        if options["json"]:
            self.stdout.write(json.dumps({"day": found.isoformat()}))
        else:
            self.stdout.write(f"{start} + {days} business days = {found:%A} {found}")


def _count(text: str) -> int:
    try:
        days = int(text)
    except (TypeError, ValueError):
        raise CommandError(f"{text!r} isn't a number of days") from None
    if not 0 <= days <= MAX_DAYS:
        raise CommandError(f"the number of days must be from 0 to {MAX_DAYS}")
    return days
