"""Bring a demonstration's database up to date and fill it: everything script/demo needs before it serves."""

import shutil
import time
from typing import Any

from django.conf import settings
from django.core.management import CommandParser, call_command
from django.core.management.base import BaseCommand, CommandError

from demo.gateways.database import NotADemonstration, claim, throw_away

STEPS = ("bootstrap_database", "migrate_shared", "migrate_tenants", "seed_demo", "sign_heads")


class Command(BaseCommand):
    """Bootstrap, migrate and seed, in one process."""

    help = "Bootstrap, migrate and seed the demonstration's database; quick when there is nothing to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --fresh."""
        parser.add_argument(
            "--fresh", action="store_true", help="throw away what an earlier demonstration left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps, each with its time."""
        try:
            if options["fresh"]:
                throw_away()
                shutil.rmtree(settings.AUDIT_HEADS, ignore_errors=True)
            else:
                claim()
        except NotADemonstration as refused:
            raise CommandError(
                f"The database {refused} holds real data. Point DATABASE_URL at an empty one, or leave it "
                f"out."
            ) from None
        for step in STEPS:
            started = time.monotonic()
            call_command(step, stdout=self.stdout, stderr=self.stderr)
            self.stdout.write(f"{step}: {time.monotonic() - started:.1f} s")
