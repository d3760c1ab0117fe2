"""Rows of the shared schema, tried in raw SQL as a tenant's own role, in one transaction that is taken back.

Any table is filled from its own columns: no factory has to know it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from psycopg import Connection, errors, sql

from isolation.policy.names import roles
from tests import database

VERBS = ("read", "insert", "update", "give away", "delete")
DONE = "done"
NOTHING = "nothing there"
NOT_GRANTED = "not granted"
REFUSED = "refused"
PASSED = "passed"  # the policy let it through; another rule of the table held it up

_FILLINGS = {
    "uuid": "gen_random_uuid()",
    "boolean": "false",
    "date": "DATE '2026-11-16'",
    "timestamp with time zone": "TIMESTAMPTZ '2026-11-16 09:00+00'",
    "jsonb": "'{}'::jsonb",
    "bytea": "''::bytea",
    "ARRAY": "'{}'",
    "USER-DEFINED": "''",
}
_POLICIES = """
SELECT c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid AND %s::regrole = ANY (p.polroles)
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity ORDER BY 1, 2
"""
_GRANTED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
AND has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
AND NOT c.relrowsecurity ORDER BY 1
"""


# A promise that is kept inside a tenant: its role may write no other.
_PROMISED = {("agenda_obligation", "clause"): "LG-D5", ("agenda_obligation", "kind"): "retention"}


class Rows:
    """A superuser's connection to the test database, and the names of its roles."""

    def __init__(self, connection: Connection[Any], name: str) -> None:
        self.connection = connection
        self.names = roles(name)
        self.name = name

    def policies(self) -> list[tuple[str, str, str, str]]:
        """Return each policy on tenants' roles: table, name, what is seen, what may be written."""
        found = self.connection.execute(_POLICIES, [self.names.tenants])
        return [tuple(row) for row in found]

    def granted_without_policy(self) -> list[str]:
        """Return the tables tenants were granted something on that have no row security."""
        return [name for (name,) in self.connection.execute(_GRANTED, [self.names.tenants])]

    def open_grants(self, table: str) -> None:
        """Grant all on a table to tenants, so that only its policies stand in the way."""
        self._run("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}", table, self.names.tenants)

    def lift_rules(self, table: str) -> None:
        """Drop what a table asks of its rows beside its policies: checks, triggers, other keys."""
        found = self.connection.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u')",
            [f"public.{table}"],
        ).fetchall()
        for (rule,) in found:
            self._run("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE", table, rule)
        self._run("ALTER TABLE {} DISABLE TRIGGER ALL", table)

    def put(self, table: str, column: str | None, tenant: UUID | None) -> UUID:
        """Put a row of a tenant's into a table, as the superuser; return its id."""
        key = tenant if column == "id" and tenant else uuid4()
        statement, values = self._insert(table, column, tenant, key)
        self.connection.execute(statement, values)
        return key

    def _insert(
        self, table: str, column: str | None, tenant: UUID | None, key: UUID
    ) -> tuple[sql.Composed, list[Any]]:
        given: dict[str, Any] = {"id": key}
        if column and column != "id":
            given[column] = tenant
        parts: list[sql.Composable] = []
        values: list[Any] = []
        for name, kind, has_default, nullable in self._columns(table):
            if (table, name) in _PROMISED:
                parts.append(sql.Literal(_PROMISED[table, name]))
            elif name in given:
                parts.append(sql.SQL("%s"))
                values.append(given[name])
            elif nullable or has_default:
                parts.append(sql.SQL("DEFAULT"))
            else:
                parts.append(sql.SQL(_FILLINGS.get(kind, "'7'")))  # a text or a number
        into = sql.SQL("INSERT INTO public.{} VALUES ({})").format(
            sql.Identifier(table), sql.SQL(", ").join(parts)
        )
        return into, values

    def _columns(self, table: str) -> list[tuple[str, str, bool, bool]]:
        found = self.connection.execute(
            "SELECT column_name, data_type, column_default IS NOT NULL OR is_identity = 'YES', "
            "is_nullable = 'YES' FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
            [table],
        )
        return [tuple(row) for row in found]

    def nullable(self, table: str, column: str) -> bool:
        """Return whether a row of a table can be nobody's."""
        return any(nullable for name, _kind, _has, nullable in self._columns(table) if name == column)

    def attempt(
        self, role: str, verb: str, table: str, column: str | None, *, row: UUID, owner: Any, other: Any
    ) -> str:
        """Return what came of a verb on a row of `owner`'s by a role; it is taken back.

        "give away" writes the row over to `other`. An insert puts a new row of `owner`'s.
        """
        statement, values = self._statement(verb, table, column, row=row, owner=owner, other=other)
        try:
            with self.connection.transaction(force_rollback=True):  # the role is left with it
                self._run("SET LOCAL ROLE {}", role)
                done = self.connection.execute(statement, values)
                return DONE if done.rowcount else NOTHING
        except errors.InsufficientPrivilege as refusal:
            return REFUSED if "row-level security" in str(refusal) else NOT_GRANTED
        except (errors.IntegrityError, errors.RaiseException):
            return PASSED

    def _statement(
        self, verb: str, table: str, column: str | None, *, row: UUID, owner: Any, other: Any
    ) -> tuple[sql.Composed, list[Any]]:
        if verb == "insert":
            return self._insert(table, column, owner, owner if column == "id" and owner else uuid4())
        words = {
            "read": "SELECT 1 FROM public.{} WHERE id = %s",
            "update": "UPDATE public.{} SET {} = {} WHERE id = %s",
            "give away": "UPDATE public.{} SET {} = %s WHERE id = %s",
            "delete": "DELETE FROM public.{} WHERE id = %s",
        }
        touched = sql.Identifier(column or "id")
        statement = sql.SQL(words[verb]).format(sql.Identifier(table), touched, touched)  # type: ignore[arg-type]
        return statement, [other, row] if verb == "give away" else [row]

    def _run(self, words: str, *identifiers: str) -> None:
        self.connection.execute(sql.SQL(words).format(*map(sql.Identifier, identifiers)))  # type: ignore[arg-type]


@contextmanager
def opened() -> Iterator[Rows]:
    """Give the test database to a superuser for one transaction, taken back at the end."""
    name = connections["default"].settings_dict["NAME"]
    with database.connect(name) as connection:
        connection.autocommit = False
        connection.execute("SET LOCAL search_path = public, pg_catalog")
        connection.execute("SET LOCAL lock_timeout = '20s'")
        try:
            yield Rows(connection, name)
        finally:
            connection.rollback()
