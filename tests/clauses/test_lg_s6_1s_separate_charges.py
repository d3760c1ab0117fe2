"""LG-S6.1s: processing, shipping and delivery are separate lines, shown before final confirmation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.charges import Charge, charges
from billing.catalogue.policy.methods import cheque_fee

FEE = cheque_fee("cheque", rate_pct=Decimal(20))


def test_each_charge_is_a_line_of_its_own():
    assert charges(shipping_cents=990, processing=FEE) == (
        Charge("shipping", 990),
        Charge("cheque_fee", 1500),
    )


def test_nothing_is_said_of_what_is_not_asked():
    assert charges() == ()
    assert charges(shipping_cents=990) == (Charge("shipping", 990),)
    assert charges(processing=FEE) == (Charge("cheque_fee", 1500),)


@given(st.integers(0, 10**7), st.booleans())
def test_no_cent_of_a_charge_is_lost_or_hidden(shipping, by_cheque):
    found = charges(shipping_cents=shipping, processing=FEE if by_cheque else None)
    assert sum(charge.net_cents for charge in found) == shipping + (1500 if by_cheque else 0)
    assert len({charge.kind for charge in found}) == len(found)


def test_shipping_is_never_below_zero():
    with pytest.raises(ValueError, match="below zero"):
        charges(shipping_cents=-1)
