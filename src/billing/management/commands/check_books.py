"""Check the books against what documents and money make."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.accounting.queries.check import faults
from isolation.context import inside_operator


class Command(BaseCommand):
    """Compute the books again from documents and money, and say each difference."""

    help = "Compute the books again from documents, money and claims; say each difference, gap and imbalance."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that the books are right, or what isn't. Raises CommandError."""
        with inside_operator():
            found = list(faults())
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in the books")
        self.stdout.write("The books are what documents and money make of them.")
