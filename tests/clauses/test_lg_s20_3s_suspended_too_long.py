"""LG-S20.3s: 15 calendar days after the message that says access is suspended, by e-mail, without a new
notice.
"""

from datetime import date

from billing.subscriptions.policy.termination import suspended_may_end_on

CLAUSE = "LG-S20.3s"


def test_fifteen_days_after_the_message_not_after_the_notice():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=False) == date(2026, 11, 18)


def test_at_once_after_an_immediate_suspension():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=True) == date(2026, 11, 2)
