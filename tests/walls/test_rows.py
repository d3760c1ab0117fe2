"""Each row policy of the shared schema in raw SQL: every verb × one's own row, the neighbour's, nobody's, and
from outside any tenant. What is expected of each table is in rows.csv.
"""

import csv
from pathlib import Path
from uuid import uuid4

import pytest

from isolation.policy.names import roles
from tests.walls import rows
from tests.walls.rows import DONE, NOT_GRANTED, NOTHING, PASSED, REFUSED, VERBS

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("rows.csv")
NARROWER = {"agenda_obligation"}  # what a tenant may promise: tests/isolation/test_promised.py
MINE = '({column} = ("right"((CURRENT_USER)::text, 32))::uuid)'  # as PostgreSQL writes it


def declared():
    with TABLE.open() as text:
        return {row["table"]: row for row in csv.DictReader(text)}


TABLES = sorted(declared())


@pytest.fixture
def shared(school, nursery):
    with rows.opened() as found:
        yield found


def outcomes(shared, table, line, school, nursery):
    """Return what comes of each verb on each row as the school, "own/foreign/nobody's"."""
    column = line["column"] or None
    with shared.connection.transaction(force_rollback=True):
        shared.lift_rules(table)
        shared.connection.execute(f"DELETE FROM public.{table}")
        owners = {"own": school.pk, "foreign": nursery.pk}
        if column and column != "id" and shared.nullable(table, column):
            owners["nobody's"] = None
        there = {whose: shared.put(table, column, owner) for whose, owner in owners.items()}
        mine = f"{roles(shared.name).tenant_prefix}{school.pk.hex}"
        found = {}
        for verb in VERBS:
            for whose, owner in owners.items():
                if verb == "insert" and column == "id":
                    shared.connection.execute(f"DELETE FROM public.{table} WHERE id = %s", [there[whose]])
                other = (
                    uuid4() if column in {"id", None} else (nursery.pk if owner == school.pk else school.pk)
                )
                found[verb, whose] = shared.attempt(
                    mine, verb, table, column, row=there[whose], owner=owner, other=other
                )
                if verb == "insert" and column == "id":
                    shared.put(table, column, owner)
        return found


def expected(line, verb, whose):
    """Return what the table promises: a grant says whether at all, the column whose rows."""
    granted = {"give away": "update"}.get(verb, verb) in line["granted"].split()
    if not granted:
        return NOT_GRANTED
    if not line["column"] or whose == "own":
        return REFUSED if verb == "give away" and line["column"] else DONE
    return REFUSED if verb == "insert" else NOTHING


def test_each_table_with_row_security_has_its_line(shared):
    assert sorted({table for table, *_ in shared.policies()}) == TABLES, (
        f"say in {TABLE.name} what is expected"
    )


def test_nothing_is_granted_to_tenants_without_row_security(shared):
    assert shared.granted_without_policy() == []


def test_each_policy_compares_the_tenant_and_nothing_else(shared):
    said = {}
    for table, name, seen, written in shared.policies():
        said.setdefault(table, []).append((name, seen, written))
    for table, line in declared().items():
        mine = f'({line["column"]} = ("right"((CURRENT_USER)::text, 32))::uuid)' if line["column"] else "true"
        [(name, seen, written)] = said[table]
        assert (name, seen) == ("tenant_rows", mine), table
        if table in NARROWER:
            assert written.startswith(f"({mine} AND "), table
        else:
            assert written == mine, table


@pytest.mark.parametrize("table", TABLES)
def test_a_tenant_reaches_its_own_rows_only(shared, school, nursery, table):
    line = declared()[table]
    found = outcomes(shared, table, line, school, nursery)
    assert found == {(verb, whose): expected(line, verb, whose) for verb, whose in found}


@pytest.mark.parametrize("table", TABLES)
def test_its_policies_hold_even_where_everything_is_granted(shared, school, nursery, table):
    """A grant that slips in one day opens no neighbour's row."""
    line = declared()[table]
    with shared.connection.transaction(force_rollback=True):
        shared.open_grants(table)
        found = outcomes(shared, table, line, school, nursery)
    everything = line | {"granted": "read insert update delete"}
    assert found == {(verb, whose): expected(everything, verb, whose) for verb, whose in found}


@pytest.mark.parametrize("table", TABLES)
def test_from_outside_any_tenant_nothing_is_reached(shared, school, table):
    """The application's own login, and the group all tenants are members of without being one."""
    column = declared()[table]["column"] or None
    with shared.connection.transaction(force_rollback=True):
        shared.lift_rules(table)
        shared.connection.execute(f"DELETE FROM public.{table}")
        row = shared.put(table, column, school.pk)
        details = {"row": row, "owner": school.pk, "other": school.pk}
        seen = [shared.attempt(shared.names.app, verb, table, column, **details) for verb in VERBS]
    assert seen == [NOT_GRANTED] * len(VERBS)
    assert PASSED not in seen
