"""MC-11: a promotional price is no list price."""

from datetime import date

import pytest

from billing.policy.prices import Asked, Promo, to_pay

CLAUSE = "MC-11"
AUTUMN = Promo(390, date(2026, 9, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("on", "cents"),
    [
        (date(2026, 8, 31), 490),
        (date(2026, 9, 1), 390),
        (date(2026, 11, 30), 390),
        (date(2026, 12, 1), 490),
    ],
)
def test_a_promotion_lasts_its_time_and_the_list_price_stays(on, cents):
    asked = to_pay(490, [AUTUMN], on=on)
    assert asked == Asked(cents, 490)
    assert asked.is_promotional == (cents < 490)


def test_the_lowest_counts_and_one_above_the_list_is_none():
    higher = Promo(600, AUTUMN.starts_on, AUTUMN.ends_on)
    lower = Promo(380, AUTUMN.starts_on, AUTUMN.ends_on)
    assert to_pay(490, [AUTUMN, higher, lower], on=AUTUMN.starts_on).net_cents == 380
    assert not to_pay(490, [higher], on=AUTUMN.starts_on).is_promotional


def test_a_promotion_is_for_who_is_new_to_the_product():
    assert to_pay(490, [AUTUMN], on=AUTUMN.starts_on, is_new=False) == Asked(490, 490)
