"""Fill a demonstration's database with its invented world."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo.world import seed


class Command(BaseCommand):
    """Seed what isn't there yet and write down who can sign in."""

    help = "Fill the demonstration's database with its invented world; does nothing the second time."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, relative to this moment."""
        seed(now=timezone.now(), say=self.stdout.write)
