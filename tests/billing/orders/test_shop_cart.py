"""The cart on the public host: what it holds, what it says, what changes in it, and whose it is."""

import re
from datetime import timedelta

import pytest

from agenda.loop import tick
from billing.models import Cart, CartLine, Order
from isolation.context import inside_operator
from tests.billing.carts import (
    FAMILY,
    PORT,
    PRACTICE,
    TEACHER,
    bought,
    fill_shelves,
    only_cart,
    only_order,
    order,
    put,
    shown,
)
from tests.billing.support import rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves(db):
    """What is sold."""
    return fill_shelves()


@pytest.fixture
def visitor(browse, shelves):
    """Somebody on the public site."""
    return browse(None)


def text(answer):
    """Return the words of a page with plain spaces."""
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_a_product_page_says_all_that_must_be_known(visitor):
    page = text(visitor.get(url("shop_product", "famille") + "?for=consumer"))
    for told in ("58,80 €", "TTC", "Tout y est", "12 mois", "14 jours", "navigateur récent", "carte"):
        assert told in page
    page = text(visitor.get(url("shop_product", "cartes") + "?for=professional"))
    assert "14,90 €" in page
    assert "réservé aux consommateurs" in page  # no right of withdrawal


def test_a_product_is_shown_with_the_ways_to_pay_the_cart_offers(visitor, shelves, monkeypatch):
    monkeypatch.setattr("billing.orders.actions.price_cart.is_configured", lambda: True)
    page = text(visitor.get(url("shop_product", "cartes") + "?for=professional"))
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), TEACHER | PORT)
    offered = re.findall(r'name="method" value="(\w+)"', visitor.get(url("shop_review")).content.decode())
    assert "sepa_debit" in offered
    assert "prélèvement" in page


def test_a_households_offer_is_for_households_and_a_schools_for_schools(visitor, shelves):
    assert "58,80 €" in text(
        visitor.get(url("shop_product", "famille") + "?for=professional")
    )  # a consumer's price all the same
    assert "24,00 €" in text(visitor.get(url("shop_product", "cabinet") + "?for=consumer"))
    put(visitor, shelves["cabinet"], 3, client="consumer")
    assert "pas à ce genre de client" in text(visitor.get(url("shop_cart")))
    visitor.post(url("shop_details"), FAMILY)
    assert visitor.get(url("shop_review")).status_code == 302


def test_a_teacher_buys_things_by_transfer(visitor, shelves):
    put(visitor, shelves["cartes"], 2)
    page = text(visitor.get(url("shop_cart")))
    assert "17,88 €" in page
    assert "35,76 €" in page
    assert "7,08 €" in page  # delivery, VAT included, a line of its own
    assert visitor.get(url("shop_review")).status_code == 302  # nobody said who buys
    visitor.post(url("shop_details"), TEACHER | PORT)
    visitor.post(url("shop_review"), {"method": "transfer"})
    review, seen = shown(visitor)
    for told in ("Cartes des sons", "42,84 €", "Morvan", "quai Sud", "rétractation", "17 novembre 2026"):
        assert told in text(review), told
    assert 'name="terms"' in text(review)
    assert "checked" not in text(review).split('name="terms"')[1][:60]
    answer = order(visitor, seen=seen)
    assert answer.status_code == 302
    placed = only_order()
    assert (placed.state, placed.method, placed.gross_cents, placed.version_id) == (
        "waiting",
        "transfer",
        4284,
        None,
    )
    assert placed.steps.cart_confirmed_at <= placed.steps.terms_at
    assert placed.steps.paid_at is None
    page = text(visitor.get(answer["Location"]))
    assert placed.number in page
    assert "IBAN" in page
    with inside_operator():
        assert Order.objects.get().invoices.get().due_on == placed.confirmed_on
        assert placed.delivery_address.lines == ["École du Port", "2 quai Sud", "35400 Saint-Malo"]
        assert Cart.objects.get().details == {}


def test_everything_can_be_changed_in_the_cart_and_nothing_else_is_lost(visitor, shelves):
    put(visitor, shelves["cartes"], 2)
    put(visitor, shelves["affiche"], 1)
    put(visitor, shelves["cartes"], 1)
    with inside_operator():
        lines = {line.product.key: line for line in CartLine.objects.select_related("product")}
    assert (lines["cartes"].quantity, lines["affiche"].quantity) == (3, 1)
    visitor.post(
        url("shop_cart"),
        {f"quantity-{lines['cartes'].pk}": "2", f"quantity-{lines['affiche'].pk}": "4", "remove": ""},
    )
    visitor.post(
        url("shop_cart"),
        {f"quantity-{lines['cartes'].pk}": "pas un nombre", "remove": str(lines["affiche"].pk)},
    )
    assert [
        (line.product.key, line.quantity) for line in rows_of(CartLine.objects.select_related("product"))
    ] == [("cartes", 2)]
    visitor.post(url("shop_cart"), {f"quantity-{lines['cartes'].pk}": "0"})
    assert "panier est vide" in text(visitor.get(url("shop_cart")))


def test_a_term_is_chosen_among_those_offered(visitor, shelves):
    put(visitor, shelves["cabinet"], 3, client="professional", term=24)
    (line,) = rows_of(CartLine.objects)
    assert line.term_months == 24
    assert "48,00 €" in text(visitor.get(url("shop_cart")))  # twice the year, month by month
    visitor.post(url("shop_cart"), {f"quantity-{line.pk}": "3", f"term-{line.pk}": "7"})
    assert rows_of(CartLine.objects)[0].term_months == 12


def test_a_price_is_shown_with_or_without_vat_and_in_the_countrys_currency(visitor, shelves):
    put(visitor, shelves["cartes"], 1, client="professional")
    assert "14,90 €" in text(visitor.get(url("shop_cart")))
    put(visitor, shelves["cartes"], 1, client="consumer", country="CA")
    page = text(visitor.get(url("shop_cart")))
    assert "pas dans ce pays" in page  # no list in Canadian dollars
    assert only_cart().currency == "CAD"


def test_what_is_gone_is_replaced_or_taken_away_before_ordering(visitor, shelves):
    put(visitor, shelves["cartes"], 7)
    page = text(visitor.get(url("shop_cart")))
    assert "il en reste 5" in page
    assert "Affiche des progrès" in page
    visitor.post(url("shop_details"), TEACHER)
    answer = visitor.get(url("shop_review"), follow=True)
    assert answer.redirect_chain[-1][0] == url("shop_cart")
    (line,) = rows_of(CartLine.objects)
    visitor.post(url("shop_cart"), {"swap": f"{line.pk}:{shelves['affiche'].pk}"})
    assert [
        (each.product.key, each.quantity) for each in rows_of(CartLine.objects.select_related("product"))
    ] == [("affiche", 7)]
    put(visitor, shelves["cartes"], 7)
    (other,) = rows_of(CartLine.objects.filter(product=shelves["cartes"]))
    visitor.post(url("shop_cart"), {"fewer": str(other.pk)})
    assert rows_of(CartLine.objects.filter(product=shelves["cartes"]))[0].quantity == 5
    assert shown(visitor)[0].status_code == 200


def test_another_visitor_never_reaches_a_cart(visitor, browse, shelves):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), FAMILY)
    stranger = browse(None)
    assert "panier est vide" in text(stranger.get(url("shop_cart")))
    for page in ("shop_details", "shop_review"):
        assert stranger.get(url(page)).status_code == 302
    (line,) = rows_of(CartLine.objects)
    put(stranger, shelves["affiche"], 1)
    stranger.post(url("shop_cart"), {"remove": str(line.pk), f"quantity-{line.pk}": "3"})
    stranger.post(url("shop_cart"), {"swap": f"{line.pk}:{shelves['affiche'].pk}"})
    assert rows_of(CartLine.objects.filter(pk=line.pk))[0].quantity == 1
    assert "Ferrand" not in text(stranger.get(url("shop_details")))


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(visitor, shelves):
    put(visitor, shelves["cabinet"], 3, client="professional")
    for wrong in (
        {"organisation": ""},
        {"siren": "123"},
        {"siren": ""},
        {"email": "x"},
        {"street": ""},
        {"country": "XX"},
    ):
        answer = visitor.post(url("shop_details"), PRACTICE | {"school": "Cabinet"} | wrong)
        assert answer.status_code == 422, wrong
        assert "Tisserand" in text(answer)
    assert visitor.post(url("shop_details"), PRACTICE | {"school": "Cabinet"}).status_code == 302
    assert "Tisserand" in text(visitor.get(url("shop_details")))  # asked once


def test_a_machine_leaves_nothing(visitor, shelves):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), FAMILY | {"website": "https://spam.example"})
    assert only_cart().details == {}


def test_subscriptions_that_run_differently_are_ordered_apart(visitor, shelves, settings):
    settings.STRIPE_API_KEY = "sk_test_double"
    put(visitor, shelves["famille"], 1)
    put(visitor, shelves["famille-mois"], 1)
    assert "l’un après l’autre" in text(visitor.get(url("shop_cart")))


def test_the_terms_are_ticked_or_nothing_is_ordered(visitor, shelves):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), TEACHER)
    visitor.post(url("shop_review"), {"method": "transfer"})
    answer = order(visitor, terms=False)
    assert answer.status_code == 422
    assert "rien n’est accepté à votre place" in text(answer)
    assert only_cart().reviewed_at
    assert only_cart().terms_at is None
    assert rows_of(Order.objects) == []


def test_an_old_cart_vanishes_with_what_was_typed_in_it(visitor, shelves, now):

    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), FAMILY)
    with inside_operator():
        tick(now + timedelta(days=29))
    assert rows_of(Cart.objects)
    with inside_operator():
        tick(now + timedelta(days=31))
    assert rows_of(Cart.objects) == []


def test_an_order_becomes_the_buyers_own_and_no_other_customers(visitor, browse, shelves):
    answer = bought(visitor, shelves["cartes"], TEACHER, 1, method="transfer")
    assert visitor.get(answer["Location"]).status_code == 200
    assert browse(None).get(answer["Location"]).status_code == 302
    visitor.post(url("portal_sign_out"))
    assert visitor.get(answer["Location"]).status_code == 302
    assert "panier est vide" in text(visitor.get(url("shop_cart")))
