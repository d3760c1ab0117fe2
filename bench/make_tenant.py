"""Making a tenant with 200 others there, against its template's DDL as one string."""

import _ground as g

TIMES = 15


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

    contracts = [g.agreed(f"measured-{turn}", "school") for turn in range(TIMES)]
    bare, whole = g.side_by_side(
        floor, lambda turn: g.open_for(f"measured-{turn}", contracts[turn]), times=TIMES
    )
    g.row("the template's DDL as one string, in a new schema", g.ms(bare), "the floor")
    g.row(
        "a tenant opened: row, schema, role, grants, shipped roles and competencies, domain, audit",
        g.ms(whole),
        "",
    )
    g.row("ratio", f"{whole / bare:.2f}", "≤ 1.5")


if __name__ == "__main__":
    main()
