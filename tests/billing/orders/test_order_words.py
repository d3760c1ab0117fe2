"""What is so about an order and a subscription, from all that stands: one word each."""

import pytest

from billing.orders.policy.states import order_state
from billing.subscriptions.policy.state import subscription_state


def test_an_order_that_was_credited_is_asked_of_nobody():
    kept = {"is_held": True, "is_cancellable": True, "is_written_off": True, "is_credited": True}
    assert order_state("waiting", **kept) == "credited"
    assert order_state("open", **kept | {"is_cancellable": False}) == "credited"


@pytest.mark.parametrize(
    ("state", "word"), [("waiting", "withdrawn"), ("open", "withdrawn"), ("cancelled", "cancelled")]
)
def test_an_order_of_which_nothing_is_kept_is_withdrawn_from(state, word):
    told = {"is_held": False, "is_cancellable": False, "is_written_off": False}
    assert order_state(state, **told, is_withdrawn=True) == word


@pytest.mark.parametrize(
    ("state", "held", "cancellable", "written_off", "word"),
    [
        ("waiting", False, False, False, "waiting"),
        ("waiting", False, True, False, "cancellable"),
        ("waiting", True, True, False, "held"),
        ("funded", True, False, False, "held"),
        ("waiting", True, True, True, "written_off"),  # asked of nobody any more
        ("open", True, False, True, "open"),  # what opened is open, whoever paid
        ("cancelled", True, False, False, "cancelled"),
    ],
)
def test_an_orders_word(state, held, cancellable, written_off, word):
    found = order_state(state, is_held=held, is_cancellable=cancellable, is_written_off=written_off)
    assert found == word


@pytest.mark.parametrize(
    ("ended", "suspended", "trial", "trial_ended", "credited", "word"),
    [
        (False, False, False, False, False, "running"),
        (False, False, False, False, True, "credited"),
        (False, False, True, False, False, "trial"),
        (False, False, True, True, False, "trial_ended"),
        (False, True, False, False, True, "suspended"),
        (False, True, True, False, False, "suspended"),
        (True, True, False, False, True, "ended"),  # what ended is suspended no more
        (True, False, True, True, False, "ended"),
    ],
)
def test_a_subscriptions_word(ended, suspended, trial, trial_ended, credited, word):
    trying = {"in_trial": trial, "trial_ended": trial_ended}
    assert word == subscription_state(is_ended=ended, is_suspended=suspended, is_credited=credited, **trying)
