"""What the tests of the shop share: things on the shelves, offers on sale, and somebody who fills in its
pages.
"""

import re
from datetime import date

from django.core.cache import cache

from billing.models import Cart, Order, Price, PriceList, Product, Requirements
from demo.factories.billing import catalogue
from isolation.context import inside_operator
from tests.billing.support import url
from tests.conftest import NOW

ONLINE = ["card", "sepa_debit"]
FAMILY = {
    "customer_type": "consumer",
    "first_name": "Nadia",
    "last_name": "Ferrand",
    "email": "nadia@ferrand.example",
    "street": "5 rue des Lilas",
    "postcode": "35000",
    "city": "Rennes",
    "country": "FR",
    "organisation": "",
    "siren": "",
    "vat_number": "",
    "job_title": "",
    "website": "",
}
TEACHER = FAMILY | {"first_name": "Luc", "last_name": "Morvan", "email": "luc@morvan.example"}
PORT = {
    "delivery_name": "École du Port",
    "delivery_street": "2 quai Sud",
    "delivery_postcode": "35400",
    "delivery_city": "Saint-Malo",
    "delivery_country": "FR",
}
PRACTICE = FAMILY | {
    "customer_type": "professional",
    "organisation": "Cabinet Tisserand",
    "siren": "213599905",
    "job_title": "gérante",
    "first_name": "Anne",
    "last_name": "Tisserand",
    "email": "anne@tisserand.example",
}


def fill_shelves():
    """Return the list in euros with things and offers a visitor may order, by key; made once."""
    cache.clear()  # nobody ordered from this network yet
    with inside_operator():
        prices = catalogue()
        prices.delivery_net_cents = 590
        prices.free_delivery_from_cents = 10_000
        prices.save()
        _thing(prices, "cartes", "Cartes des sons", 1490, stock=5, abnormal_quantity=20)
        _thing(prices, "affiche", "Affiche des progrès", 890, stock=9)
        _offer(
            prices,
            "famille",
            "Préau Famille",
            "family",
            4900,
            methods=ONLINE,
            renewal="automatic",
            trial_days=14,
        )
        _offer(
            prices,
            "famille-mois",
            "Préau Famille, un mois",
            "family",
            500,
            methods=ONLINE,
            term_months=1,
            renewal="automatic",
        )
        _offer(
            prices,
            "cabinet",
            "Préau Cabinet",
            "practice",
            2400,
            methods=["card", "transfer", "cheque"],
            terms=[24],
            cheque_minimum=3,
        )
        return {product.key: product for product in Product.objects.all()}


def _thing(prices, key, name, cents, **more):
    thing = Product.objects.create(
        key=key,
        name_fr=name,
        name_en=name,
        kind="goods",
        methods=["card", "transfer", "cheque"],
        unit_fr="pièce",
        unit_en="piece",
        features_fr=f"{name}, imprimées",
        **more,
    )
    Price.objects.create(price_list=prices, product=thing, net_cents=cents)


def _offer(prices, key, name, profile, cents, **more):
    offer = Product.objects.create(
        key=key, name_fr=name, name_en=name, profile=profile, features_fr="Tout y est", **more
    )
    Price.objects.create(price_list=prices, product=offer, net_cents=cents)
    Requirements.objects.create(
        product=offer,
        version=1,
        text_fr="Un navigateur récent",
        text_en="A recent browser",
        published_on=date(2026, 1, 1),
        in_force_on=date(2026, 1, 1),
        created_at=NOW,
    )


def dear(key, cents):
    """Change what something costs from today on."""
    with inside_operator():
        Price.objects.filter(product__key=key, price_list=PriceList.objects.get(currency="EUR")).update(
            net_cents=cents
        )


def put(browser, product, quantity=1, **more):
    """Put something in the cart."""
    return browser.post(
        url("shop_add"), {"product": str(product.pk), "quantity": quantity, "client": "consumer"} | more
    )


def shown(client):
    """Return the review page, and the hash of what it shows."""
    page = client.get(url("shop_review"))
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())
    return page, found[1] if found else ""


def order(client, *, method=None, terms=True, seen=None):
    """Choose how to pay, read the review, tick the terms and order."""
    if method:
        client.post(url("shop_review"), {"method": method})
    typed = {"seen": seen or shown(client)[1]} | ({"terms": "on"} if terms else {})
    return client.post(url("shop_review"), typed)


def bought(client, product, who, quantity=1, *, method=None, **more):
    """Return the answer to an order, from the product to the button."""
    put(client, product, quantity, client=who["customer_type"])
    client.post(url("shop_details"), who | more)
    return order(client, method=method)


def only_order():
    """Return the only order there is, read with its steps."""
    with inside_operator():
        found = Order.objects.select_related("steps", "customer", "contact").get()
        return found


def only_cart():
    """Return the only cart there is."""
    with inside_operator():
        return Cart.objects.get()
