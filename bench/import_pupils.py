"""Importing 5,000 pupils with all checks, against COPY of the same rows."""

from datetime import date, timedelta
from typing import Any

import _ground as g

PUPILS, CLASSES = 5000, 200
LETTERS = str.maketrans("0123456789", "aébcdïfghô")
COLUMNS = "line, last_name, first_name, birth_on, used_name, level, class_name, class_code"


def main() -> None:
    g.ground()
    from django.db import connection, connections
    from psycopg import sql

    from classrooms.actions.apply_import import apply_import
    from classrooms.actions.confirm_import import confirm_import
    from classrooms.actions.prepare_import import Upload, prepare_import, read_upload
    from isolation.context import inside
    from isolation.policy.names import tenant_schema

    tenant = g.school("tilleuls")
    today, schema = tenant.today(g.NOW), sql.Identifier(tenant_schema(tenant.pk))
    upload = Upload(_file())
    told = {"tenant": tenant, "now": g.NOW, "today": today}
    _on_migrator(sql.SQL("CREATE TABLE {}.plain (line int, last_name text, first_name text, birth_on date, used_name text, "
                         "level text, class_name text, class_code text)").format(schema))  # fmt: skip
    with inside(tenant):
        rows = read_upload(upload, tenant=tenant, today=today)[0].rows

    def product(_turn: int) -> None:
        with inside(tenant):
            batch = prepare_import(upload, by=None, **told)
        with inside(tenant):
            confirm_import(batch_id=batch.pk, by=None, **told)
        with inside(tenant):
            applied = apply_import(batch_id=batch.pk, **told)
        assert (applied.state, applied.counts["create"]) == ("applied", PUPILS)

    def copy(_turn: int) -> None:
        with inside(tenant), connection.cursor() as cursor, cursor.copy(f"COPY plain ({COLUMNS}) FROM STDIN") as into:
            for row in rows:
                into.write_row(row)

    def clear() -> None:
        _on_migrator(sql.SQL("TRUNCATE {}.classrooms_student, {}.plain CASCADE").format(schema, schema))

    imported, copied = g.side_by_side(product, copy, times=7, between=clear)
    connections.close_all()
    g.row(f"COPY of {PUPILS:,} rows into a plain table", f"{g.ms(copied)}, {PUPILS / copied:,.0f} rows/s", "")
    g.row("read, checked, stored, confirmed and applied", f"{g.ms(imported)}, {PUPILS / imported:,.0f} rows/s", "")
    g.row("ratio of rows/s", f"{copied / imported:.2f}", "≥ 0.2")


def _file() -> bytes:
    header = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Cycle;Niveau;Libellé classe;Identifiant classe"
    lines = [header]
    for n in range(PUPILS):
        born = date(2016, 1, 1) + timedelta(days=n % 700)
        name, group = f"Nom {n:05}".translate(LETTERS), n % CLASSES
        lines.append(f"{name};;Léa;{born:%d/%m/%Y};F;{n:09}AA;CYCLE II;CE1;CE1 n° {group};{group}")
    return "\n".join(lines).encode("utf-8-sig")


def _on_migrator(statement: Any) -> None:
    from django.db import connections

    with connections["migrator"].cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    main()
