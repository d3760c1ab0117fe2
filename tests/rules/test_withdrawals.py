"""Whatever is withdrawn from in whatever order, all that was asked goes back in the end and never more on the
way.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.policy.credit import LineRemaining, credit_over_order, still_to_credit
from billing.returns.policy.pieces import pieces_claimed, pieces_gone, spread_reduction
from billing.returns.policy.withdrawal import (
    Bought,
    CreditedSoFar,
    check_withdrawn_lines,
    still_to_give_back,
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


STEPS = st.lists(
    st.tuples(st.sampled_from(["hand", "withdrawal", "claim"]), st.integers(0, 4), st.integers(1, 90_000)),
    max_size=8,
)


class Sale:
    """What was sold: what came back of it, what is left of each line, what was credited for it."""

    def __init__(self, lines):
        self.lines = lines
        self.sold = {row.position: row for row in lines if row.kind == "product"}
        self.left = {row.position: row.net_cents for row in lines}
        self.own = dict.fromkeys(self.left, 0)
        self.back = dict.fromkeys(self.sold, 0)

    def rest(self):
        return [
            LineRemaining(at, "20", cents, is_discounted=at in self.sold) for at, cents in self.left.items()
        ]

    def credit(self, amounts, *, is_own):
        if sum(amounts.values()) <= 0:
            return
        for position, cents in credit_over_order(amounts, self.rest(), {}).amounts.items():
            self.left[position] -= cents
            self.own[position] += cents if is_own else 0
        for row in self.lines:
            cents = self.left[row.position]
            assert 0 <= cents <= row.net_cents or row.net_cents <= cents <= 0

    def reduce(self, position, cents):
        most = sum(still_to_credit({position: cents}, self.rest(), {}).values())
        self.credit({position: max(0, most)}, is_own=False)

    def take_back(self, count, positions):
        room = {at: self.sold[at].quantity - self.back[at] for at in positions}
        for position, part in pieces_claimed(count, room).items():
            self.back[position] += part
        rows = [replace(row, withdrawn=self.back.get(row.position, 0)) for row in self.lines]
        so_far = CreditedSoFar(self.rest(), {}, self.own, {})
        self.credit(still_to_give_back(rows, so_far), is_own=True)


@given(PRICES, st.integers(0, 90), st.integers(0, 2000), STEPS)
def test_in_whatever_order_nothing_goes_back_beyond_its_price_and_in_the_end_all_of_it(
    sold, discount, delivery, steps
):
    sale = Sale(lines_of(sold, discount=discount, delivery=delivery, fee=0))
    for kind, at, much in steps:
        position = at % len(sold) + 1
        if kind == "hand":
            sale.reduce(position, much)
        else:
            sale.take_back(much % 40 + 1, sale.sold if kind == "claim" else [position])
    sale.take_back(sum(row.quantity for row in sale.sold.values()), sale.sold)
    assert sum(sale.left.values()) == 0


def test_of_a_reduced_price_each_thing_is_worth_its_part():
    row = Bought(1, "product", 3, 4470, "20", is_goods=True, withdrawn=1)
    for by_hand, worth in ((0, 1490), (500, 1323), (1490, 993), (4470, 0)):
        so_far = CreditedSoFar([LineRemaining(1, "20", 4470 - by_hand)], {}, {}, {})
        assert sum(still_to_give_back([row], so_far).values()) == worth


def test_what_down_payments_gave_is_not_given_twice():
    rows = [Bought(1, "product", 2, 1000, "20", withdrawn=1)]
    lines = [LineRemaining(1, "20", 1000), LineRemaining(2, "20", -400, deducts=True)]
    for given_cents, worth in ((300, 200), (0, 350)):  # for this cause, or a reduction of the price
        so_far = CreditedSoFar(lines, {"20": 100}, {}, {"20": given_cents})
        assert still_to_give_back(rows, so_far) == {1: worth}


def test_more_than_there_is_cant_be_withdrawn():
    for wanted in ({}, {1: 0}, {1: 3}, {2: 1}):
        try:
            check_withdrawn_lines([Bought(1, "product", 2, 100)], wanted)
        except ValueError:
            continue
        raise AssertionError(wanted)


@given(st.lists(st.integers(1, 9), max_size=6), st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_claims_take_no_piece_twice_nor_one_that_is_not_there(claims, rooms):
    room = dict(enumerate(rooms, 1))
    found = pieces_gone(claims, room)
    assert all(0 < count <= room[position] for position, count in found.items())
    assert sum(found.values()) == min(sum(claims), sum(rooms))


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=4), st.integers(0, 100))
def test_a_reduction_is_spread_over_lines_and_takes_no_more_of_one_than_it_is_worth(worths, pct):
    worth = dict(enumerate(worths, 1))
    cents = sum(worths) * pct // 100
    found = spread_reduction(cents, worth | {9: -5})
    assert sum(found.values()) == cents
    assert all(part <= worth[position] for position, part in found.items())
