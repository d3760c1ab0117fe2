"""LG-S14.3: a trial is for clients who subscribed online with an online payment method, never a cheque."""

import pytest

from billing.policy.renewal import trial_is_open_to

CLAUSE = "LG-S14.3"


@pytest.mark.parametrize(("online", "method", "open_"), [
    (True, "card", True), (True, "sepa_debit", True), (True, "cheque", False), (True, "transfer", False),
    (False, "card", False),
])  # fmt: skip
def test_who_may_try(online, method, open_):
    assert trial_is_open_to(online=online, method=method) is open_
