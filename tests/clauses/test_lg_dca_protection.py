"""LG-DCa: strong passwords, lock on inactivity, roles and rights set by the client, regular reviews of
access.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from demo.factories.people import person_with
from isolation.context import inside
from people.models import Membership as Held
from people.policy.grants import (
    Membership,
    effective_permissions,
    missing_permissions,
)
from people.policy.lock import is_locked, locks_at
from people.policy.passwords import MIN_LENGTH, password_problems
from people.policy.permissions import COVERS, KEYS_OF, TENANT_KEYS, catalogue, unknown
from people.policy.protection import Protection, protection_gaps, review_due_on
from people.policy.roles import OPERATOR_ROLES, TENANT_ROLES, shipped
from tests.clauses.stage import live, mails, read

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SOUND = Protection(
    password_min_length=MIN_LENGTH, lock_after_minutes=30, administrators=2, started_on=date(2026, 9, 1)
)
KNOWN = {"motdepasse", "azerty", "princesse", "soleil", "password"}.__contains__


def problems(password, *about):
    return password_problems(password, about=about, is_known=KNOWN)


def test_a_place_with_all_measures_has_no_gap():
    assert protection_gaps(SOUND, today=TODAY) == ()


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"password_min_length": 12}, "password"),
        ({"lock_after_minutes": 0}, "lock"),
        ({"lock_after_minutes": 480}, "lock"),
        ({"administrators": 0}, "administrator"),
        ({"started_on": date(2026, 5, 16)}, "review"),
        ({"started_on": date(2025, 1, 1), "reviewed_on": date(2026, 5, 1)}, "review"),
    ],
)
def test_each_missing_measure_is_named(change, gap):
    assert protection_gaps(replace(SOUND, **change), today=TODAY) == (gap,)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 3, 16), date(2026, 9, 16)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_access_is_reviewed_twice_a_year(last, due):
    assert review_due_on(reviewed_on=last, started_on=date(2020, 1, 1)) == due
    assert review_due_on(reviewed_on=None, started_on=last) == due


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Tr0ubadour&3x", ["short"]),
        ("kv7#Mq2!zRw9tYp", []),
        ("kv7#Mq2!zRw9tY", ["short"]),
        ("le lac gris du jura", []),
        ("un ami vu ce été", []),
        ("aaaaaaaaaaaaaaaaaaaa", ["plain"]),
        ("MotDePasseMotDePasse", ["known"]),
        ("motdepasse2026!!", ["known"]),
        ("princessesoleil", ["known"]),
        ("azertyuiopqsdfgh", ["known"]),
        ("012345678901234567", ["known"]),
        ("x" * 300, ["long"]),
    ],
)
def test_passwords(password, expected):
    assert problems(password) == expected


def test_a_password_made_of_its_owners_name_is_refused():
    assert problems("Élodie-Marchand-1984", "elodie.marchand@ecole.example") == ["personal"]
    assert problems("Les bottes vertes d’Élodie séchaient", "Élodie") == []


@given(st.text(alphabet="abcXYZ0189éÉ!?", max_size=MIN_LENGTH - 1))
def test_short_and_not_a_passphrase_is_never_enough(password):
    assert problems(password)


def test_a_session_locks_at_its_last_minute():
    assert locks_at(seen_at=NOW, lock_after_minutes=30) == NOW + timedelta(minutes=30)
    assert not is_locked(seen_at=NOW, lock_after_minutes=30, now=NOW + timedelta(minutes=29, seconds=59))
    assert is_locked(seen_at=NOW, lock_after_minutes=30, now=NOW + timedelta(minutes=30))


def test_nobody_gives_what_they_do_not_have():
    teacher = {"record.read": "circle", "exports.ask": "circle"}
    assert missing_permissions(holds=teacher, wants={"record.read": "circle"}) == frozenset()
    assert missing_permissions(holds=teacher, wants={"record.read": "all"}) == {"record.read"}
    assert missing_permissions(holds=teacher, wants={"roles.write": "circle"}) == {"roles.write"}
    assert missing_permissions(holds={"record.read": "all"}, wants={"family.read": "circle"}) == frozenset()


@pytest.mark.parametrize("area", ["tenant", "operator"])
def test_the_administrator_can_give_every_shipped_role(area):
    roles = shipped(area)
    holds = dict.fromkeys(roles[0].permissions, roles[0].scope)
    for role in roles:
        assert (
            missing_permissions(holds=holds, wants=dict.fromkeys(role.permissions, role.scope)) == frozenset()
        ), role.key
        assert unknown(role.permissions, area=area) == frozenset()
    assert KEYS_OF[area] in roles[0].permissions


rights = st.sets(st.sampled_from(sorted(TENANT_KEYS)))
reaches = st.sampled_from(["all", "circle"])


@given(rights, reaches, rights, reaches)
def test_giving_never_widens_what_the_giver_holds(held, scope, wanted, wanted_reach):
    holds = dict.fromkeys(held, scope)
    wants = dict.fromkeys(wanted, wanted_reach)
    if not missing_permissions(holds=holds, wants=wants):
        covered = {permission for one in held for permission in COVERS.get(one, ())}
        assert wanted <= held | covered
        assert not (scope == "circle" and wanted_reach == "all" and wanted)


def test_periods_are_half_open_and_the_widest_reach_wins():
    memberships = [
        Membership(frozenset({"record.read"}), "circle", date(2026, 1, 1)),
        Membership(frozenset({"record.read"}), "all", date(2026, 1, 1), TODAY),
    ]
    assert effective_permissions(memberships, today=TODAY - timedelta(days=1)) == {"record.read": "all"}
    assert effective_permissions(memberships, today=TODAY) == {"record.read": "circle"}
    assert effective_permissions(memberships, today=date(2025, 12, 31)) == {}


def test_rights_and_roles_are_named_once():
    for area in ("tenant", "operator"):
        keys = [permission.key for permission in catalogue(area)]
        assert len(keys) == len(set(keys))
    names = [role.key for role in (*TENANT_ROLES, *OPERATOR_ROLES)]
    assert len(names) == len(set(names))


@pytest.mark.story(
    "LG-DCa",
    door="page",
    fr="Six mois après l’ouverture la directrice est priée de revoir qui a quels droits ; elle décoche un "
    "enseignant parti : il n’entre plus nulle part, l’avis disparaît, et revient six mois plus tard.",
)
def test_access_is_reviewed_twice_a_year_and_what_is_unticked_ends(browse, clock, school, now):
    """Six months after the opening the head is asked to look through who may do what; she unticks a teacher
    who has gone: he comes in nowhere any more, the notice is gone, and is back six months later.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        gone = person_with("teacher", now=now, email="parti@ecole.example")
        rows = {str(row.person_id): str(row.pk) for row in Held.objects.all()}
    asked = "Il est temps de revoir qui peut faire quoi"
    page = reverse("people:review")
    assert asked not in read(browse(school, head).get(page))
    live(clock, date(2027, 5, 2), date(2027, 5, 3))
    assert [mail.to for mail in mails("qui peut faire quoi")] == [["direction@ecole.example"]]
    live(clock, date(2027, 5, 16))
    assert asked in read(browse(school, head).get(page))
    assert browse(school, gone).get(reverse("classrooms:classes")).status_code == 200
    sent = {"shown": list(rows.values()), "keep": [rows[str(head.pk)]]}
    assert browse(school, head).post(page, sent).status_code == 302
    assert asked not in read(browse(school, head).get(page))
    assert browse(school, gone).get(reverse("classrooms:classes")).status_code != 200
    live(clock, date(2027, 11, 16))
    assert asked in read(browse(school, head).get(page))
