"""Who may do what, as it was read and agreed to: permissions.csv against the urlconfs and the views."""

import difflib

import pytest

from isolation.policy.guards import SCOPES
from people.policy.permissions import CONTACT, IN_A_CIRCLE
from tests.walls.permissions import TABLE, lines, written

IDS = ("student_id", "child_id", "class_id", "group_id", "observation_id", "photo_id", "result_id", "job_id")
HOW = "Look at the difference; when it is meant: script/test tests/walls/test_permissions.py --write-tables"


def test_the_table_of_permissions_is_what_the_code_says(request):
    now = written(lines())
    if request.config.getoption("--write-tables"):
        TABLE.write_text(now)
    was = TABLE.read_text()
    changed = difflib.unified_diff(was.splitlines(), now.splitlines(), "permissions.csv", "the code", n=0)
    assert was == now, f"{HOW}\n" + "\n".join(changed)


def test_every_method_of_every_address_is_ruled():
    assert [line for line in lines() if line.permission == "NOBODY RULED"] == []


@pytest.mark.parametrize("permission", sorted(IN_A_CIRCLE))
def test_a_thing_of_a_circle_is_looked_for_within_somebodys_reach(permission):
    """A view that takes the id of a pupil, a class or what is about them runs one of the marked guards."""
    open_to_all = [
        line
        for line in lines()
        if line.permission == permission and any(f":{name}>" in line.pattern for name in IDS)
        if not set(line.scope.split("+")) & set(SCOPES)
    ]
    assert open_to_all == []


def test_a_buyers_thing_is_looked_for_among_their_own():
    open_to_all = [
        line
        for line in lines()
        if line.permission == CONTACT and "<" in line.pattern and "contact" not in line.scope
    ]
    assert open_to_all == []
