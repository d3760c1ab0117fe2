"""LG-S14.2f: a fixed term ends by itself; it renews only by express agreement."""

from datetime import date

from billing.subscriptions.policy.renewal import renews_by_itself

CLAUSE = "LG-S14.2f"


def test_a_fixed_term_never_renews_by_itself():
    assert not renews_by_itself("fixed", terminated_on=None, ends_on=date(2027, 11, 19))
