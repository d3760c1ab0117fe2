"""What the database says of its tables and of its room for locks."""

from django.db import connection

from isolation.context import inside_operator
from isolation.policy.locks import Locks

_READ = r"""
WITH ours AS (
    SELECT oid, nspname LIKE 't\_%%' AS is_tenant FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%%' AND nspname <> 'information_schema'
), tables AS (
    SELECT c.oid, c.relnamespace AS place, c.relkind, c.reltoastrelid
    FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
), objects AS (
    SELECT place, count(*) + 2 * count(nullif(reltoastrelid, 0)) AS number FROM tables GROUP BY 1
    UNION ALL SELECT typnamespace, count(*) FROM pg_type GROUP BY 1
    UNION ALL SELECT connamespace, count(*) FROM pg_constraint GROUP BY 1
    UNION ALL SELECT place, count(*) FROM pg_trigger t JOIN tables ON tables.oid = t.tgrelid GROUP BY 1
    UNION ALL SELECT place, count(*) FROM pg_attrdef d JOIN tables ON tables.oid = d.adrelid GROUP BY 1
    UNION ALL SELECT place, count(*) FROM pg_policy p JOIN tables ON tables.oid = p.polrelid GROUP BY 1
), totals AS (
    SELECT sum(number) AS total FROM objects JOIN ours ON ours.oid = place WHERE is_tenant GROUP BY place
)
SELECT (SELECT count(*) FROM tables WHERE relkind IN ('r', 'p', 'v', 'm', 'f')),
       (SELECT coalesce(max(total), 0) FROM totals),
       (SELECT count(*) FROM ours WHERE is_tenant),
       current_setting('max_locks_per_transaction')::int,
       current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int
"""


def read_locks() -> Locks:
    """Return what the database holds and has room for; asked as the operator. Raises DatabaseError."""
    with inside_operator(), connection.cursor() as cursor:
        cursor.execute(_READ)
        tables, largest, tenants, setting, sessions = cursor.fetchone()
    return Locks(tables, int(largest), tenants, setting, sessions)
