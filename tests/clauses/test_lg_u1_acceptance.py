"""LG-U1: acceptance is asked on entering an authenticated area; a public page asks nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.policy.acceptance import must_accept, proof

USE = uuid4()
SALE = uuid4()
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_a_first_entry_asks_for_every_version_in_force():
    assert must_accept(in_force={USE, SALE}, accepted=()) == {USE, SALE}


def test_what_was_accepted_is_not_asked_again():
    assert must_accept(in_force={USE}, accepted={USE}) == frozenset()


def test_a_new_version_is_asked_even_of_those_who_accepted_the_last():
    newer = uuid4()
    assert must_accept(in_force={newer}, accepted={USE}) == {newer}


def test_a_public_page_asks_nothing():
    assert must_accept(in_force={USE, SALE}, accepted=(), is_public=True) == frozenset()


@given(st.sets(st.uuids()), st.sets(st.uuids()))
def test_accepting_what_is_asked_ends_the_asking(in_force, accepted):
    asked = must_accept(in_force=in_force, accepted=accepted)
    assert must_accept(in_force=in_force, accepted=accepted | asked) == frozenset()
    assert asked <= in_force


@pytest.mark.parametrize("changed", ["person_id", "terms_id", "text", "at"])
def test_the_proof_changes_with_any_of_what_it_proves(changed):
    said = {"person_id": uuid4(), "terms_id": USE, "text": "Article 1", "at": AT}
    other = said | {
        changed: {"person_id": uuid4(), "terms_id": SALE, "text": "Article 2", "at": AT.replace(hour=10)}[
            changed
        ]
    }
    assert proof(**said) == proof(**said)
    assert proof(**said) != proof(**other)
