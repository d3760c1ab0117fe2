"""Administrators without a second factor reach no page about others two weeks after their first sign-in."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from demo.factories.people import person_with
from isolation.context import inside
from people.models import Person
from people.policy.permissions import TENANT_KEYS
from people.policy.second_factor import GUARDED, is_needed
from tests.conftest import host_of


@pytest.mark.parametrize(
    ("right", "days", "administrator", "needed"),
    [
        ("people.read", 14, True, True),
        ("people.read", 13, True, False),
        ("people.read", 400, False, False),
        ("record.read", 400, True, False),
        ("privacy.write", 15, True, True),
        ("exports.ask", 15, True, True),
    ],
)
def test_when_it_is_needed(now, right, days, administrator, needed):
    asked = {"first_seen_at": now - timedelta(days=days), "is_administrator": administrator, "now": now}
    assert is_needed(right, **asked) is needed


def test_who_never_signed_in_is_asked_nothing_and_rights_are_known(now):
    assert not is_needed("people.read", first_seen_at=None, is_administrator=True, now=now)
    assert GUARDED <= TENANT_KEYS


@pytest.mark.parametrize("path", ["/people/", "/people/invitations/", "/exports/", "/privacy/"])
def test_an_administrator_without_one_is_led_to_it_after_two_weeks(browse, school, now, path):
    with inside(school):
        head = person_with("administrator", now=now)
        Person.objects.filter(pk=head.pk).update(first_seen_at=now - timedelta(days=13))
    browser = browse(school, head)
    assert browser.get(path).status_code == 200
    with inside(school):
        Person.objects.filter(pk=head.pk).update(first_seen_at=now - timedelta(days=15))
    answer = browser.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/second-factor/totp/activate/")
    assert browser.get("/classes/").status_code == 200
    with inside(school):
        TOTP.activate(Person.objects.get(pk=head.pk), generate_totp_secret())
    assert browser.get(path).status_code == 200


def test_signing_in_notes_the_first_visit_and_the_last(db, school, now, clock):
    with inside(school):
        head = person_with(
            "administrator", now=now, email="tete@tilleuls.example", password="sous le vieux chêne 12"
        )
    for day in range(2):
        clock.move_to(now + timedelta(days=day))
        browser = Client(HTTP_HOST=host_of(school))
        told = {"login": head.email, "password": "sous le vieux chêne 12"}
        assert browser.post("/account/login/", told).status_code == 302
    with inside(school):
        head.refresh_from_db()
    assert head.first_seen_at.date() == now.date()
    assert head.last_seen_at.date() == (now + timedelta(days=1)).date()
