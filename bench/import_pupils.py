"""Importing 5,000 pupils with all checks, against COPY of the same rows into the tables they end up in.

The floor is given the pupils and enrolments an import has made, ids and all, and writes them by COPY into the
same two tables with their keys, constraints and indexes. A bare heap (how it was measured before) is no floor
of an import: it takes a tenth of the time and leaves a school without an index or a check.
"""

from datetime import date, timedelta
from typing import Any

import _ground as g

PUPILS = 5000
CLASSES = 200
LETTERS = str.maketrans("0123456789", "aébcdïfghô")
TABLES = ("classrooms_student", "classrooms_enrolment")


def main() -> None:
    g.ground()
    from django.db import connection, connections
    from psycopg import sql

    from classrooms.actions.apply_import import apply_import
    from classrooms.actions.confirm_import import confirm_import
    from classrooms.actions.prepare_import import Upload, prepare_import
    from isolation.context import inside
    from isolation.policy.names import tenant_schema

    tenant = g.school("tilleuls")
    today = tenant.today(g.NOW)
    schema = sql.Identifier(tenant_schema(tenant.pk))
    upload = Upload(_file())
    told = {"tenant": tenant, "now": g.NOW, "today": today}

    def product(_turn: int) -> None:
        with inside(tenant):
            batch = prepare_import(upload, by=None, **told)
        with inside(tenant):
            confirm_import(batch_id=batch.pk, by=None, **told)
        with inside(tenant):
            applied = apply_import(batch_id=batch.pk, **told)
        assert (applied.state, applied.counts["create"]) == ("applied", PUPILS)

    def copy(_turn: int) -> None:
        with inside(tenant), connection.cursor() as cursor:
            for table, rows in made.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as into:
                    into.write(rows)

    def clear() -> None:
        _on_migrator(sql.SQL("TRUNCATE {}.classrooms_student CASCADE").format(schema))

    product(0)
    made = {table: _rows(tenant, table) for table in TABLES}
    clear()
    imported, copied = g.side_by_side(product, copy, times=7, after=clear)
    connections.close_all()
    g.row(
        f"COPY of {PUPILS:,} pupils and their enrolments into their tables",
        f"{g.ms(copied)}, {PUPILS / copied:,.0f} rows/s",
        "",
    )
    g.row(
        "read, checked, stored, confirmed and applied",
        f"{g.ms(imported)}, {PUPILS / imported:,.0f} rows/s",
        "",
    )
    g.row("ratio of rows/s", f"{copied / imported:.2f}", "≥ 0.2")


def _rows(tenant: Any, table: str) -> bytes:
    """Return a table's rows as COPY writes and reads them."""
    from django.db import connection
    from psycopg import sql

    from isolation.context import inside

    with (
        inside(tenant),
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out,
    ):
        return b"".join(out)


def _file() -> bytes:
    header = (
        "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Cycle;Niveau;"
        "Libellé classe;Identifiant classe"
    )
    lines = [header]
    for n in range(PUPILS):
        born = date(2016, 1, 1) + timedelta(days=n % 700)
        name = f"Nom {n:05}".translate(LETTERS)
        group = n % CLASSES
        lines.append(f"{name};;Léa;{born:%d/%m/%Y};F;{n:09}AA;CYCLE II;CE1;CE1 n° {group};{group}")
    return "\n".join(lines).encode("utf-8-sig")


def _on_migrator(statement: Any) -> None:
    from django.db import connections

    with connections["migrator"].cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    main()
