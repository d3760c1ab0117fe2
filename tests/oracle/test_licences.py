"""Licences used and bought, whatever happens to pupils, lists and contracts."""

from itertools import count

import pytest
from django.urls import set_urlconf

from demo.factories.people import person_with
from isolation.context import inside
from tests.conftest import open_school
from tests.oracle.licences import Bought, BoughtWhileDeleting, Counted, CountedWhileDeleting
from tests.oracle.playing import play

number = count()  # an address leads to one school for as long as the process lives


@pytest.fixture
def scene(db, now, clock, browse, settings, tmp_path):
    """Yield what a machine plays with: a school of three licences, nobody in it yet."""
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    set_urlconf("config.urls_tenant")
    tenant = open_school(f"sorbiers-{next(number)}", "École des Sorbiers", ["school"], licences=3)
    with inside(tenant):
        head = person_with("administrator", now=now, email="direction@sorbiers.example")
        yield {
            "starts_at": now,
            "clock": clock,
            "browse": staticmethod(browse),
            "tenant": tenant,
            "head": head,
        }
    set_urlconf(None)


def machine(kind, scene):
    """Return a machine on this scene."""
    return type(kind.__name__, (kind,), dict(scene))


def test_nobody_is_added_beyond_what_was_bought(scene):
    play(machine(Bought, scene), examples=10)


def test_the_number_used_is_the_same_everywhere(scene):
    play(machine(Counted, scene), examples=4)


def test_undoing_a_deletion_takes_no_licence_that_was_not_bought(scene):
    play(machine(BoughtWhileDeleting, scene), examples=8)


def test_the_number_used_is_the_same_while_deletions_are_asked(scene):
    play(machine(CountedWhileDeleting, scene), examples=4)
