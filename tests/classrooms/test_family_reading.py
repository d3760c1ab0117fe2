"""What a family may read of its child's record, by what the contract lets guardians see."""

import pytest

from classrooms.queries.family import observations_for_family, progress_seen
from demo.factories.classrooms import ObservationFactory, StudentFactory
from isolation.context import inside


@pytest.fixture
def child(db, school):
    with inside(school):
        return StudentFactory()


@pytest.mark.parametrize(
    ("state", "sight", "is_seen"),
    [
        ("draft", "nothing", False),
        ("draft", "shared", False),
        ("draft", "all", False),
        ("kept", "nothing", False),
        ("kept", "shared", False),
        ("kept", "all", True),
        ("shared", "nothing", False),
        ("shared", "shared", True),
        ("shared", "all", True),
    ],
)
def test_a_draft_is_never_read_and_the_rest_as_the_contract_says(school, child, state, sight, is_seen):
    with inside(school):
        ObservationFactory(state=state, of=[child])
        assert observations_for_family([child.pk], sight=sight).exists() is is_seen
        assert progress_seen(child.pk, sight=sight) is (is_seen or sight == "all")
