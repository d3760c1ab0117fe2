"""Restore a backup into an empty database, and erase again whoever was erased since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpa.actions.restore_backup import LedgerShort, restore_backup
from dpa.gateways.backups import BackupBroken, NotEmpty
from dpa.policy.ledger import BrokenLedger
from isolation.gateways.tools import ToolFailed


class Command(BaseCommand):
    """Run it on another machine with an empty database of the same name, and the newest erasure ledger."""

    help = (
        "Restore a backup into an empty database; nobody is served until every erasure since was done again."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup's folder."""
        parser.add_argument("backup", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, bring up to date, erase again, verify."""
        try:
            done = restore_backup(
                options["backup"].resolve(), bring_up_to_date=self._migrate, now=timezone.now()
            )
        except (BackupBroken, NotEmpty, ToolFailed) as wrong:
            raise CommandError(f"Nothing is served: {wrong}") from wrong
        except (LedgerShort, BrokenLedger) as wrong:
            raise CommandError(
                f"The erasure ledger: {wrong}. Nothing was restored. Bring back the newest copy of it "
                f"(PREAU_ERASURE_LEDGER): without it people who were erased would be back."
            ) from wrong
        self.stdout.write(
            f"{done.backup}: {done.tenants} tenants, {done.replay.lines} erasures in the ledger, "
            f"{done.replay.again} done again ({done.replay.rows} rows)"
        )
        call_command("verify_audit", stdout=self.stdout)

    def _migrate(self) -> None:
        call_command("migrate_shared", stdout=self.stdout)
        call_command("migrate_tenants", stdout=self.stdout)
