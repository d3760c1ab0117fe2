"""An export holds what who asks may read in the application, and no more."""

import json

import pytest
from django.urls import reverse

from demo.factories.people import person_with
from people.actions.give_role import give_role
from people.models import Role
from tests.dpa.conftest import FIRST, LAST
from tests.dpa.test_exports import ask, built, opened


@pytest.fixture
def clerk(world, now):
    """Return somebody who sees all pupils and may ask for copies, and reads neither records nor results."""
    person = person_with("finance_contact", now=now, email="clerk@ecole.example")
    role = Role.objects.create(
        name="Clerk", permissions=["students.read", "exports.ask"], scope="all", created_at=now
    )
    give_role(person=person, role=role, by=None, now=now)
    return person


def test_who_reads_no_record_takes_none_along(world, clerk, now):
    job = built(ask("student", world.pupil.pk, clerk, now), now)
    with opened(job) as archive:
        data = json.loads(archive.read(f"élèves/{FIRST} {LAST}/record.json"))
        assert (data["observations"], data["results"]) == ([], [])
        assert not [name for name in archive.namelist() if "/photos/" in name]
        assert archive.read("tableaux/résultats.jsonl") == b""
        assert archive.read("tableaux/observations.jsonl") == b""


def test_only_who_decides_on_deletions_takes_the_whole_school_along(world, clerk, browse):
    page = browse(world.tenant, clerk).get(reverse("exports:list"))
    assert page.status_code == 200
    assert b'value="school:"' not in page.content
    assert browse(world.tenant, clerk).post(reverse("exports:ask", args=["school"])).status_code == 404
    assert b'value="school:"' in browse(world.tenant, world.admin).get(reverse("exports:list")).content
