"""MC-4: one unpaid invoice suspends, until fully remedied."""

from datetime import date

from billing.collections.policy.suspension import is_lifted, suspended_from

CLAUSE = "MC-4"
TODAY = date(2026, 12, 1)


def test_one_unpaid_invoice_is_enough_and_waits_for_no_notice():
    rule = {"when": "at_once", "today": TODAY, "business_days": 0, "holidays": frozenset()}
    assert suspended_from(None, cause="unpaid", **rule) == TODAY
    assert suspended_from(None, cause="breach", **rule) == TODAY


def test_only_full_payment_lifts_it():
    assert not is_lifted([1])
    assert is_lifted([0])
