"""What a tenant may write into the agenda, as its table's row policy says it."""

from psycopg import sql

from agenda.registry import kinds_opened_by


def promised_by_tenants() -> sql.Composable:
    """Return the condition on a row a tenant writes: a promise kept inside it, or one about itself."""
    return sql.SQL(
        "((clause, kind) IN ({own}) OR ((clause, kind) IN ({place}) AND subject_id = tenant_id))"
    ).format(own=_pairs(kinds_opened_by("tenant")), place=_pairs(kinds_opened_by("place")))


def _pairs(kinds: list[tuple[str, str]]) -> sql.Composable:
    rows = (sql.SQL("({}, {})").format(sql.Literal(clause), sql.Literal(kind)) for clause, kind in kinds)
    return sql.SQL(", ").join(rows)
