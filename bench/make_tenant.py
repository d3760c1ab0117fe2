"""Making a tenant with 200 others there, against its template's DDL as one string."""

import _ground as g


def main() -> None:
    g.ground()
    from django.db import connections, transaction
    from psycopg import sql

    from isolation.context import inside_operator
    from isolation.policy.names import TEMPLATE_SCHEMA
    from tenants.models import SchemaTemplate

    with inside_operator():
        ddl = SchemaTemplate.objects.latest("created_at").ddl
    for number in range(200):
        g.school(f"school-{number}", profiles=("school",))

    def floor(turn: int) -> None:
        name = f"floor_{turn}"
        with transaction.atomic(using="migrator"), connections["migrator"].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
            cursor.execute("SELECT set_config('search_path', %s, true)", [f"{name}, public"])
            cursor.execute(ddl.replace(TEMPLATE_SCHEMA, name))

    bare, whole = g.side_by_side(floor, lambda turn: g.school(f"measured-{turn}", profiles=("school",)))
    g.row("the template's DDL as one string", g.ms(bare), "the floor")
    g.row("a tenant opened: row, schema, role, grants, roles, domain, audit", g.ms(whole), "")
    g.row("ratio", f"{whole / bare:.2f}", "≤ 1.5")


if __name__ == "__main__":
    main()
