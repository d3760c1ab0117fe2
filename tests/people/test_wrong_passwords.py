"""Wrong passwords lock the account that is tried, from where it is tried: never a whole school."""

import pytest
from django.core.cache import cache
from django.test import Client

from demo.factories.people import person_with
from isolation.context import inside
from tests.conftest import host_of

RIGHT = "sous le vieux chêne 12"
SCHOOL_ADDRESS = "198.51.100.7"


@pytest.fixture
def two(db, school, now):
    cache.clear()
    with inside(school):
        return [
            person_with("teacher", now=now, email=f"maitre{n}@tilleuls.example", password=RIGHT)
            for n in range(2)
        ]


def tried(school, person, password, *, address=SCHOOL_ADDRESS):
    """Return whether a sign-in from an address led in."""
    browser = Client(HTTP_HOST=host_of(school), REMOTE_ADDR=address)
    told = {"login": person.email, "password": password}
    return browser.post("/account/login/", told).status_code == 302


def test_a_pupil_who_types_wrong_passwords_locks_nobody_else_at_school(two, school):
    one, other = two
    for _attempt in range(40):
        assert not tried(school, one, "deviné")
    assert tried(school, other, RIGHT)


def test_who_is_tried_at_school_still_signs_in_from_home(two, school):
    one, _other = two
    for _attempt in range(7):
        assert not tried(school, one, "deviné")
    assert not tried(school, one, RIGHT)
    assert tried(school, one, RIGHT, address="203.0.113.9")


def test_an_account_that_is_tried_from_many_addresses_is_closed_for_a_while(two, school):
    one, other = two
    for number in range(40):
        assert not tried(school, one, "deviné", address=f"203.0.113.{number}")
    assert not tried(school, one, RIGHT, address="203.0.113.200")
    assert tried(school, other, RIGHT, address="203.0.113.200")


def test_signing_in_often_is_no_attack(two, school):
    one, _other = two
    assert all(tried(school, one, RIGHT, address=f"203.0.113.{number}") for number in range(45))
