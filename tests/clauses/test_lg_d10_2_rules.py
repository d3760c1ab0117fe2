"""LG-D10.2: the figures of articles 33 and 34 on the rules themselves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpa.policy.breaches import (
    Act,
    Delivery,
    NotDecided,
    NothingToSay,
    OnlyADrill,
    Owed,
    Table,
    authority_clock,
    check_telling_people,
    controller_knows_at,
    figures_of_account,
    figures_of_categories,
    notice_clock,
    owed_next,
)

KNOWN = datetime(2026, 11, 13, 17, 0, tzinfo=UTC)  # a Friday evening
HOUR = timedelta(hours=1)
WHO, OTHER, LEA, TOM = (UUID(int=n) for n in range(1, 5))


def test_a_notice_is_due_24_hours_after_the_breach_is_known():
    clock = notice_clock(known_at=KNOWN, owed_from=KNOWN - HOUR)
    assert (clock.alarm_at - KNOWN, clock.due_at - KNOWN) == (18 * HOUR, 24 * HOUR)


def test_who_is_found_later_has_24_hours_from_then():
    assert notice_clock(known_at=KNOWN, owed_from=KNOWN + 50 * HOUR).due_at == KNOWN + 74 * HOUR


def test_72_hours_run_over_the_week_end_to_the_minute():
    clock = authority_clock(known_at=KNOWN)
    assert clock.due_at == datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
    assert (clock.hours_left(KNOWN), clock.hours_left(KNOWN + 90 * HOUR)) == (72, 0)
    assert not clock.is_late(clock.due_at)
    assert clock.is_late(clock.due_at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("deliveries", "seen_at", "known_at"),
    [
        ([], None, None),
        ([Delivery(None, False)], None, None),  # written, not sent
        ([Delivery(KNOWN, True)], None, None),  # came back
        ([Delivery(KNOWN, True), Delivery(KNOWN + 2 * HOUR, False)], None, KNOWN + 2 * HOUR),
        ([Delivery(KNOWN + 2 * HOUR, False)], KNOWN + HOUR, KNOWN + HOUR),  # seen before the mail left
        ([Delivery(KNOWN, True)], KNOWN + HOUR, KNOWN + HOUR),
    ],
)
def test_a_controller_knows_once_a_notice_was_sent_or_seen(deliveries, seen_at, known_at):
    assert controller_knows_at(deliveries=deliveries, seen_at=seen_at) == known_at


def test_what_changed_since_the_last_notice_is_owed():
    assert owed_next(told=None, current={"n": 1}) is Owed.FIRST
    assert owed_next(told={"n": 1}, current={"n": 1}) is Owed.NOTHING
    assert owed_next(told={"n": 1}, current={"n": 2}) is Owed.FOLLOWING


TABLES = [
    Table("classrooms.Student", "identification", ("student",), 24),
    Table("classrooms.Guardian", "contact", ("guardian",), 30),
    Table("learning.Result", "learning", ("student",), 0),
]
PEOPLE = {"student": 24, "guardian": 30, "teacher": 3}


def test_the_tables_of_the_categories_say_who_and_how_many():
    found = figures_of_categories(categories={"identification", "learning"}, tables=TABLES, people=PEOPLE)
    assert found.people == {"student": 24}
    assert found.records == {"classrooms.Student": 24}


@given(wider=st.sets(st.sampled_from(["identification", "contact", "learning"])))
def test_a_wider_scope_never_counts_fewer(wider):
    narrow = figures_of_categories(categories={"contact"}, tables=TABLES, people=PEOPLE)
    wide = figures_of_categories(categories={"contact", *wider}, tables=TABLES, people=PEOPLE)
    assert all(wide.people[kind] >= count for kind, count in narrow.people.items())
    assert all(wide.records[label] >= count for label, count in narrow.records.items())


def test_an_accounts_acts_between_two_instants_count_each_person_once():
    def act(actor, at, subject, *about):
        return Act(actor, at, "classrooms.student", subject, about)

    acts = [
        act(WHO, KNOWN, LEA, LEA),
        act(WHO, KNOWN + HOUR, LEA, LEA, TOM),
        act(WHO, KNOWN + 2 * HOUR, TOM),  # at the end, which is out
        act(OTHER, KNOWN, TOM),
    ]
    kinds = {LEA: "student", TOM: "student"}
    found = figures_of_account(account=WHO, since=KNOWN, until=KNOWN + 2 * HOUR, acts=acts, kinds=kinds)
    assert found.people == {"student": 2}
    assert found.records == {"classrooms.student": 1}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OnlyADrill, {"is_decided": True, "is_drill": True, "texts": {"fr": "x"}}),
        (NotDecided, {"is_decided": False, "is_drill": False, "texts": {"fr": "x"}}),
        (NothingToSay, {"is_decided": True, "is_drill": False, "texts": {"fr": "x", "en": " "}}),
    ],
)
def test_people_are_written_to_only_on_their_controllers_word(error, told):
    with pytest.raises(error):
        check_telling_people(**told)


def test_decided_with_words_they_may_be_written_to():
    check_telling_people(is_decided=True, is_drill=False, texts={"fr": "x", "en": "y"})
