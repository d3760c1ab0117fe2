"""What tables and columns a live database holds, from its own catalogue."""

from django.db import connection

_COLUMNS = """
SELECT n.nspname, c.relname, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'm') AND (n.nspname = %s OR n.nspname LIKE %s)
"""


def live_tables(shared: str, tenants: str) -> dict[str, dict[str, set[str]]]:
    """Return by schema the columns of each table: of the shared schema, and of those whose name is like
    `tenants`.
    """
    found: dict[str, dict[str, set[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [shared, tenants])
        for schema, table, column in cursor.fetchall():
            found.setdefault(schema, {}).setdefault(table, set()).add(column)
    return found
