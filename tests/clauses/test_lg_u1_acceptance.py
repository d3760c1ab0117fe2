"""LG-U1: acceptance is asked on entering an authenticated area; a public page asks nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from demo.factories.people import person_with
from isolation.context import inside
from people.models import Acceptance
from people.policy.acceptance import must_accept, proof
from tests.billing.support import PUBLIC
from tests.clauses.stage import desk, later, read

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


@pytest.mark.story(
    "LG-U1",
    door="page",
    fr="De nouvelles conditions d’utilisation paraissent pendant qu’une enseignante travaille : sa page "
    "suivante les demande, case non cochée, une seule fois ; la version et l’heure sont gardées, et "
    "les pages publiques ne demandent rien.",
)
def test_new_terms_are_asked_at_the_next_page_and_only_once(browse, clock, now, school):
    """New terms of use come out while a teacher works: her next page asks for them, the box unticked, once
    only; version and time are kept, and public pages ask nothing.
    """
    with inside(school):
        teacher = person_with("teacher", now=now, email="maitresse@ecole.example")
    room = browse(school, teacher)
    work = reverse("classrooms:classes")
    assert room.get(work).status_code == 200
    new = {
        "kind": "use",
        "profile": "school",
        "language": "fr",
        "version": "2026-11-16",
        "is_substantial": "no",
    }
    new |= {"in_force_on": "2026-11-16", "text": "Article 1. Nouvelles règles de la cour.", "confirm": "1"}
    page = reverse("tenants:publish_terms", urlconf=PUBLIC)
    assert desk(browse, now, "operator_administrator").post(page, new).status_code == 302
    later(clock, minutes=5)
    asked = room.get(work)
    assert asked.url == "/terms/accept/?next=%2Fclasses%2F"
    shown = room.get(asked.url)
    assert "Article 1. Nouvelles règles de la cour." in read(shown)
    assert "checked" not in shown.content.decode()
    room.post(asked.url, {})
    assert room.get(work).status_code == 302  # unticked, nothing opens
    room.post(asked.url, {"terms_0": "on"})
    assert room.get(work).status_code == 200
    assert room.get(asked.url).url == work  # never asked again
    with inside(school):
        kept = Acceptance.objects.filter(person=teacher).latest("accepted_at")
    assert kept.accepted_at > now
    assert len(kept.proof) == 64
    for public in ("website:home", "website:prices"):
        assert "Nouvelles règles" not in read(browse(None).get(reverse(public, urlconf=PUBLIC)))
