"""Nothing opens before the money is credited."""

from datetime import date

import pytest

from billing.orders.policy.orders import Funds, may_open

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("funds", "opens"),
    [
        (Funds("cheque"), False),
        (Funds("cheque", received_on=TODAY), False),  # received isn't credited
        (Funds("cheque", received_on=TODAY, credited_on=TODAY), True),
        (Funds("cheque", execution_proved_on=TODAY), False),  # proof is for transfers
        (Funds("transfer", received_on=TODAY), False),
        (Funds("transfer", execution_proved_on=TODAY), True),
        (Funds("transfer", execution_proved_on=date(2026, 11, 17)), False),
        (Funds("card", execution_proved_on=TODAY), False),
        (Funds("card", credited_on=TODAY), True),
        (Funds("cheque", received_on=TODAY, credited_on=date(2026, 11, 17)), False),  # credited tomorrow
    ],
)
def test_what_opens(funds, opens):
    assert may_open(funds, today=TODAY) is opens


def test_only_specific_terms_signed_with_the_client_open_earlier():
    assert may_open(Funds("cheque"), today=TODAY, specific_terms_signed=True)
