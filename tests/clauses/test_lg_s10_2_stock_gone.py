"""LG-S10.2: a quote reserves nothing; stock gone before acceptance: a new version, to be accepted."""

from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.stock import gone


def test_what_ran_out_is_named_in_the_order_wanted():
    wanted = {"mallette": 3, "cartes": 10, "preau-ecole": 218}
    assert gone(wanted, {"mallette": 2, "cartes": 10, "preau-ecole": None}) == ("mallette",)
    assert gone(wanted, {"mallette": 0, "cartes": 9, "preau-ecole": None}) == ("mallette", "cartes")


def test_the_last_ones_can_be_had():
    assert gone({"mallette": 3}, {"mallette": 3}) == ()


def test_what_is_not_counted_never_runs_out():
    assert gone({"preau-ecole": 10**6, "formation": 4}, {"preau-ecole": None}) == ()


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_a_quote_reserves_nothing(quoted, left, sold_since):
    before = gone({"mallette": quoted}, {"mallette": left})
    after = gone({"mallette": quoted}, {"mallette": max(0, left - sold_since)})
    assert set(before) <= set(after)
