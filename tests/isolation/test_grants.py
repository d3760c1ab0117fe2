"""Grants are said again while people are served: what they may do is never away in between."""

import pytest
from django.conf import settings
from django.db import connections

from isolation.gateways.grants import apply_grants

pytestmark = pytest.mark.django_db(databases=["default", "migrator"])


def test_what_is_taken_from_a_table_comes_back_in_the_same_step():
    connection = connections["migrator"]
    outside = len(connection.savepoint_ids)
    steps: dict[str, set[str]] = {}

    def note(execute, sql, params, many, context):
        said = sql.as_string(connection.connection) if hasattr(sql, "as_string") else str(sql)
        words = said.split()
        if " ON " in said and "FUNCTION" not in words and words[0] in {"REVOKE", "GRANT", "DROP", "CREATE"}:
            assert len(connection.savepoint_ids) > outside, said
            steps.setdefault(words[words.index("ON") + 1], set()).add(connection.savepoint_ids[-1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        apply_grants(app_role=settings.DATABASE_APP_ROLE)
    assert steps
