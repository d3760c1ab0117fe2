"""LG-U4: carried out where the user may, a request to the controller elsewhere.

A parent takes nobody along.
"""

import pytest

from dpa.policy.asking import How, Promise, Ruling, others_account, own_account

SCHOOL = Promise(
    who="controller", takes_children=False, subjects=frozenset({"administrator", "teacher", "student"})
)
NURSERY = Promise(
    who="user", takes_children=False, subjects=frozenset({"administrator", "teacher", "student", "guardian"})
)
FAMILY = Promise(
    who="user", takes_children=True, subjects=frozenset({"administrator", "guardian", "student"})
)


@pytest.mark.parametrize("kind", ["administrator", "teacher", "student"])
def test_in_a_school_it_becomes_a_request_to_the_controller(kind):
    ruling = own_account(kind=kind, administers=kind == "administrator", promises=[SCHOOL])
    assert ruling == Ruling(How.REQUEST, takes_children=False)


def test_a_nursery_parent_deletes_their_own_account_and_never_the_childs_record():
    assert own_account(kind="guardian", administers=False, promises=[NURSERY]) == Ruling(
        How.CARRIED_OUT, False
    )


def test_a_family_administrator_deletes_the_childrens_accounts_too():
    assert own_account(kind="guardian", administers=True, promises=[FAMILY]) == Ruling(How.CARRIED_OUT, True)


def test_the_second_parent_of_a_family_deletes_their_own_only():
    assert own_account(kind="guardian", administers=False, promises=[FAMILY]) == Ruling(
        How.CARRIED_OUT, False
    )


def test_a_school_with_a_nursery_record_lets_parents_delete_and_asks_for_teachers():
    assert own_account(kind="guardian", administers=False, promises=[SCHOOL, NURSERY]).how is How.CARRIED_OUT
    assert own_account(kind="teacher", administers=False, promises=[SCHOOL, NURSERY]).how is How.REQUEST


def test_nothing_is_carried_out_on_no_promise():
    assert own_account(kind="guardian", administers=False, promises=[]).how is How.REQUEST


def test_someone_elses_data_goes_on_the_controllers_word_only():
    assert others_account(rights={"students.read", "erasures.write"})
    assert not others_account(rights={"students.read", "students.write"})
