"""Make a backup now, and destroy those whose day has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpa.actions.back_up import back_up, due_days
from dpa.gateways.backups import BackupBroken
from isolation.gateways.tools import ToolFailed


class Command(BaseCommand):
    """Back up the database and the files into a folder of PREAU_BACKUP_DIR."""

    help = "Back up database and files; --list shows the backups there are, and when each is destroyed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether only to list."""
        parser.add_argument("--list", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say where it is, or list."""
        try:
            if not options["list"]:
                self.stdout.write(str(back_up(now=timezone.now())))
            for path, day in due_days().items():
                self.stdout.write(f"{path.name}: destroyed on {day.isoformat()}")
        except (BackupBroken, ToolFailed) as wrong:
            raise CommandError(str(wrong)) from wrong
        except BlockingIOError:
            raise CommandError("Another backup is being made: wait for it.") from None
