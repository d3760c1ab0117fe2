"""What is remembered of removals, and what a file's lines meet of it, decided without a database."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.guardians import Child, GuardianRow
from classrooms.policy.matching import Known
from classrooms.policy.onde import StudentRow
from classrooms.policy.plan import plan_import
from classrooms.policy.removals import Digester, Memory, folded_keys, forget_removal_on, reason_of

BORN = date(2018, 2, 3)
DAY = date(2026, 3, 2)
TENANT = UUID(int=7)
DIGESTER = Digester(b"k" * 32, TENANT)
ELAN = folded_keys("Béraud", "", "Élan", BORN)
ADULT = "lise@famille.example"


def row(line=2, last="Béraud", first="Élan", birth_on=BORN, **more) -> StudentRow:
    return StudentRow(line, last, first, birth_on, **more)


def adult(*children, line=2, email=ADULT) -> GuardianRow:
    return GuardianRow(line, email, tuple(Child("Béraud", "", one, "") for one in children or ("Élan",)))


def memory(*digests, reason="school", day=DAY) -> Memory:
    return Memory({digest: (reason, day) for digest in digests}, DIGESTER)


@pytest.mark.parametrize(
    ("day", "forgotten"),
    [
        (date(2026, 3, 2), date(2026, 10, 2)),
        (date(2026, 7, 31), date(2027, 2, 28)),  # a month without that day ends on its last
        (date(2027, 7, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 7, 1)),
    ],
)
def test_seven_calendar_months(day, forgotten):
    assert forget_removal_on(day) == forgotten


@given(st.dates(max_value=date(9000, 1, 1)))
def test_never_less_than_six_months_nor_more_than_eight(day):
    assert timedelta(days=211) <= forget_removal_on(day) - day <= timedelta(days=215)


@pytest.mark.parametrize(
    ("origin", "wished", "reason"),
    [
        ("user", True, "request"),
        ("user", False, "request"),  # a family's, for its child
        ("controller", True, "request"),
        ("controller", False, "school"),
        ("retention", False, "retention"),
    ],
)
def test_why(origin, wished, reason):
    assert reason_of(origin, is_own_wish=wished) == reason


def test_digests_are_alike_however_a_name_is_spelled_and_tell_nothing_without_the_key():
    spelled = folded_keys("BERAUD", "", "elan", BORN)
    assert DIGESTER.of_student(ELAN) == DIGESTER.of_student(spelled)
    assert DIGESTER.of_guardian(" Lise@Famille.example") == DIGESTER.of_guardian(ADULT)
    assert Digester(b"o" * 32, TENANT).of_student(ELAN) != DIGESTER.of_student(ELAN)
    assert Digester(DIGESTER.key, uuid4()).of_student(ELAN) != DIGESTER.of_student(ELAN)
    assert all(len(one) == 64 for one in DIGESTER.of_student(ELAN))


def test_an_erased_pupil_is_asked_about_and_left_out_with_their_guardians():
    knows = memory(*DIGESTER.of_student(ELAN))
    plan = plan_import([row(), row(3, first="Zoé")], [], guardians=[adult("Élan", "Zoé")], memory=knows)
    assert [(one.row.line, one.email, one.removed.reason, one.removed.removed_on) for one in plan.asked] == [
        (2, "", "school", DAY)
    ]
    assert [(new.row.line, new.emails) for new in plan.created] == [(3, {ADULT})]
    assert not plan.refused
    assert plan.adding == 1


def test_who_is_chosen_comes_back_and_stays_on_the_list_as_such():
    knows = memory(*DIGESTER.of_student(ELAN))
    plan = plan_import([row()], [], guardians=[adult()], memory=knows, back=[(2, "")])
    assert [(new.row.line, new.emails) for new in plan.created] == [(2, {ADULT})]
    assert [one.is_back for one in plan.asked] == [True]
    assert not plan.left_out


def test_a_used_name_is_remembered_too():
    knows = memory(*DIGESTER.of_student(folded_keys("Béraud", "Roux", "Élan", BORN)))
    assert plan_import([row(last="Roux")], [], memory=knows).left_out
    assert not plan_import([row(last="Roux", birth_on=BORN + timedelta(days=1))], [], memory=knows).asked


@pytest.mark.parametrize("digests", [DIGESTER.of_link(ADULT, ELAN), {DIGESTER.of_guardian(ADULT)}])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_removed_guardian_is_asked_about(digests, is_known):
    pupils = [Known(uuid4(), "Béraud", "Élan", BORN)] if is_known else []
    plan = plan_import([row()], pupils, guardians=[adult()], memory=memory(*digests))
    assert [(one.row.line, one.email) for one in plan.left_out] == [(2, ADULT)]
    assert [one.emails for one in (*plan.created, *plan.unchanged)] == [frozenset()]
    back = plan_import([row()], pupils, guardians=[adult()], memory=memory(*digests), back=[(2, ADULT)])
    assert [one.emails for one in (*back.created, *back.changed)] == [{ADULT}]
    assert back.fingerprint() != plan.fingerprint()


def test_a_link_removed_from_one_child_says_nothing_of_another():
    knows = memory(*DIGESTER.of_link(ADULT, ELAN))
    plan = plan_import([row(first="Zoé")], [], guardians=[adult("Zoé")], memory=knows)
    assert not plan.asked


def test_who_is_there_again_is_not_asked_about():
    pupils = [Known(uuid4(), "Béraud", "Élan", BORN, emails=frozenset({ADULT}))]
    knows = memory(*DIGESTER.of_student(ELAN), DIGESTER.of_guardian(ADULT))
    assert not plan_import([row()], pupils, guardians=[adult()], memory=knows).asked


def test_of_several_removals_the_newest_is_told():
    rows = {digest: ("school", DAY) for digest in DIGESTER.of_link(ADULT, ELAN)}
    knows = Memory(rows | {DIGESTER.of_guardian(ADULT): ("request", DAY + timedelta(days=1))}, DIGESTER)
    removed = knows.guardian(ADULT, ELAN)
    assert removed is not None
    assert (removed.reason, len(removed.digests)) == ("request", 2)
