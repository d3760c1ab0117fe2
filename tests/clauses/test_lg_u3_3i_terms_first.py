"""LG-U3.3i: an invited person accepts the terms before anything else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from demo.factories.people import PASSWORD, person_with
from isolation.context import inside
from people.models import Role
from people.policy.invitations import VALID, expires_at, next_step, state
from tests.billing.support import PUBLIC
from tests.clauses.stage import desk, later, mails, read

SENT = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the clocks go forward the next night in Paris


@pytest.mark.parametrize(
    ("terms_accepted", "password_set", "step"),
    [(False, False, "terms"), (False, True, "terms"), (True, False, "password"), (True, True, "enter")],
)
def test_the_terms_come_before_the_password_and_the_password_before_the_door(
    terms_accepted, password_set, step
):
    assert next_step(terms_accepted=terms_accepted, password_set=password_set) == step


def test_a_link_lives_fourteen_times_twenty_four_hours_whatever_the_clocks_do():
    assert expires_at(SENT) - SENT == timedelta(hours=14 * 24) == VALID


@pytest.mark.parametrize(
    ("now", "accepted_at", "cancelled_at", "expected"),
    [
        (SENT, None, None, "open"),
        (SENT + VALID - timedelta(seconds=1), None, None, "open"),
        (SENT + VALID, None, None, "expired"),
        (SENT + VALID, SENT, None, "accepted"),
        (SENT, None, SENT, "cancelled"),
        (SENT + VALID, None, SENT, "cancelled"),
    ],
)
def test_the_state_of_an_invitation(now, accepted_at, cancelled_at, expected):
    found = state(now=now, expires_at=expires_at(SENT), accepted_at=accepted_at, cancelled_at=cancelled_at)
    assert found == expected


@pytest.mark.story(
    "LG-U3.3i",
    door="page",
    fr="Une enseignante est invitée ; les conditions changent avant qu’elle n’ouvre le lien : sans "
    "accepter les nouvelles, son mot de passe ne compte pas et aucune page ne s’ouvre.",
)
def test_terms_that_changed_meanwhile_come_before_the_password(browse, clock, now, school):
    """A teacher is invited; the terms change before she opens the link: without accepting the new ones her
    password doesn't count and no page opens.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        role = Role.objects.get(shipped="teacher")
    asked = {"email": "zoe@ecole.example", "role": str(role.pk), "language": "fr"}
    browse(school, head).post(reverse("people:invite"), asked)
    later(clock, minutes=5)
    path = re.search(r"/invitation/\S+", mails("")[-1].body)[0]
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
    zoe = browse(school)
    assert "Article 1. Nouvelles règles de la cour." in read(zoe.get(path))
    typed = {"first_name": "Zoé", "last_name": "Étienne", "password": PASSWORD}
    zoe.post(path, typed | {"terms_0": "on"})  # two offers, two texts: one of them isn't enough
    assert zoe.get("/").status_code == 302
    assert zoe.post(path, typed | {"terms_0": "on", "terms_1": "on"}).url == "/"
    assert zoe.get("/").status_code == 200
