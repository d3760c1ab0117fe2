"""LG-S22: each thing that comes back is worth its part of the price that was kept, whatever else was credited
of its line.
"""

from datetime import date, timedelta

import pytest

from agenda.models import Obligation
from billing.models import Invoice, Return
from tests.billing.invoicing.test_credited_before import credit
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, read, visitor
from tests.clauses.test_lg_s22_withdrawal import cards_in_hand, receive

CLAUSE = "LG-S22"
DAY = date(2026, 11, 23)


def withdrawn(browse, clock, placed, count, day):
    """Withdraw from so many cards by the portal; they are back, complete, on a day."""
    said = {"line_1": str(count), "confirm": "1"}
    answer = visitor(browse, placed.contact).post(url("portal_withdraw", placed.pk), said)
    assert answer.status_code == 302
    live(clock, day)
    (back,) = rows_of(Return.objects.filter(ground="withdrawal", state="open"))
    receive(browse, back, day)
    live(clock, day + timedelta(days=1))


def credited():
    """Return what the credit notes took back, excluding VAT, the first one first."""
    rows = rows_of(Invoice.objects.filter(kind="credit_note").order_by("created_at"))
    return [note.net_cents for note in rows]


def undone(browse, placed, product, day, *, count=1):
    """Let a claim for a hidden defect on some of an order's things end in the sale undone."""
    finance = desk(browse, at(day))
    typed = {"product": str(product.pk), "quantity": str(count), "ground": "hidden_defect", "proof": "photo"}
    typed |= {"problem": "Déchirée", "claimed_on": str(day), "discovered_on": str(day)}
    finance.post(url("return_new", placed.pk), typed | {"requested_remedy": "sale_undone"})
    (back,) = rows_of(Return.objects.filter(ground="hidden_defect", state="open"))
    receive(browse, back, day)
    done = finance.post(url("return_resolve", back.pk), {"settle-outcome": "sale_undone"})
    assert done.status_code == 302


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="De trois jeux de cartes à 14,90 € la comptable rabat 14,90 € : un jeu rendu vaut alors le tiers "
    "du prix gardé, 9,93 €, et les trois tout ce qu’il en reste, livraison comprise.",
)
@pytest.mark.parametrize(("by_hand", "worth"), [("14,90", 993), ("5,00", 1323)])
def test_a_thing_is_worth_its_part_of_the_price_kept(browse, clock, shelves, now, by_hand, worth):
    """Of three sets of cards at 14.90 EUR finance takes 14.90 off: one set given back is then worth a
    third of the price kept, 9.93, and all three all that is left of it, the delivery too.
    """
    placed = cards_in_hand(browse, clock, shelves)
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    credit(browse, now, invoice, line_1=by_hand)
    told = read(visitor(browse, placed.contact).post(url("portal_withdraw", placed.pk), {"line_1": "1"}))
    assert ("11,92" if worth == 993 else "15,88") in told  # with VAT
    withdrawn(browse, clock, placed, 1, DAY)
    assert credited()[1:] == [worth]
    withdrawn(browse, clock, placed, 2, date(2026, 11, 25))
    assert sum(credited()) == invoice.net_cents


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="De trois jeux de cartes un est remboursé pour un vice caché : la page n’en propose plus que deux, "
    "chacun rendu vaut son prix, et le dernier fait rendre la livraison.",
)
def test_what_a_claim_paid_back_is_kept_no_more(browse, clock, shelves, now):
    """Of three sets of cards one is paid back for a hidden defect: the page offers only two, each given back
    is worth its price, and the last gives the delivery back.
    """
    placed = cards_in_hand(browse, clock, shelves)
    undone(browse, placed, shelves["cartes"], date(2026, 11, 20))
    page = read(visitor(browse, placed.contact).get(url("portal_withdraw", placed.pk)))
    assert "Combien vous en renvoyez, sur 2." in page
    withdrawn(browse, clock, placed, 1, DAY)
    assert credited() == [1490, 1490]
    withdrawn(browse, clock, placed, 1, date(2026, 11, 25))
    assert credited() == [1490, 1490, 1490 + 590]
    assert len(rows_of(Obligation.objects.filter(clause="LG-S22", kind="refund"))) == 2


def test_a_claim_on_the_last_thing_gives_the_delivery_back_too(browse, clock, shelves, now):
    placed = cards_in_hand(browse, clock, shelves)
    withdrawn(browse, clock, placed, 2, DAY)
    live(clock, date(2026, 11, 25))
    undone(browse, placed, shelves["cartes"], date(2026, 11, 25))
    assert credited() == [2 * 1490, 1490, 590]


def test_the_refund_is_promised_even_where_nothing_of_the_price_is_left(browse, clock, shelves, now):
    placed = cards_in_hand(browse, clock, shelves)
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    credit(browse, now, invoice, line_1="44,70")
    withdrawn(browse, clock, placed, 1, DAY)
    (promise,) = rows_of(Obligation.objects.filter(clause="LG-S22", kind="refund"))
    assert (promise.state, credited()) == (Obligation.State.MOOT, [4470])
