"""Sharing money out: nothing is lost, nothing is given twice, and the order of hearing changes nothing."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.policy.allocation import (
    AvailablePayment,
    allocate_to_invoice,
    allocation_changes,
    unallocated_cents,
)

CLAIMS = st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=6)


def _claims(rows):
    return [AvailablePayment(str(n), cents, arrived) for n, (cents, arrived) in enumerate(rows)]


@given(asked=st.integers(0, 8000), rows=CLAIMS)
def test_an_invoice_takes_all_that_was_sent_up_to_what_it_asks(asked, rows):
    found = allocate_to_invoice(asked, _claims(rows))
    assert sum(found.values()) == min(asked, sum(cents for cents, _ in rows))
    assert all(0 < cents <= rows[int(key)][0] for key, cents in found.items())


@given(asked=st.integers(0, 8000), rows=CLAIMS)
def test_money_that_arrived_pays_before_a_cheque_that_waits(asked, rows):
    found = allocate_to_invoice(asked, _claims(rows))
    arrived = sum(found.get(str(n), 0) for n, (_, there) in enumerate(rows) if there)
    assert arrived == min(asked, sum(cents for cents, there in rows if there))


@given(asked=st.integers(0, 8000), rows=st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=4))
def test_the_order_of_hearing_changes_neither_what_is_paid_nor_what_is_left(asked, rows):
    paid = {
        (sum(found.values()), sum(cents for key, cents in found.items() if rows[int(key)][1]))
        for order in permutations(_claims(rows))
        for found in [allocate_to_invoice(asked, order)]
    }
    assert len(paid) == 1


@given(
    now=st.dictionaries(st.sampled_from("abcd"), st.integers(1, 90)),
    wanted=st.dictionaries(st.sampled_from("abcd"), st.integers(1, 90)),
)
def test_changes_lead_from_one_sharing_to_the_other_and_touch_nothing_that_stays(now, wanted):
    ended, begun = allocation_changes(now, wanted)
    after = {key: cents for key, cents in now.items() if key not in ended} | {
        each.key: each.cents for each in begun
    }
    assert after == wanted
    assert not ended & {key for key, cents in now.items() if wanted.get(key) == cents}


@given(brought=st.integers(1, 9000), allocated=st.integers(0, 9000), refunded=st.integers(0, 9000))
def test_refunds_and_allocations_never_exceed_what_came(brought, allocated, refunded):
    if allocated + refunded > brought:
        with pytest.raises(ValueError, match="more was used"):
            unallocated_cents(brought=brought, allocated=allocated, refunded=refunded)
    else:
        assert (
            unallocated_cents(brought=brought, allocated=allocated, refunded=refunded)
            == brought - allocated - refunded
        )


def test_nothing_is_negative():
    with pytest.raises(ValueError, match="negative"):
        allocate_to_invoice(-1, [])
    with pytest.raises(ValueError, match="negative"):
        allocate_to_invoice(1, [AvailablePayment("a", -1, True)])
