"""LG-S10.1: gone while in the cart, the client chooses.

Gone after, an equivalent with their word only, or a refund.
"""

from dataclasses import replace
from datetime import date

import pytest

from billing.catalogue.policy.shelves import (
    OutOfStock,
    after_validation,
    answer_by,
    check_stock,
    substitute_price,
)
from billing.fulfilment.policy.delivery import refund_when_unavailable
from billing.models import CartLine, Order
from billing.returns.policy.withdrawal import Bought, withdrawn_cents
from tests.billing.carts import FAMILY, TEACHER, bought, only_order, order, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import by_card, desk, live, mails, read

CLAUSE = "LG-S10.1"


def test_what_is_there_can_be_validated_to_the_last_one():
    left = {"box": 3, "school": None}
    check_stock({"box": 3, "school": 400}, left)
    with pytest.raises(OutOfStock):
        check_stock({"box": 4, "school": 400}, left)


@pytest.mark.parametrize(
    ("left", "choices"), [(0, ("equivalent", "remove")), (2, ("equivalent", "fewer", "remove"))]
)
def test_the_client_chooses_before_validating(left, choices):
    with pytest.raises(OutOfStock) as out:
        check_stock({"box": 3, "map": 1}, {"box": left, "map": 1})
    (short,) = out.value.shortages
    assert (short.product, short.wanted, short.left, short.choices) == ("box", 3, left, choices)


@pytest.mark.parametrize(("word", "then"), [(None, "ask"), (True, "equivalent"), (False, "refund")])
def test_after_validating_only_their_express_word_counts(word, then):
    assert after_validation(client_agrees=word) == then


def test_all_is_refunded_within_thirty_days():
    assert refund_when_unavailable(date(2026, 11, 16)) == date(2026, 12, 16)


def test_an_answer_is_awaited_for_a_week_so_that_the_refund_is_there_in_time():
    assert answer_by(date(2026, 11, 16)) == date(2026, 11, 23) < refund_when_unavailable(date(2026, 11, 16))


@pytest.mark.parametrize(("listed", "asked"), [(890, 890), (1500, 1500), (4000, 1500)])
def test_an_equivalent_never_costs_more_than_what_was_agreed(listed, asked):
    assert substitute_price(paid_cents=1500, listed_cents=listed) == asked


def test_a_cheaper_one_lowers_the_price_and_a_withdrawal_gives_back_the_rest():
    line = Bought(1, "product", 3, 4500, is_goods=True, lowered_cents=1220)
    fee = Bought(2, "shipping", 1, 590)
    assert withdrawn_cents([line, fee]) == {1: 1220}
    assert withdrawn_cents([replace(line, withdrawn=1), fee]) == {1: 1220 + 1093}
    assert withdrawn_cents([replace(line, withdrawn=3), fee]) == {1: 4500, 2: 590}


@pytest.mark.story(
    "LG-S10.1",
    door="page",
    fr="Pendant qu’une famille lit son récapitulatif, une autre prend quatre des cinq jeux : elle ne "
    "peut en valider deux, choisit l’affiche proposée à la place, et c’est elle qu’elle commande.",
)
def test_gone_from_the_cart_the_client_chooses_the_equivalent_before_validating(browse, shelves):
    """While a family reads its review, another takes four of the five decks: it can't validate two, chooses
    the poster offered instead, and orders that.
    """
    family, other = browse(None), browse(None)
    put(family, shelves["cartes"], 2)
    family.post(url("shop_details"), FAMILY)
    family.post(url("shop_review"), {"method": "transfer"})
    seen = shown(family)[1]
    assert bought(other, shelves["cartes"], TEACHER, 4, method="transfer").status_code == 302
    assert order(family, seen=seen).url == url("shop_cart")
    assert len(rows_of(Order.objects)) == 1
    cart = read(family.get(url("shop_cart")))
    assert "il en reste 1" in cart
    assert "Affiche des progrès" in cart
    line = next(row for row in rows_of(CartLine.objects.filter(quantity=2)))
    family.post(url("shop_cart"), {"swap": f"{line.pk}:{shelves['affiche'].pk}"})
    answer = order(family)
    assert answer.status_code == 302
    assert "Affiche des progrès 2" in read(family.get(answer.url))


@pytest.mark.story(
    "LG-S10.1",
    door="page",
    fr="Un jeu payé s’avère introuvable, une affiche est proposée : sans réponse de la famille au bout "
    "d’une semaine, le silence ne vaut pas accord et ses 24,96 € lui sont rendus, bien avant les "
    "trente jours.",
)
def test_gone_after_the_order_silence_is_no_agreement_and_all_is_paid_back(
    browse, clock, now, shelves, provider
):
    """A deck that was paid can't be had, a poster is offered: with no answer from the family after a week,
    silence is no agreement and its 24.96 EUR are paid back, well within the thirty days.
    """
    shop = browse(None)
    by_card(provider, bought(shop, shelves["cartes"], TEACHER, 1, method="card"), clock)
    placed = only_order()
    typed = {"line": "1", "quantity": "1", "on": "2026-11-16", "substitute": str(shelves["affiche"].pk)}
    assert desk(browse, now).post(url("unavailable_confirm", placed.pk), typed).status_code == 302
    live(clock, date(2026, 11, 17))
    (asked,) = mails("votre réponse est attendue")
    assert "Affiche des progrès" in asked.body
    live(clock, date(2026, 11, 23))
    assert [row for row in provider.book.rows.values() if row["object"] == "refund"] == []
    live(clock, date(2026, 11, 24), date(2026, 11, 25))
    back = [row["amount"] for row in provider.book.rows.values() if row["object"] == "refund"]
    assert back == [2496]  # 14.90 and the delivery 5.90, + 20 %
    assert len(mails("ne peut pas être livré est remboursé")) == 1
