"""LG-S19: suspended 8 business days after an e-mail without effect.

Lifted when the cause is fully remedied.
"""

from datetime import date

import pytest

from billing.collections.policy.suspension import Notice, is_lifted, suspended_from
from contracts.gateways.holidays import public_holidays

CLAUSE = "LG-S19"
SENT = date(2026, 11, 2)
FRANCE = public_holidays("FR", None, (2026, 2027))
RULE = {"when": "after_notice", "today": date(2026, 12, 1), "business_days": 8, "holidays": FRANCE}


def test_eight_business_days_run_from_the_notice_and_11_november_is_none():
    assert suspended_from(Notice(SENT), cause="unpaid", **RULE) == date(2026, 11, 14)


@pytest.mark.parametrize("notice", [None, Notice(SENT, bounced=True)])
def test_a_notice_that_never_arrived_starts_no_clock(notice):
    assert suspended_from(notice, cause="unpaid", **RULE) is None


@pytest.mark.parametrize("cause", ["serious_breach", "repeated_breach", "danger", "injunction"])
def test_some_causes_stop_access_at_once(cause):
    assert suspended_from(None, cause=cause, **RULE) == date(2026, 12, 1)


def test_a_profile_may_never_suspend_for_what_is_unpaid():
    assert suspended_from(Notice(SENT), cause="unpaid", **(RULE | {"when": "never"})) is None


@pytest.mark.parametrize(
    ("unpaid", "others", "lifted"),
    [
        ([0, 0], 0, True),
        ([0, 1], 0, False),
        ([0], 1, False),
        ([], 0, True),
    ],
)
def test_a_part_payment_lifts_nothing(unpaid, others, lifted):
    assert is_lifted(unpaid, other_causes=others) is lifted


def test_a_cause_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="no such cause"):
        suspended_from(None, cause="mood", **RULE)
