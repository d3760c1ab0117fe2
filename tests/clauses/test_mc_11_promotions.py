"""MC-11: a promotional price is no list price."""

from datetime import date

import pytest

from billing.catalogue.policy.prices import Promo, QuotedPrice, to_pay
from billing.models import PriceList, Product, Subscription
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, _offer, bought, fill_shelves, only_order
from tests.billing.support import url
from tests.clauses.stage import desk, live, paid, read, visitor

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
    assert asked == QuotedPrice(cents, 490)
    assert asked.is_promotional == (cents < 490)


def test_the_lowest_counts_and_one_above_the_list_is_none():
    higher = Promo(600, AUTUMN.starts_on, AUTUMN.ends_on)
    lower = Promo(380, AUTUMN.starts_on, AUTUMN.ends_on)
    assert to_pay(490, [AUTUMN, higher, lower], on=AUTUMN.starts_on).net_cents == 380
    assert not to_pay(490, [higher], on=AUTUMN.starts_on).is_promotional


def test_a_promotion_is_for_who_is_new_to_the_product():
    assert to_pay(490, [AUTUMN], on=AUTUMN.starts_on, is_new=False) == QuotedPrice(490, 490)


@pytest.mark.story(
    "MC-11",
    door="page",
    fr="Un campus s’abonne à 15 € pendant une promotion sur un tarif de 19 € ; une autre promotion "
    "court le jour de son renouvellement, et il renouvelle pourtant à 19 €, prix du tarif, qui lui a "
    "été annoncé.",
)
def test_a_promotion_ends_with_the_first_period_even_if_another_one_runs_then(browse, clock, now):
    """A campus subscribes at 15 EUR during a promotion on a list price of 19; another promotion runs on the
    day it renews, and it renews at 19 all the same, the list price it was told.
    """
    fill_shelves()
    with inside_operator():
        sold = {"methods": ["transfer"], "renewal": "automatic"}
        _offer(PriceList.objects.get(), "campus", "Préau Campus en ligne", "campus", 1900, **sold)
        campus = Product.objects.get(key="campus")
    form = {"name_fr": "Rentrée", "name_en": "Autumn", "currency": "EUR", "net": "15"}
    form |= {"starts_on": "2026-11-16", "last_day": "2026-11-30"}
    promote(desk(browse, now), campus, form)
    answer = bought(browse(None), campus, PRACTICE, 10, method="transfer", school="Campus du Port")
    assert answer.url.startswith("/portal/")
    paid(only_order(), now)
    with inside_operator():
        found = Subscription.objects.select_related("contact__customer").get()
    page = url("portal_subscription", found.pk)
    assert "Prix unitaire HT 15,00 €" in read(visitor(browse, found.contact).get(page))
    live(clock, date(2027, 10, 1))
    promote(desk(browse, now), campus, form | {"starts_on": "2027-10-01", "last_day": "2027-12-31"})
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    after = read(visitor(browse, found.contact).get(page))
    assert "Prix unitaire HT 19,00 €" in after
    assert "annoncé le 17 octobre 2027 19,00 €" in after


def promote(finance, product, form):
    """Run a promotion from the product's page in the console."""
    typed = {f"promotion-{key}": value for key, value in form.items()}
    assert finance.post(url("product_promotion", product.pk), typed).status_code == 302
