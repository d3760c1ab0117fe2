"""Let hours pass in a demonstration, to see what the agenda does by then."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.world import live_until


class Command(BaseCommand):
    """Run the agenda as of later, promise by promise."""

    help = "Let hours pass in a demonstration: what is due until then is done now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of hours."""
        parser.add_argument("hours", type=float)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; never on a real installation."""
        if not settings.DEMO:
            raise CommandError("Time is passed on a demonstration only.")
        until = timezone.now() + timedelta(hours=options["hours"])
        live_until(until)
        self.stdout.write(f"everything due until {until:%d %B %Y %H:%M} UTC is done")
