"""Make the database's roles and extensions: run once, by a superuser's URL."""

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from isolation.gateways.cluster import bootstrap


class Command(BaseCommand):
    """Make roles, grants and extensions; safe to run again."""

    help = "Make the roles, grants and extensions of the database (needs a superuser or role-creating URL)."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Connect as the migrator's login, before its role exists, and bootstrap."""
        params = connections["migrator"].get_connection_params()
        wanted = {k: v for k, v in params.items() if k in {"dbname", "user", "password", "host", "port"}}
        with psycopg.connect(**wanted) as connection:
            names = bootstrap(connection, database=params["dbname"], app_role=settings.DATABASE_APP_ROLE)
        self.stdout.write(f"roles ready: {names.migrator}, {names.app}, {names.operator}, {names.tenants}")
