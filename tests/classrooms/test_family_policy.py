"""What reaches families, and how a family stands: pure rules."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.family import NO_GUARDIAN, Family, family_state
from classrooms.policy.levels import cycle_of
from classrooms.policy.sharing import (
    FamiliesSeeNothing,
    NothingToShare,
    ready_to_share,
    shows_progress,
    widest,
)
from classrooms.policy.waiting import rows_kept_until

EARLY = datetime(2026, 11, 1, tzinfo=UTC)
LATE = datetime(2026, 11, 9, tzinfo=UTC)
SIGHTS = ["nothing", "shared", "all"]


@pytest.mark.parametrize(
    ("family", "state"),
    [
        (NO_GUARDIAN, "nobody"),
        (Family(guardians=1), "not_invited"),
        (Family(guardians=2, invited=1), "invited"),
        (Family(guardians=2, invited=2, joined=1), "silent"),
        (Family(2, 2, 1, last_shared_at=LATE), "behind"),
        (Family(2, 2, 1, last_shared_at=LATE, last_read_at=EARLY), "behind"),
        (Family(2, 2, 1, last_shared_at=LATE, last_read_at=LATE), "reads"),
    ],
)
def test_a_family_in_one_word(family, state):
    assert family_state(family) == state


@given(st.lists(st.sampled_from(SIGHTS), max_size=4))
def test_several_contracts_give_the_widest_sight(sights):
    found = widest(sights)
    assert found in {"nothing", *sights}
    assert all(SIGHTS.index(sight) <= SIGHTS.index(found) for sight in sights)


@pytest.mark.parametrize(
    ("sight", "is_shared", "is_seen"),
    [
        ("nothing", False, False),
        ("nothing", True, False),
        ("shared", False, False),
        ("shared", True, True),
        ("all", False, True),
    ],
)
def test_a_curve_is_seen_where_something_is(sight, is_shared, is_seen):
    assert shows_progress(sight, is_shared=is_shared) is is_seen


@given(st.sampled_from(SIGHTS), st.sampled_from(["", "  ", "Bravo"]), st.integers(0, 2), st.integers(0, 2))
def test_only_something_about_somebody_is_shared_where_families_see(sight, text, photos, students):
    ready = sight != "nothing" and students and (text.strip() or photos)
    if ready:
        ready_to_share(sight=sight, text=text, photos=photos, students=students)
    else:
        with pytest.raises(FamiliesSeeNothing if sight == "nothing" else NothingToShare):
            ready_to_share(sight=sight, text=text, photos=photos, students=students)


@pytest.mark.parametrize(
    ("texts", "cycle"),
    [
        (("CE1",), 2),
        (("", "CM1-CM2 – Mme Aubry"), 3),
        (("", "Petits PS/MS"), 1),
        (("6e",), 3),
        (("", "Les Écureuils"), None),
    ],
)
def test_the_cycle_of_a_class(texts, cycle):
    assert cycle_of(*texts) == cycle


def test_an_upload_waits_a_week():
    assert rows_kept_until(EARLY).date() == date(2026, 11, 8)
