"""LG-U3.1f: in a family a parent's administrator account, with the children's accounts under it and nobody
else's.
"""

import pytest
from django.urls import reverse

from classrooms.models import Student
from classrooms.policy.declaration import OF_A_PARENT, VERSION, NotDeclared, declared, text_in
from isolation.context import inside
from people.policy.grants import missing_permissions, open_now
from people.policy.permissions import IN_A_CIRCLE, KEY_OF_A_CIRCLE
from people.policy.roles import shipped
from tests.clauses.processors import TENANT
from tests.clauses.stage import plain
from tests.walls.conftest import two

__all__ = ["two"]
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


@pytest.mark.story(
    "LG-U3.1f",
    door="page",
    fr="Un parent ajoute un enfant et ouvre son compte, mais pas sans déclarer son autorité ; l’autre foyer "
    "n’en voit rien ; la famille prend un enfant de trop et c’est refusé avec ce qu’il faut faire.",
)
@pytest.mark.django_db
def test_a_parent_opens_a_childs_account_in_their_own_household(two, browse):
    """A parent adds a child and opens its account, but not without declaring their authority; the other
    household sees nothing of it; one child too many is refused with what to do.
    """
    mine, theirs = (browse(two.tenant, each) for each in two.parents)
    new = reverse("classrooms:child_new", urlconf=TENANT)
    child = {"first_name": "Ada", "last_name": "Sorel", "birth_on": "2018-03-02"}
    assert mine.post(new, child).status_code == 302
    with inside(two.tenant):
        ada = Student.objects.get(first_name="Ada")
    card = reverse("classrooms:child_card", args=[ada.pk], urlconf=TENANT)
    assert mine.post(card).status_code == 400
    assert theirs.post(card, {"declares": "on"}).status_code == 404
    with inside(two.tenant):
        assert Student.objects.get(pk=ada.pk).person is None
    assert mine.post(card, {"declares": "on"}).status_code == 200
    with inside(two.tenant):
        opened = Student.objects.get(pk=ada.pk).person
        assert (opened.kind, opened.is_active) == ("student", True)
    assert "Ada" in mine.get("/household/").content.decode()
    assert "Ada" not in theirs.get("/household/").content.decode()
    refused = [mine.post(new, child | {"first_name": f"Enfant {n}"}) for n in range(12)][-1]
    assert refused.status_code == 400
    assert "licence" not in plain(refused.content.decode()).casefold()
