"""LG-S22, LG-S9: what a claim took before a withdrawal is asked for once, and what replaces it stays here."""

from datetime import date

import pytest

from billing.models import Delivery, Invoice, Product, Refund, Return
from billing.returns.policy.pieces import spread_over_lines, withdrawn_of_claims
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, read, visitor
from tests.clauses.test_lg_s9_guarantees import claimed, ended_by, two_lines
from tests.clauses.test_lg_s22_withdrawal import cards_in_hand, receive

CLAUSE = "LG-S22"
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("count", "kept", "claims", "found"),
    [
        (3, 3, [1], [1]),  # all of it: one came back and its replacement hasn't left
        (2, 3, [1], [0]),  # the two they hold
        (3, 3, [2], [2]),
        (2, 3, [2], [1]),
        (3, 3, [1, 1], [1, 1]),
        (3, 3, [], []),
    ],
)
def test_what_the_client_holds_comes_back_first(count, kept, claims, found):
    assert withdrawn_of_claims(count, kept=kept, claims=claims) == found


def stock():
    """Return how many sets of cards are on the shelf."""
    with inside_operator():
        return Product.objects.get(key="cartes").stock


def withdraw(browse, placed, count, day):
    """Withdraw by the portal from so many sets of cards."""
    said = {"line_1": str(count), "confirm": "1"}
    answer = visitor(browse, placed.contact).post(url("portal_withdraw", placed.pk), said)
    assert answer.status_code == 302


def slip():
    """Return the return that waits for the goods withdrawn from."""
    (back,) = rows_of(Return.objects.filter(ground="withdrawal", state="open"))
    return back


@pytest.mark.story(
    "LG-S22",
    "LG-S9",
    door="page",
    fr="Un jeu de cartes sur trois est revenu et son remplacement attend de partir quand le client se "
    "rétracte de tout : le colis ne part plus, le bon de retour demande deux jeux, les trois sont "
    "remboursés.",
)
def test_withdrawn_from_what_would_be_replaced_stays_here(browse, clock, shelves, now):
    """One of three sets of cards came back and the one that replaces it waits to leave when the client
    withdraws from all: that parcel leaves no more, the slip asks for two, the price of three goes back.
    """
    placed = cards_in_hand(browse, clock, shelves)
    live(clock, MONDAY)
    claimed(browse, now, placed, shelves["cartes"], MONDAY, requested_remedy="replacement")
    back = ended_by(browse, now, MONDAY, "replacement")
    before = stock()
    withdraw(browse, placed, 3, MONDAY)
    with inside_operator():
        assert Delivery.objects.get(order=back.replacement).state == "cancelled"
    assert stock() == before + 1
    assert slip().quantity == 2
    (third,) = rows_of(Invoice.objects.filter(kind="credit_note"))  # it is here: its price waits for nothing
    assert third.net_cents == 1490
    live(clock, date(2026, 11, 27))
    receive(browse, slip(), date(2026, 11, 27))
    asked = sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="invoice")))
    assert sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="credit_note"))) == asked
    assert sum(each.amount_cents for each in rows_of(Refund.objects)) == asked


@pytest.mark.story(
    "LG-S22",
    "LG-S9",
    door="page",
    fr="Le client se rétracte des deux jeux qu’il a : celui qui remplace le troisième part quand même.",
)
def test_withdrawn_from_what_they_hold_the_replacement_leaves(browse, clock, shelves, now):
    """The client withdraws from the two sets they hold: the one that replaces the third leaves all the
    same.
    """
    placed = cards_in_hand(browse, clock, shelves)
    live(clock, MONDAY)
    claimed(browse, now, placed, shelves["cartes"], MONDAY, requested_remedy="replacement")
    back = ended_by(browse, now, MONDAY, "replacement")
    withdraw(browse, placed, 2, MONDAY)
    assert slip().quantity == 2
    parcel = rows_of(Delivery.objects.filter(order=back.replacement))[0]
    live(clock, parcel.leaves_on)
    sent = desk(browse, at(parcel.leaves_on)).post(
        url("delivery_ship", parcel.pk), {"ship-carrier": "La Poste"}
    )
    assert sent.status_code == 302
    assert rows_of(Delivery.objects.filter(order=back.replacement))[0].state == "shipped"


@pytest.mark.story(
    "LG-S22",
    "LG-S9",
    door="page",
    fr="Une réclamation court sur un jeu de cartes quand le client se rétracte des trois : elle devient son "
    "retour, il n’est demandé qu’une fois, et plus rien ne le remplace.",
)
def test_a_claim_under_way_becomes_the_way_back(browse, clock, shelves, now):
    """A claim goes on about one set of cards when the client withdraws from all three: it becomes its way
    back, the set is asked for once, and nothing replaces it any more.
    """
    placed = cards_in_hand(browse, clock, shelves)
    live(clock, MONDAY)
    claimed(browse, now, placed, shelves["cartes"], MONDAY, requested_remedy="replacement")
    withdraw(browse, placed, 3, MONDAY)
    backs = rows_of(Return.objects.filter(state="open").order_by("quantity"))
    assert [(each.ground, each.quantity) for each in backs] == [("withdrawal", 1), ("withdrawal", 2)]
    page = read(desk(browse, now).get(url("return", backs[0].pk)))
    assert "Remplacement" not in page
    assert rows_of(Invoice.objects.filter(kind="credit_note")) == []
    live(clock, date(2026, 11, 27))
    for back in backs:
        receive(browse, back, date(2026, 11, 27))
    asked = sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="invoice")))
    assert sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="credit_note"))) == asked


def test_the_pieces_of_a_claim_may_be_of_several_lines():
    assert spread_over_lines([2, 1], {1: 1, 2: 2}) == [{1: 1, 2: 1}, {2: 1}]


@pytest.mark.story(
    "LG-S22",
    "LG-S9",
    door="page",
    fr="Deux jeux sur trois sont revenus pour réclamation et sont ici quand le client se rétracte de deux : "
    "le bon en demande un, l’autre est remboursé aussitôt, la réclamation continue pour le dernier.",
)
def test_of_a_claim_that_is_here_only_the_rest_is_asked_for(browse, clock, shelves, now):
    """Two of three sets came back for a claim and are here when the client withdraws from two: the slip asks
    for one, the other is paid back at once, the claim goes on for the last.
    """
    placed = cards_in_hand(browse, clock, shelves)
    live(clock, MONDAY)
    two = {"quantity": "2", "requested_remedy": "replacement"}
    claimed(browse, now, placed, shelves["cartes"], MONDAY, **two)
    (claim,) = rows_of(Return.objects)
    receive(browse, claim, MONDAY)
    withdraw(browse, placed, 2, MONDAY)
    assert slip().quantity == 1
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    assert note.net_cents == 1490
    backs = rows_of(Return.objects.order_by("created_at"))
    assert [(each.ground, each.quantity, each.state) for each in backs] == [
        ("conformity", 1, "received"),
        ("withdrawal", 1, "received"),
        ("withdrawal", 1, "open"),
    ]


@pytest.mark.story(
    "LG-S22",
    "LG-S9",
    door="page",
    fr="Les deux cartes de deux lignes sont revenues et leur remplacement attend : le client se rétracte des "
    "deux, rien ne part, rien ne lui est demandé, les deux sont remboursées.",
)
def test_a_claim_over_two_lines_is_withdrawn_from_on_both(browse, clock, now):
    """The cards of two lines came back and what replaces them waits: the client withdraws from both, nothing
    leaves, nothing is asked of them, both are paid back.
    """
    placed, card = two_lines(clock, now)
    with inside_operator():
        contact = placed.contact
    live(clock, MONDAY)
    claimed(browse, now, placed, card, MONDAY, quantity="2", requested_remedy="replacement")
    back = ended_by(browse, now, MONDAY, "replacement")
    said = {"line_1": "1", "line_2": "1", "confirm": "1"}
    answer = visitor(browse, contact).post(url("portal_withdraw", placed.pk), said)
    assert answer.status_code == 302
    with inside_operator():
        assert Delivery.objects.get(order=back.replacement).state == "cancelled"
    assert rows_of(Return.objects.filter(ground="withdrawal")) == []
    asked = sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="invoice")))
    assert sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="credit_note"))) == asked
