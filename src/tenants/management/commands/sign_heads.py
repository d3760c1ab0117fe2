"""Sign the heads of the audit trails now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.actions.sign_heads import sign_heads


class Command(BaseCommand):
    """Sign the head of the operator's audit trail and of each tenant's, as is done every hour."""

    help = "Sign the head of each audit trail that went on since it was signed last."

    def add_arguments(self, parser: Any) -> None:
        """Take that a backup was restored, in words."""
        parser.add_argument(
            "--restored",
            default="",
            metavar="WORDS",
            help="which backup was restored, and why; the trails keep it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were signed."""
        signed = sign_heads(now=timezone.now(), restored=options["restored"])
        self.stdout.write(f"{signed} heads signed")
