"""What a token looks like and how long it opens anything; no database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from people.policy.tokens import PREFIX, digest_of, ends_on, new_secret, opens, secret_in

TODAY = date(2026, 11, 16)
FINE = {"today": TODAY, "expires_on": TODAY + timedelta(days=1), "revoked_at": None, "is_active": True}


def test_a_secret_holds_256_random_bits_and_is_never_the_same():
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(secret) for secret in secrets} == {len(PREFIX) + 43}


def test_what_is_stored_of_it_doesnt_contain_it():
    secret = new_secret()
    assert len(digest_of(secret)) == 64
    assert secret not in digest_of(secret)
    assert digest_of(secret) != digest_of(new_secret())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"expires_on": TODAY}, False),
        ({"today": ends_on(TODAY, 30), "expires_on": ends_on(TODAY, 30)}, False),
        ({"today": ends_on(TODAY, 29), "expires_on": ends_on(TODAY, 30)}, True),
        ({"revoked_at": datetime(2026, 11, 15, tzinfo=UTC)}, False),
        ({"is_active": False}, False),
    ],
)
def test_how_long_it_opens_anything(changed, expected):
    assert opens(**(FINE | changed)) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer preau_abc", "preau_abc"),
        ("bearer   preau_abc ", "preau_abc"),
        ("Basic preau_abc", ""),
        ("Bearer abc", ""),
        ("Bearer", ""),
        ("", ""),
        ("Bearer preau_" + "a" * 500, ""),
    ],
)
def test_what_a_header_holds(header, expected):
    assert secret_in(header) == expected
