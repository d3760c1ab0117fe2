"""LG-U3.1f: in a family a parent's administrator account, with the children's accounts under it and nobody
else's.
"""

import pytest

from classrooms.policy.declaration import OF_A_PARENT, VERSION, NotDeclared, declared, text_in
from people.policy.grants import missing_permissions, open_now
from people.policy.permissions import IN_A_CIRCLE, KEY_OF_A_CIRCLE
from people.policy.roles import shipped

ROLES = {role.key: role for role in shipped("tenant", with_circles=True)}
PARENT = dict.fromkeys(ROLES["parent"].permissions, ROLES["parent"].scope)


def test_a_parents_rights_reach_their_own_household_and_no_other():
    assert ROLES["parent"].scope == "circle"
    assert ROLES["parent"].permissions <= IN_A_CIRCLE
    assert KEY_OF_A_CIRCLE in ROLES["parent"].permissions


def test_only_where_households_live_is_there_such_a_role():
    assert "parent" not in {role.key for role in shipped("tenant")}


def test_a_parent_opens_the_childrens_accounts_and_gives_no_wider_role():
    child = ROLES["student"]
    teacher = ROLES["teacher"]
    assert (
        missing_permissions(holds=PARENT, wants=dict.fromkeys(child.permissions, child.scope)) == frozenset()
    )
    assert missing_permissions(holds=PARENT, wants=dict.fromkeys(teacher.permissions, teacher.scope))
    assert missing_permissions(holds=PARENT, wants=PARENT) == frozenset()


def test_they_declare_parental_authority_not_a_schools():
    assert declared(OF_A_PARENT, in_a_family=True) == OF_A_PARENT
    assert "autorité parentale" in text_in("fr", version=OF_A_PARENT)
    for version, in_a_family in ((VERSION, True), (OF_A_PARENT, False), ("", True)):
        with pytest.raises(NotDeclared):
            declared(version, in_a_family=in_a_family)


def test_once_the_subscription_has_ended_the_parent_alone_comes_in():
    left = frozenset({"family.read", "exports.ask"})
    child = dict.fromkeys(ROLES["student"].permissions, "circle")
    details = {"still_open": left, "key_right": KEY_OF_A_CIRCLE, "scope": "circle"}
    assert set(open_now(PARENT, **details)) == left
    assert open_now(child, **details) == {}
