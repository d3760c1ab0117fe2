"""Whatever is withdrawn from in whatever order, all that was asked goes back in the end and never more on the
way.
"""

from hypothesis import given
from hypothesis import strategies as st

from billing.returns.policy.withdrawal import (
    Bought,
    check_withdrawn_lines,
    not_given_twice,
    to_credit,
    withdrawn_cents,
)

PRICES = st.lists(
    st.tuples(st.integers(1, 40), st.integers(1, 90_000), st.booleans()), min_size=1, max_size=5
)


def lines_of(sold, *, discount, delivery, fee):
    rows = [
        Bought(n, "product", count, count * cents, "20", goods)
        for n, (count, cents, goods) in enumerate(sold, 1)
    ]
    whole = sum(row.net_cents for row in rows)
    more = [("discount", -(whole * discount // 100)), ("shipping", delivery), ("cheque_fee", fee)]
    return rows + [
        Bought(n, kind, 1, cents, "20") for n, (kind, cents) in enumerate(more, len(rows) + 1) if cents
    ]


def taken(lines, counts):
    return [
        Bought(
            row.position,
            row.kind,
            row.quantity,
            row.net_cents,
            row.tax,
            row.is_goods,
            min(counts[row.position % len(counts)], row.quantity) if row.kind == "product" else 0,
        )
        for row in lines
    ]


@given(PRICES, st.integers(0, 90), st.integers(0, 2000), st.integers(0, 1500))
def test_all_of_it_gives_all_back(sold, discount, delivery, fee):
    lines = lines_of(sold, discount=discount, delivery=delivery, fee=fee)
    whole = withdrawn_cents(taken(lines, [40]))
    assert whole == {row.position: row.net_cents for row in lines if row.net_cents}


@given(PRICES, st.integers(0, 90), st.integers(0, 2000), st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_a_part_gives_back_between_nothing_and_all_and_every_line_within_itself(
    sold, discount, delivery, counts
):
    lines = lines_of(sold, discount=discount, delivery=delivery, fee=1500)
    back = withdrawn_cents(taken(lines, counts))
    for row in lines:
        cents = back.get(row.position, 0)
        assert 0 <= cents <= row.net_cents or row.net_cents <= cents <= 0
    assert 0 <= sum(back.values()) <= sum(row.net_cents for row in lines)


@given(PRICES, st.integers(0, 90), st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_step_by_step_it_comes_to_the_same(sold, discount, counts):
    lines = lines_of(sold, discount=discount, delivery=590, fee=0)
    left = {row.position: row.net_cents for row in lines}
    given_back: dict[int, int] = {}
    for step in (taken(lines, counts), taken(lines, [40])):
        note = to_credit(withdrawn_cents(step), credited=given_back, left=left)
        for position, cents in note.items():
            given_back[position] = given_back.get(position, 0) + cents
            left[position] -= cents
    assert not any(left.values())


def test_what_down_payments_gave_alone_is_not_given_twice():
    taxes = {1: "20", 2: "20", 3: "5"}
    assert not_given_twice({1: 100, 2: 50, 3: 10}, taxes=taxes, given={"20": 120}) == {2: 30, 3: 10}
    assert not_given_twice({1: 100, 2: -10}, taxes=taxes, given={}) == {1: 100, 2: -10}


def test_more_than_there_is_cant_be_withdrawn():
    for wanted in ({}, {1: 0}, {1: 3}, {2: 1}):
        try:
            check_withdrawn_lines([Bought(1, "product", 2, 100)], wanted)
        except ValueError:
            continue
        raise AssertionError(wanted)
