"""Check that no line of the erasure ledger was changed, added or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dpa.gateways import ledger
from dpa.policy.ledger import BrokenLedger


class Command(BaseCommand):
    """Read the ledger from its first line to its last."""

    help = "Check that no line of the erasure ledger was changed, added or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many lines are whole, or which one is broken."""
        try:
            count = sum(1 for _line in ledger.lines())
        except BrokenLedger as broken:
            raise CommandError(f"the ledger is broken at {broken}") from broken
        self.stdout.write(f"{count} lines, none changed.")
