"""LG-U3.3i: an invited person accepts the terms before anything else."""

from datetime import UTC, datetime, timedelta

import pytest

from people.policy.invitations import VALID, expires_at, next_step, state

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
