"""Erase again, after a restore, everyone the erasure ledger names."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpa.actions.replay_erasures import replay_erasures
from dpa.gateways import ledger
from dpa.policy.ledger import BrokenLedger


class Command(BaseCommand):
    """Run it before anyone signs in; a second time there is nothing to do."""

    help = "Erase again, after a restore, everyone the erasure ledger names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another ledger than the configured one, and say it for machines."""
        parser.add_argument("--ledger", type=Path, help="a ledger file (default: PREAU_ERASURE_LEDGER)")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and say what was done."""
        if options["ledger"] and not options["ledger"].exists():
            raise CommandError(f"there is no ledger at {options['ledger']}")
        try:
            lines = list(ledger.lines(options["ledger"]))
        except BrokenLedger as broken:
            raise CommandError(f"the ledger is broken at {broken}: nothing was replayed") from broken
        done = replay_erasures(lines, now=timezone.now())
        counts = {
            "lines": done.lines,
            "erased_again": done.again,
            "rows": done.rows,
            "unknown_tenants": done.unknown,
        }
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(
                f"{done.lines} erasures in the ledger, {done.again} done again ({done.rows} rows), "
                f"{done.unknown} in tenants that aren't there any more."
            )
