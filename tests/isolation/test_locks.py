"""What is said of the locks our acts take is no less than what they take."""

import pytest
from django.db import connection

from isolation import checks
from isolation.context import inside_operator
from isolation.gateways.locks import read_locks
from isolation.policy.locks import Locks
from isolation.policy.names import tenant_schema
from tests import database

pytestmark = pytest.mark.django_db
HELD = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"


def locks_of(statements):
    """Return how many locks a superuser's transaction holds after these statements; it is taken back."""
    with database.connect(connection.settings_dict["NAME"]) as server:
        server.autocommit = False
        for statement in statements:
            server.execute(statement)
        held = server.execute(HELD).fetchone()[0]
        server.rollback()
    return held


def test_destroying_a_tenant_takes_no_more_than_is_said(school):
    said = read_locks()
    held = locks_of([f'DROP SCHEMA "{tenant_schema(school.pk)}" CASCADE'])
    assert 100 < held <= said.at_once


def test_a_backup_takes_no_more_than_is_said(school):
    with inside_operator(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = [row[0] for row in cursor.fetchall()]
    held = locks_of([f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE"])
    assert len(tables) < held <= read_locks().at_once


@pytest.mark.parametrize(("setting", "found"), [(64, 1), (4096, 0)])
def test_the_check_says_which_value_suffices(monkeypatch, setting, found):
    monkeypatch.setattr(checks, "read_locks", lambda: Locks(24_000, 900, 300, setting, 100))
    said = checks.locks_have_room(None)
    assert len(said) == found
    if found:
        assert "300 tenants" in said[0].msg
        assert "max_locks_per_transaction = 384" in said[0].hint
