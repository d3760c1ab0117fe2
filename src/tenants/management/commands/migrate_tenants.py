"""Migrate all tenants' schemas, in several processes."""

import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.actions.migrate_tenants import behind, migrate_tenants


class Command(BaseCommand):
    """Bring every tenant to the newest migrations; run again, it takes up where it stopped."""

    help = "Migrate all tenants' schemas, in several processes; safe to stop and run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the number of processes, and which of them this is."""
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--share", type=int, default=None, help="internal: which share this process takes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done; exit non-zero when a tenant failed, naming it."""
        if options["share"] is not None:
            return self._share(options["share"], options["processes"])
        waiting = len(behind())
        if not waiting:
            self.stdout.write("nothing to do: every tenant is at the newest version")
            return None
        processes = max(1, min(options["processes"], waiting))
        if processes == 1:
            return self._share(0, 1)
        command = [sys.executable, sys.argv[0], "migrate_tenants", f"--processes={processes}"]
        children = [subprocess.Popen([*command, f"--share={n}"]) for n in range(processes)]  # noqa: S603
        if any([child.wait() for child in children]):
            raise CommandError(
                f"{len(behind())} tenants are still behind; the console's tenants page says why"
            )
        return None

    def _share(self, share: int, of: int) -> None:
        progress = migrate_tenants(now=timezone.now(), share=share, of=of)
        self.stdout.write(f"{progress.done} tenants migrated")
        for tenant_id, reason in progress.failed.items():
            self.stderr.write(f"{tenant_id}: {reason}")
        if progress.failed:
            raise CommandError(f"{len(progress.failed)} tenants failed")
