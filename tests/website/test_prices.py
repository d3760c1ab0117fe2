"""Prices as a visitor reads them: by kind of client, country and day."""

from datetime import date

import pytest

from billing.models import Price, PriceList, Product, Promotion
from demo.factories.billing import catalogue
from isolation.context import inside_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(browse, now):
    with inside_operator():
        prices = catalogue()
        prices.delivery_net_cents = 500
        prices.save()
        box = Product.objects.create(
            key="carte",
            name_fr="Carte des sons",
            name_en="Sound map",
            kind="goods",
            methods=["card"],
            stock=0,
            unit_fr="carte",
            unit_en="map",
            features_fr="Affiche A2",
        )
        Price.objects.create(price_list=prices, product=box, net_cents=1500)
    return lambda query="": browse(None).get(f"/prices/{query}", secure=True).content.decode()


def test_professionals_read_prices_without_vat_and_consumers_with(visit):
    for query, training, mention in [("", "680,00", ">HT"), ("?for=consumer", "816,00", ">TTC")]:
        page = visit(query).replace("\u202f", " ").replace("\xa0", " ")
        assert training in page
        assert mention in page
    assert "737,80" in visit("?for=consumer&country=RE")  # 8.5 %
    assert "680,00" in visit("?for=consumer&country=YT")  # none


def test_things_say_when_they_leave_and_what_delivery_costs(visit):
    page = visit("?for=consumer")
    assert "17 novembre 2026" in page
    assert "6,00" in page
    assert "Affiche A2" in page


def test_another_currency_has_a_list_of_its_own_or_none(visit):
    assert "680,00" not in visit("?country=CA")
    with inside_operator():
        cad = PriceList.objects.create(name="Canada", currency="CAD", starts_on=date(2026, 1, 1))
        Price.objects.create(price_list=cad, product=Product.objects.get(key="preau-ecole"), net_cents=777)
    assert "7,77" in visit("?country=CA")


def test_a_promotion_shows_the_list_price_beside_it(visit, now):
    with inside_operator():
        Promotion.objects.create(
            product=Product.objects.get(key="formation-jour"),
            net_cents=60000,
            name_fr="Rentrée",
            name_en="Term",
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 12, 1),
            created_at=now,
        )
    page = visit()
    assert "600,00" in page
    assert "680,00" in page
    assert "30 novembre 2026" in page


def test_what_is_withdrawn_or_unknown_is_not_shown(visit):
    with inside_operator():
        Product.objects.filter(key="formation-jour").update(is_sold=False)
    assert "680,00" not in visit()
    assert "Carte des sons" in visit("?country=ZZ&for=nobody")


def test_a_visitor_puts_in_the_cart_from_the_prices_what_is_for_them(visit):
    professional = visit()
    consumer = visit("?for=consumer")
    assert "/shop/products/preau-ecole/" in professional
    assert "/shop/products/preau-ecole/" not in consumer
    assert professional.count("Mettre au panier") == 5
    assert consumer.count("Mettre au panier") == 1  # the day of training: the map is out of stock
