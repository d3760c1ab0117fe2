"""LG-S9: conformity and hidden defects for a consumer.

Defects and contractual warranty for a professional.
"""

from dataclasses import replace
from datetime import date

import pytest

from billing.models import Delivery, Invoice, OrderLine, Product, Refund, Return
from billing.returns.policy.warranty import (
    CONFORMITY,
    EXCLUSIONS,
    HIDDEN_DEFECT,
    WARRANTY,
    EarlierClaim,
    GuaranteeDays,
    NotCovered,
    NotTheirChoice,
    WarrantyClaim,
    WarrantyMonths,
    check_choice,
    check_remedy,
    checked_refusal,
    guarantee_days,
    left_to_claim,
    remedies,
)
from demo.factories.billing import ContactFactory, CustomerFactory
from isolation.context import inside_operator
from tests.billing.carts import TEACHER, bought, only_order
from tests.billing.returns.test_withdrawal import sent, things
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, plain, read

CLAUSE = "LG-S9"
DELIVERED = date(2026, 3, 10)
MONTHS = WarrantyMonths(conformity=24, defect=24)
BROKEN = WarrantyClaim(CONFORMITY, date(2026, 11, 16), DELIVERED, months=MONTHS)
HIDDEN = WarrantyClaim(
    HIDDEN_DEFECT,
    date(2026, 11, 16),
    DELIVERED,
    discovered_on=date(2026, 11, 1),
    has_proof=True,
    months=MONTHS,
)


def refused(claim, *, consumer):
    with pytest.raises(NotCovered) as why:
        remedies(claim, consumer_protected=consumer)
    assert why.value.exclusion in EXCLUSIONS
    return why.value.exclusion


def test_a_consumer_chooses_repair_or_replacement_for_two_years_without_proof():
    assert remedies(BROKEN, consumer_protected=True) == ("repair", "replacement")
    assert remedies(replace(BROKEN, claimed_on=date(2028, 3, 10)), consumer_protected=True)
    assert refused(replace(BROKEN, claimed_on=date(2028, 3, 11)), consumer=True) == "too_late"


def test_a_consumer_proves_a_hidden_defect_within_two_years_of_finding_it():
    assert remedies(HIDDEN, consumer_protected=True) == ("sale_undone", "price_reduced")
    assert remedies(replace(HIDDEN, claimed_on=date(2028, 11, 1)), consumer_protected=True)
    assert refused(replace(HIDDEN, claimed_on=date(2028, 11, 2)), consumer=True) == "too_late"
    assert refused(replace(HIDDEN, has_proof=False), consumer=True) == "no_proof"


def test_a_professional_has_no_guarantee_of_conformity():
    assert refused(BROKEN, consumer=False) == "no_guarantee"
    assert remedies(HIDDEN, consumer_protected=False) == ("replacement", "refund")


def test_a_professional_has_no_defects_excluded_by_the_quote_or_of_their_own_trade():
    assert refused(replace(HIDDEN, quote_excludes_defects=True), consumer=False) == "excluded_by_quote"
    assert refused(replace(HIDDEN, same_trade=True), consumer=False) == "same_trade"
    assert remedies(replace(HIDDEN, quote_excludes_defects=True, same_trade=True), consumer_protected=True)


def test_a_warranty_on_the_quote_lasts_its_time():
    claim = replace(BROKEN, ground=WARRANTY, warranty_until=date(2026, 11, 16))
    assert remedies(claim, consumer_protected=False) == ("replacement", "refund")
    assert refused(replace(claim, warranty_until=date(2026, 11, 15)), consumer=False) == "too_late"
    assert refused(replace(claim, warranty_until=None), consumer=False) == "no_warranty"


def test_the_goods_come_back_complete_and_the_end_is_one_of_these():
    check_remedy(BROKEN, "repair", consumer_protected=True, is_complete=True)
    with pytest.raises(NotCovered, match="incomplete"):
        check_remedy(BROKEN, "repair", consumer_protected=True, is_complete=False)
    with pytest.raises(ValueError, match="doesn't end"):
        check_remedy(BROKEN, "refund", consumer_protected=True, is_complete=True)


def test_a_refusal_names_a_listed_exclusion():
    assert checked_refusal("misuse") == "misuse"
    with pytest.raises(ValueError, match="not a listed"):
        checked_refusal("because")


def test_the_days_follow_from_the_profile_and_the_quote():
    months = WarrantyMonths(conformity=24, defect=24, contractual=12)
    days = {"delivered_on": date(2026, 2, 28)}
    assert guarantee_days(months, consumer_protected=True, **days) == GuaranteeDays(
        date(2028, 2, 28), date(2027, 2, 28)
    )
    assert guarantee_days(months, consumer_protected=False, **days).conformity_until is None
    assert guarantee_days(months, delivered_on=None, consumer_protected=True) == GuaranteeDays(None, None)


@pytest.mark.parametrize("reason", ["impossible", "out_of_proportion", "agreed"])
def test_a_consumers_choice_binds_unless_the_law_says_otherwise(reason):
    told = {"chosen": "repair", "consumer_protected": True}
    check_choice(CONFORMITY, "repair", reason="", **told)
    check_choice(CONFORMITY, "replacement", reason=reason, **told)
    with pytest.raises(NotTheirChoice):
        check_choice(CONFORMITY, "replacement", reason="", **told)
    with pytest.raises(NotTheirChoice):
        check_choice(CONFORMITY, "replacement", reason="cheaper", **told)
    check_choice(CONFORMITY, "replacement", reason="", chosen="repair", consumer_protected=False)
    check_choice(WARRANTY, "refund", reason="", **told)


def claimed(browse, now, placed, product, on, **more):
    """Return what the desk says to a claim on a thing of an order."""
    typed = {"product": str(product.pk), "quantity": "1", "ground": "conformity", "problem": "Déchirée"}
    typed |= {"claimed_on": str(on)} | more
    answer = desk(browse, now).post(url("return_new", placed.pk), typed, follow=True)
    return plain(answer.content.decode())


def in_hand(browse, clock, now, placed):
    """Let an order's things be paid and leave on 17 November, and be in the client's hands on the 20th."""
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    money = {"invoice": str(invoice.pk), "method": "transfer", "received_on": "2026-11-16"}
    money |= {"amount": f"{invoice.gross_cents / 100:.2f}", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, date(2026, 11, 16), date(2026, 11, 17))
    (parcel,) = rows_of(Delivery.objects.filter(order=placed))
    desk(browse, now).post(url("delivery_ship", parcel.pk), {"ship-carrier": "La Poste"})
    live(clock, date(2026, 11, 20))
    answer = desk(browse, now).post(url("delivery_arrive", parcel.pk), {"arrive-on": "2026-11-20"})
    assert answer.status_code == 302


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Le dernier jour des deux ans, un client demande le remplacement : l’éditeur ne peut pas réparer à la "
    "place ; le dernier exemplaire part entre-temps, la réparation devient possible, dite et motivée. Le "
    "lendemain, un autre client vient trop tard.",
)
def test_the_clients_choice_binds_until_it_cannot_be_done(browse, clock, shelves, now):
    """On the last day of the two years a client chooses replacement: the operator can't repair instead; the
    last one on the shelf leaves meanwhile and a repair becomes possible, its reason said. A day later is too
    late.
    """
    cards = shelves["cartes"]
    bought(browse(None), cards, TEACHER, 2, method="transfer")
    placed = only_order()
    in_hand(browse, clock, now, placed)
    live(clock, date(2028, 11, 20))
    assert "20 novembre 2028" in read(desk(browse, now).get(url("return_new", placed.pk)))
    assert "ce qu’il a choisi" in claimed(browse, now, placed, cards, date(2028, 11, 20))
    claimed(browse, now, placed, cards, date(2028, 11, 20), requested_remedy="replacement")
    (back,) = rows_of(Return.objects.all())
    here = {"receive-on": "2028-11-20", "receive-is_complete": "on"}
    desk(browse, now).post(url("return_receive", back.pk), here)
    page = url("return_resolve", back.pk)
    refused = desk(browse, now).post(page, {"settle-outcome": "repair"})
    assert refused.status_code == 422
    assert "Le client a choisi" in plain(refused.content.decode())
    with inside_operator():
        Product.objects.filter(pk=cards.pk).update(stock=0)
    assert desk(browse, now).post(page, {"settle-outcome": "replacement"}).status_code == 422
    why = {"settle-because": "impossible", "settle-words": "Il n’en reste plus : nous la réparons."}
    assert desk(browse, now).post(page, {"settle-outcome": "repair"} | why).status_code == 302
    (back,) = rows_of(Return.objects.all())
    assert (back.state, back.remedy) == ("ended", "repair")
    live(clock, date(2028, 11, 21))
    late = claimed(browse, now, placed, cards, date(2028, 11, 21), requested_remedy="repair")
    assert "le délai de la garantie est passé" in late


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Un devis donne douze mois de garantie à un professionnel : son dernier jour se compte depuis la "
    "livraison, et non depuis ce que quelqu’un tape ; la conformité, elle, lui est refusée.",
)
def test_a_professionals_warranty_is_counted_from_delivery(browse, clock, now):
    """A quote gives a professional twelve months of warranty: its last day is counted from the delivery, not
    from what somebody types; conformity is refused to them.
    """
    with inside_operator():
        office = ContactFactory(customer=CustomerFactory(customer_type="professional"))
        placed = things(now, ("carte", 2, 1500), contact=office, warranty="Pièces", warranty_months=12)
        sent(placed, now, arrived=date(2026, 11, 16))
        card = Product.objects.get(key="carte")
    clock.move_to(at(date(2027, 11, 16)))
    assert "16 novembre 2027" in read(desk(browse, now).get(url("return_new", placed.pk)))
    assert "cette garantie est réservée aux consommateurs" in claimed(
        browse, now, placed, card, date(2027, 11, 16)
    )
    claimed(browse, now, placed, card, date(2027, 11, 16), ground="warranty")
    clock.move_to(at(date(2027, 11, 17)))
    late = claimed(browse, now, placed, card, date(2027, 11, 17), ground="warranty")
    assert "le délai de la garantie est passé" in late
    states = [row.state for row in rows_of(Return.objects.order_by("created_at"))]
    assert states == ["refused", "open", "refused"]


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Pour un vice caché le client fait réduire le prix de cinq euros : l’avoir est émis et l’argent payé "
    "redemandé aussitôt, jamais plus que ce qui a été payé.",
)
def test_a_reduced_price_gives_back_what_was_paid(browse, clock, shelves, now):
    """For a hidden defect the client has the price reduced by five euros: the credit note is issued and what
    was paid is asked back at once, never more than was paid.
    """
    cards = shelves["cartes"]
    bought(browse(None), cards, TEACHER, 2, method="transfer")
    placed = only_order()
    in_hand(browse, clock, now, placed)
    defect = {"ground": "hidden_defect", "discovered_on": "2026-11-20", "proof": "expertise du 20 novembre"}
    claimed(browse, now, placed, cards, date(2026, 11, 20), requested_remedy="price_reduced", **defect)
    (back,) = rows_of(Return.objects.all())
    desk(browse, now).post(
        url("return_receive", back.pk), {"receive-on": "2026-11-20", "receive-is_complete": "on"}
    )
    settled = {"settle-outcome": "price_reduced", "settle-reduced_by": "5,00"}
    assert desk(browse, now).post(url("return_resolve", back.pk), settled).status_code == 302
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    (refund,) = rows_of(Refund.objects.all())
    assert (note.net_cents, refund.amount_cents) == (500, note.gross_cents)


@pytest.mark.parametrize(
    ("earlier", "left"),
    [
        ([], 3),
        ([EarlierClaim(1, "open")], 2),
        ([EarlierClaim(1, "received"), EarlierClaim(1, "open")], 1),
        ([EarlierClaim(2, "ended", "refund"), EarlierClaim(1, "ended", "sale_undone")], 0),
        ([EarlierClaim(3, "ended", "repair"), EarlierClaim(3, "refused")], 3),
        ([EarlierClaim(3, "ended", "replacement"), EarlierClaim(3, "ended", "price_reduced")], 3),
    ],
)
def test_what_is_claimed_or_was_paid_back_is_claimed_no_second_time(earlier, left):
    assert left_to_claim(3, earlier=earlier) == left


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Deux boîtes sont réclamées pour un défaut caché : tant que la réclamation court on n’en ouvre pas "
    "une autre sur les mêmes, ni après que la vente a été défaite et l’argent rendu.",
)
def test_the_same_things_are_not_claimed_twice(browse, clock, shelves, now):
    """Two boxes are claimed for a hidden defect: while the claim goes on no other is opened on the same, nor
    once the sale was undone and the money given back.
    """
    cards = shelves["cartes"]
    bought(browse(None), cards, TEACHER, 2, method="transfer")
    placed = only_order()
    in_hand(browse, clock, now, placed)
    day = date(2026, 12, 1)
    live(clock, day)
    defect = {"ground": "hidden_defect", "discovered_on": str(day), "proof": "photo"}
    defect |= {"quantity": "2", "requested_remedy": "sale_undone"}
    claimed(browse, now, placed, cards, day, **defect)
    (back,) = rows_of(Return.objects.all())
    again = claimed(browse, now, placed, cards, day, requested_remedy="repair")
    assert "0 peut encore être réclamé" in again
    here = {"receive-on": str(day), "receive-is_complete": "on"}
    desk(browse, now).post(url("return_receive", back.pk), here)
    undone = {"settle-outcome": "sale_undone"}
    assert desk(browse, now).post(url("return_resolve", back.pk), undone).status_code == 302
    again = claimed(browse, now, placed, cards, day, requested_remedy="repair")
    assert "0 peut encore être réclamé" in again
    assert len(rows_of(Return.objects.all())) == 1


def two_lines(clock, now):
    """Return an order of one card at 15.00 and one at 12.00 on two lines, in hand, and the card."""
    with inside_operator():
        placed = things(now, ("carte", 1, 1500), ("carte", 1, 1200))
        sent(placed, now, arrived=date(2026, 11, 16))
        card = Product.objects.get(key="carte")
    clock.move_to(at(date(2027, 1, 16)))
    return placed, card


def settled(browse, now, placed, card, *, count, outcome, **more):
    """Let a claim for a hidden defect on so many cards end, and return its credit note's net cents."""
    day = date(2027, 1, 16)
    defect = {"ground": "hidden_defect", "discovered_on": str(day), "proof": "photo", "quantity": str(count)}
    claimed(browse, now, placed, card, day, requested_remedy=outcome, **defect)
    (back,) = rows_of(Return.objects.filter(state="open"))
    here = {"receive-on": str(day), "receive-is_complete": "on"}
    desk(browse, now).post(url("return_receive", back.pk), here)
    done = {"settle-outcome": outcome} | more
    assert desk(browse, now).post(url("return_resolve", back.pk), done).status_code == 302
    with inside_operator():
        back.refresh_from_db()
        return back.credit_note.net_cents


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Une même carte est vendue sur deux lignes, à 15 et à 12 euros : deux réclamations, l’une après "
    "l’autre, rendent l’une 15 euros, l’autre 12.",
)
def test_of_a_thing_on_two_lines_each_claim_gives_its_own_price_back(browse, clock, now):
    """One card is sold on two lines, at 15 and at 12 euros: two claims, one after the other, give back 15
    euros and 12.
    """
    placed, card = two_lines(clock, now)
    told = {"count": 1, "outcome": "sale_undone"}
    assert settled(browse, now, placed, card, **told) == 1500
    assert settled(browse, now, placed, card, **told) == 1200
    assert len(rows_of(Refund.objects.all())) == 2


def test_a_reduction_is_spread_over_the_lines_of_what_was_claimed(browse, clock, now):
    placed, card = two_lines(clock, now)
    reduced = {"outcome": "price_reduced", "settle-reduced_by": "20,00"}
    assert settled(browse, now, placed, card, count=2, **reduced) == 2000
    assert settled(browse, now, placed, card, count=2, outcome="sale_undone") == 700


@pytest.mark.story(
    "LG-S9",
    door="page",
    fr="Remplacées pour conformité, les cartes de remplacement ont un vice caché : la vente annulée rend le "
    "prix payé pour les premières.",
)
def test_what_replaces_a_thing_is_worth_what_was_paid_for_it(browse, clock, now, shelves):
    """A card replaced for conformity, the replacement has a hidden defect: the sale undone gives back what
    was paid for the first.
    """
    cards = shelves["cartes"]
    bought(browse(None), cards, TEACHER, 2, method="transfer")
    placed = only_order()
    in_hand(browse, clock, now, placed)
    live(clock, date(2026, 12, 1))
    claimed(browse, now, placed, cards, date(2026, 12, 1), requested_remedy="replacement")
    back = ended_by(browse, now, date(2026, 12, 1), "replacement")
    with inside_operator():
        instead, parcel = back.replacement, back.replacement.delivery
    desk(browse, now).post(url("delivery_ship", parcel.pk), {"ship-carrier": "La Poste"})
    live(clock, date(2026, 12, 5))
    desk(browse, now).post(url("delivery_arrive", parcel.pk), {"arrive-on": "2026-12-05"})
    live(clock, date(2026, 12, 10))
    hidden = {"ground": "hidden_defect", "discovered_on": "2026-12-09", "proof": "photo"}
    claimed(browse, now, instead, cards, date(2026, 12, 10), requested_remedy="sale_undone", **hidden)
    ended_by(browse, now, date(2026, 12, 10), "sale_undone")
    (note,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE))
    with inside_operator():
        assert note.corrects.order == placed
        (line,) = OrderLine.objects.filter(order=placed, product=cards)
    assert note.net_cents * 2 == line.net_cents
    assert [each.amount_cents for each in rows_of(Refund.objects.all())] == [note.gross_cents]


def ended_by(browse, now, on, outcome):
    """Return the last return once its goods came back whole and it ended so."""
    back = rows_of(Return.objects.order_by("created_at"))[-1]
    finance = desk(browse, now)
    received = {"receive-on": str(on), "receive-is_complete": "on"}
    assert finance.post(url("return_receive", back.pk), received).status_code == 302
    assert finance.post(url("return_resolve", back.pk), {"settle-outcome": outcome}).status_code == 302
    return rows_of(Return.objects.filter(pk=back.pk).select_related("replacement"))[0]
