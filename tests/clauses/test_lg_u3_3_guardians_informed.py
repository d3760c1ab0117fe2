"""LG-U3.3: a child's account can't be activated before guardians were informed beforehand, on record."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.guardian_information import (
    SUBJECTS,
    GuardiansNotInformed,
    InformationNotice,
    NoticeIncomplete,
    complete,
    informed_since,
)

TODAY = date(2026, 11, 16)


def test_the_first_complete_notice_counts_of_the_child_or_of_the_class():
    notices = [
        InformationNotice(date(2026, 9, 7), SUBJECTS),
        InformationNotice(date(2026, 9, 1), frozenset({"purpose"})),
        InformationNotice(TODAY, SUBJECTS),
    ]
    assert informed_since(notices, today=TODAY) == date(2026, 9, 7)


@pytest.mark.parametrize(
    "notices",
    [
        [],
        [InformationNotice(TODAY + timedelta(days=1), SUBJECTS)],
        [InformationNotice(date(2026, 9, 1), frozenset({"purpose", "access"}))],
    ],
)
def test_no_account_without_a_complete_notice_already_given(notices):
    with pytest.raises(GuardiansNotInformed):
        informed_since(notices, today=TODAY)


def test_a_notice_covers_at_least_purpose_access_and_categories():
    assert complete({"purpose", "access", "categories", "rights"}) >= SUBJECTS
    with pytest.raises(NoticeIncomplete, match="access, categories"):
        complete({"purpose"})


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
covers = st.frozensets(st.sampled_from(["purpose", "access", "categories", "rights"]))


@given(st.lists(st.builds(InformationNotice, days, covers), max_size=6), days)
def test_the_day_found_is_never_later_than_today_nor_without_a_notice(notices, today):
    try:
        since = informed_since(notices, today=today)
    except GuardiansNotInformed:
        assert not [n for n in notices if n.informed_on <= today and n.covers >= SUBJECTS]
    else:
        assert since <= today
        assert any(n.informed_on == since for n in notices)
