"""LG-S20.2: automatic renewal stops by the button or an e-mail, at the next due date, by the time of
receipt.
"""

from datetime import date

import pytest

from billing.subscriptions.policy.endings import ends_by_word_on

CLAUSE = "LG-S20.2"
ENDS = date(2027, 9, 1)


@pytest.mark.parametrize(
    ("received", "effective"),
    [
        (date(2026, 12, 1), ENDS),
        (date(2027, 8, 31), ENDS),
        (ENDS, None),
    ],
)
def test_received_before_the_renewal_it_stops_it(received, effective):
    assert ends_by_word_on("automatic", received_on=received, ends_on=ENDS) == effective
