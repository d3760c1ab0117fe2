"""Migrate all tenants' schemas, in several processes."""

import os
import subprocess
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.actions.migrate_tenants import behind, migrate_tenants


class Command(BaseCommand):
    """Bring every tenant to the newest migrations; run again, it takes up where it stopped."""

    help = "Migrate all tenants' schemas, in several processes; safe to stop and run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the number of processes, and the run this one is of."""
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--run", type=datetime.fromisoformat, default=None, help="internal: the run this process is of"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were migrated; exit non-zero while any is behind, naming those that failed."""
        if options["run"] is not None:
            self._run(options["run"])
            return
        waiting = len(behind())
        if not waiting:
            self.stdout.write("nothing to do: every tenant is at the newest version")
            return
        run = timezone.now()
        processes = max(1, min(options["processes"], waiting))
        if processes == 1:
            self._run(run)
        else:
            command = [sys.executable, sys.argv[0], "migrate_tenants", f"--run={run.isoformat()}"]
            children = [subprocess.Popen(command) for _n in range(processes)]  # noqa: S603
            for child in children:
                child.wait()
        left = len(behind())
        self.stdout.write(f"{waiting - left} of {waiting} tenants migrated")
        if left:
            raise CommandError(f"still behind: {left} of {waiting}; the console's tenants page says why")

    def _run(self, run: datetime) -> None:
        for tenant_id, reason in migrate_tenants(now=run).failed.items():
            self.stderr.write(f"{tenant_id}: {reason}")
