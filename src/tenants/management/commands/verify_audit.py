"""Prove that the audit trails are whole."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.actions import verify
from isolation.context import inside, inside_operator
from tenants.models import Tenant


class Command(BaseCommand):
    """Verify the operator's audit trail and each tenant's."""

    help = "Verify the hash chain of the operator's audit trail and of each tenant's (or of one)."

    def add_arguments(self, parser: Any) -> None:
        """Take one tenant's address, or none for all."""
        parser.add_argument("--tenant")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found for each trail; exit non-zero when one is broken."""
        found = []
        with inside_operator():
            tenants = Tenant.objects.exclude(state__in=("opening", "erased")).order_by("slug")
            if options["tenant"]:
                tenants = tenants.filter(slug=options["tenant"])
                if not tenants:
                    raise CommandError(f"there is no tenant {options['tenant']}")
            else:
                found.append(("operator", verify(now=timezone.now())))
            known = list(tenants)
        for tenant in known:
            with inside(tenant):
                found.append((tenant.slug, verify(now=timezone.now())))
        self._say(found, options["json"])
        if broken := [name for name, verdict in found if not verdict.is_whole]:
            raise CommandError(f"broken: {', '.join(broken)}")

    def _say(self, found: list[Any], as_json: bool) -> None:
        rows = [
            {
                "trail": name,
                "entries": v.entries,
                "erased_parts": v.erased_parts,
                "broken_at": v.broken_at,
                "reason": v.reason,
            }
            for name, v in found
        ]
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            state = "whole" if row["broken_at"] is None else f"broken at {row['broken_at']}: {row['reason']}"
            self.stdout.write(
                f"{row['trail']}: {row['entries']} entries, {row['erased_parts']} parts erased, {state}"
            )
