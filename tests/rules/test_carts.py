"""What stands together in a cart, by the thousand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.policy.cart import Item, Term, TermsDiffer, common_term, offered_methods, trial_days

WAYS = ("card", "sepa_debit", "transfer", "cheque")
things = st.just(Item(False))
offers = st.builds(
    Item,
    st.just(True),
    st.sampled_from([1, 12, 24]),
    st.sampled_from(["fixed", "automatic"]),
    st.sampled_from([0, 14, 30]),
    st.sampled_from(["family", "practice"]),
)
carts = st.lists(st.one_of(things, offers), max_size=6)
allowed = st.sets(st.sampled_from(WAYS))


@given(items=carts)
def test_subscriptions_run_together_or_are_ordered_apart(items):
    ways = {Term(item.term_months, item.renewal, item.offer) for item in items if item.is_subscription}
    if len(ways) > 1:
        with pytest.raises(TermsDiffer):
            common_term(items)
    else:
        assert common_term(items) == (ways.pop() if ways else Term())


@given(items=carts, method=st.sampled_from(WAYS))
def test_nothing_that_ships_or_is_paid_by_hand_is_tried(items, method):
    days = trial_days(items, method=method)
    if days:
        assert method in {"card", "sepa_debit"}
        assert all(item.is_subscription and item.trial_days >= days for item in items)
    if method in {"transfer", "cheque"} or not items:
        assert days == 0


@given(
    found=allowed,
    items=carts,
    consumer=st.booleans(),
    online=st.booleans(),
    currency=st.sampled_from(["EUR", "CAD"]),
)
def test_only_what_all_products_allow_is_offered(found, items, consumer, online, currency):
    offered = offered_methods(found, items, consumer=consumer, can_pay_online=online, currency=currency)
    assert set(offered) <= found | ({"sepa_debit"} if "card" in found else set())
    if not online:
        assert not {"card", "sepa_debit"} & set(offered)
    if currency != "EUR":
        assert "sepa_debit" not in offered
    if consumer and trial_days(items, method="card"):
        assert set(offered) <= {"card", "sepa_debit"}
