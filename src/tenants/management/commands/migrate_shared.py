"""Migrate the shared schema and the template for new tenants."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.actions.prepare_schemas import prepare_schemas


class Command(BaseCommand):
    """Migrate the shared schema, say its grants again, and store the template for new tenants."""

    help = "Migrate the shared schema and the template for new tenants."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it and say at which version new tenants are made."""
        version = prepare_schemas(now=timezone.now(), verbosity=options["verbosity"] - 1)
        self.stdout.write(f"shared schema and template are at {version[:12]}")
