"""PostgreSQL for django-tenants, without its session-level search_path.

A place is entered per transaction.
"""

from typing import Any

from django.conf import settings
from django_tenants.postgresql_backend import base
from psycopg import sql

from isolation.policy.names import roles


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """A connection that owns nothing and can read nothing until `isolation.context` enters a place.

    django-tenants sends `SET search_path` with each cursor and swallows its errors; here the place is set in
    the transaction itself, so that a rollback, a reused connection or another thread can't keep it.
    """

    place: Any = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Leave the path alone: it is set with the role, by `isolation.context`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that signs in as the application, stepping down first when the URL is a
        superuser's.
        """
        connection = super().get_new_connection(conn_params)
        self.place = None
        if connection.info.parameter_status("is_superuser") == "on":
            name = settings.DATABASE_APP_ROLE or roles(self.settings_dict["NAME"]).app
            connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(name)))
            connection.commit()
        return connection

    def close(self) -> None:
        """Close the connection and forget where it was."""
        self.place = None
        super().close()

    def close_if_unusable_or_obsolete(self) -> None:
        """Reset role and path before a connection is used again, so that nothing reaches its next user."""
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and not self.in_atomic_block and not self.connection.closed:
            self.place = None
            with self.cursor() as cursor:
                cursor.execute("RESET ROLE; RESET search_path")
