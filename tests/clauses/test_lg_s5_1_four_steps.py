"""LG-S5.1: an online order is concluded by four steps, in order; by nothing less, whatever happens when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Order
from billing.orders.policy.online_order import (
    CONFIRMATION,
    PAYMENT,
    REVIEW,
    STEPS,
    TERMS,
    OutOfOrder,
    Steps,
    concluded_at,
    next_step,
    take,
)
from tests.billing.carts import TEACHER, only_order, order, put, shown
from tests.billing.online import BAD_CARD
from tests.billing.support import rows_of, url
from tests.clauses.stage import by_card, mails

CONFIRMED = '<li class="is-done">Confirmation envoyée'
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def test_cart_then_terms_then_payment_then_confirmation_conclude():
    steps = Steps()
    for minute, step in enumerate((REVIEW, TERMS, PAYMENT, CONFIRMATION)):
        assert next_step(steps) == step
        assert concluded_at(steps) is None
        steps = take(steps, step, at=at(minute))
    assert next_step(steps) is None
    assert concluded_at(steps) == at(3)
    assert [steps.at(step) for step in STEPS] == [at(0), at(1), at(2), at(3)]


@pytest.mark.parametrize(
    ("taken", "step", "missing"),
    [
        ((), TERMS, REVIEW),
        ((), PAYMENT, REVIEW),
        ((REVIEW,), PAYMENT, TERMS),
        ((REVIEW,), CONFIRMATION, TERMS),
        ((REVIEW, TERMS), CONFIRMATION, PAYMENT),
    ],
)
def test_no_step_goes_before_the_one_that_goes_first(taken, step, missing):
    steps = Steps()
    for minute, each in enumerate(taken):
        steps = take(steps, each, at=at(minute))
    with pytest.raises(OutOfOrder) as refused:
        take(steps, step, at=at(9))
    assert (refused.value.step, refused.value.missing) == (step, missing)


def test_a_step_is_never_earlier_than_the_one_before():
    with pytest.raises(OutOfOrder):
        take(take(Steps(), REVIEW, at=at(5)), TERMS, at=at(4))


def test_a_step_taken_again_keeps_its_first_time():
    steps = take(Steps(), REVIEW, at=at(0))
    assert take(steps, REVIEW, at=at(7)) == steps


def test_there_are_no_other_steps():
    with pytest.raises(ValueError, match="no such step"):
        take(Steps(), "delivery", at=at(0))


@given(events=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 500)), max_size=25))
def test_no_order_of_events_concludes_without_all_four(events):
    steps = Steps()
    asked = set()
    for step, minute in events:
        asked.add(step)
        try:
            steps = take(steps, step, at=at(minute))
        except OutOfOrder:
            continue
    times = [steps.at(step) for step in STEPS]
    known = [each for each in times if each is not None]
    assert known == sorted(known)
    assert None not in times[: len(known)]  # nothing is taken before what goes first
    if concluded_at(steps) is not None:
        assert asked == set(STEPS)
        assert None not in times
        assert concluded_at(steps) == max(known)


@pytest.mark.story(
    "LG-S5.1",
    door="page",
    fr="Sans la case des conditions, rien n’est commandé ; la carte refusée, rien n’est conclu et rien "
    "n’est confirmé ; la seconde carte passe, et la confirmation envoyée conclut la commande, chaque "
    "étape avec son heure.",
)
def test_a_refused_card_concludes_nothing_until_a_second_one_pays(browse, clock, shelves, provider):
    """Without the terms ticked nothing is ordered; the card refused, nothing is concluded or confirmed; a
    second card pays, and the confirmation sent concludes the order, each step with its time.
    """
    shop = browse(None)
    put(shop, shelves["cartes"], 2)
    shop.post(url("shop_details"), TEACHER)
    page, _seen = shown(shop)
    assert "checked" not in page.content.decode().split('name="terms"')[1].split(">")[0]
    assert order(shop, method="card", terms=False).status_code == 422
    assert rows_of(Order.objects) == []
    by_card(provider, order(shop, method="card"), clock, BAD_CARD)
    mine = url("portal_order", only_order().pk)
    assert CONFIRMED not in shop.get(mine).content.decode()
    assert mails("confirmée") == []
    by_card(provider, shop.post(url("portal_order_pay", only_order().pk)), clock)
    assert CONFIRMED in shop.get(mine).content.decode()
    assert len(mails("confirmée")) == 1
    steps = only_order().steps
    assert steps.cart_confirmed_at <= steps.terms_at < steps.paid_at <= steps.confirmed_at
