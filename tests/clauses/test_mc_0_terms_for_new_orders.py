"""MC-0: terms change for new orders only, a running subscription keeps its version.

What is signed can't be retracted.
"""

from datetime import date

import pytest

from billing.orders.policy.orders import binds
from contracts.policy.terms import check_in_force, tells_running, version_at_renewal

CLAUSE = "MC-0"
TODAY = date(2026, 11, 16)


def test_they_change_at_any_time_without_notice():
    details = {"published_on": TODAY, "is_substantial": True, "change": "MC-0", "notice_days": 0}
    assert check_in_force(TODAY, **details) == TODAY


@pytest.mark.parametrize(
    ("change", "renews_under"), [("MC-0", "2025"), ("LG-S30", "2026"), ("QZ-6t", "2026")]
)
def test_a_running_subscription_keeps_the_version_it_was_taken_under(change, renews_under):
    assert version_at_renewal(change, taken_under="2025", in_force="2026") == renews_under


def test_one_taken_under_none_takes_what_is_in_force():
    assert version_at_renewal("MC-0", taken_under=None, in_force="2026") == "2026"
    assert version_at_renewal("LG-S30", taken_under="2025", in_force=None) == "2025"


def test_only_those_it_will_bind_are_told():
    assert tells_running("LG-S30", is_substantial=True)
    assert not tells_running("LG-S30", is_substantial=False)
    assert not tells_running("MC-0", is_substantial=True)


def test_what_is_signed_is_the_contract():
    assert binds("signed")
    assert not any(binds(state) for state in ("draft", "sent", "expired", "withdrawn", "superseded"))
