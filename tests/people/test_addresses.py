"""Where a request comes from, whoever passes it on, and limits that all processes share."""

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import override_settings

from audit.models import Entry, PersonalPart
from config.cache import cache_of
from config.middleware import client_address
from demo.factories.people import person_with
from isolation.context import inside

ELSEWHERE = "198.51.100.7"


@pytest.mark.parametrize(
    ("said", "trusted", "found"),
    [
        ("", 1, None),
        ("203.0.113.9", 0, None),  # nobody is trusted
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),  # what stands before is anybody's word
        ("1.2.3.4, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, None),  # a proxy didn't say
        ("203.0.113.9:55012", 1, "203.0.113.9"),
        ("[2001:db8::1]:443", 1, "2001:db8::1"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("unknown", 1, None),
    ],
)
def test_the_last_trusted_proxys_word_counts(said, trusted, found):
    assert client_address(said, trusted=trusted) == found


def fail(client, address):
    return client.post(
        "/account/login/",
        {"login": "nobody@tilleuls.example", "password": "wrong"},
        headers={"X-Forwarded-For": address},
    )


def noted(school):
    with inside(school):
        entry = Entry.objects.filter(verb="session.refused").latest("seq")
        return PersonalPart.objects.get(entry=entry).part["ip"]


def test_the_trail_notes_the_client_behind_the_proxies(school, browse):
    with override_settings(TRUSTED_PROXIES=1):
        fail(browse(school), f"6.6.6.6, {ELSEWHERE}")
    assert noted(school) == ELSEWHERE


def test_without_a_trusted_proxy_the_header_says_nothing(school, browse):
    fail(browse(school), ELSEWHERE)
    assert noted(school) == "127.0.0.1"


def test_one_address_that_tries_too_often_doesnt_lock_the_others_behind_the_proxy(school, browse, now):
    cache.clear()
    with inside(school):
        person = person_with("teacher", now=now, email="zoe@tilleuls.example")
    with override_settings(TRUSTED_PROXIES=1):
        tried = [fail(browse(school), ELSEWHERE).status_code for _time in range(25)]
        entered = browse(school).post(
            "/account/login/",
            {"login": person.email, "password": "le lac gris du jura gele"},
            headers={"X-Forwarded-For": "203.0.113.20"},
        )
    assert entered.status_code == 302
    assert len(tried) == 25
    cache.clear()


def test_each_installation_shares_its_limits():
    assert cache_of(cache_url="", broker_url="redis://q:6379/0")["LOCATION"] == "redis://q:6379/0"
    assert cache_of(cache_url="valkeys://c/1", broker_url="amqp://q")["LOCATION"] == "rediss://c/1"
    assert cache_of(cache_url="", broker_url="amqp://q")["BACKEND"].endswith("LocMemCache")
    with pytest.raises(ValueError, match="CACHE_URL"):
        cache_of(cache_url="memcached://c", broker_url="")


def errors(cache):
    with override_settings(CACHES={"default": cache}):
        return [found.id for found in run_checks(tags=["security"], include_deployment_checks=True)]


@pytest.mark.django_db
def test_an_installation_whose_processes_count_apart_is_refused():
    assert "people.E001" in errors(cache_of(cache_url="", broker_url="amqp://q"))
    assert "people.E001" not in errors(cache_of(cache_url="redis://c", broker_url="amqp://q"))
