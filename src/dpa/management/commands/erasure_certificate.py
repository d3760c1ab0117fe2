"""Show the certificate of an erasure, as data or signed."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dpa.actions.print_certificate import certificate_data, certificate_note
from dpa.queries.evidence import evidence_called
from isolation.context import inside_operator


class Command(BaseCommand):
    """Find it by the reference people wrote down."""

    help = "Show the certificate of an erasure by its reference: a signed text, or with --json data."

    def add_arguments(self, parser: Any) -> None:
        """Take the reference, and the form."""
        parser.add_argument("reference")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it. Raises CommandError where there is none."""
        with inside_operator():
            found = evidence_called(options["reference"])
            if found is None:
                raise CommandError(f"No erasure is called {options['reference']}.")
            evidence, tenant = found
            if options["json"]:
                told = json.dumps(
                    certificate_data(evidence, tenant=tenant), ensure_ascii=False, sort_keys=True
                )
            else:
                told = certificate_note(evidence, tenant=tenant)
        self.stdout.write(told, ending="" if told.endswith("\n") else "\n")
