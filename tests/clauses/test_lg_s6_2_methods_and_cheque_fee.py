"""Methods are set per product; a cheque needs enough users and costs 18.00 including VAT."""

from datetime import date
from decimal import Decimal

import pytest

from billing.accounting.queries.check import faults
from billing.catalogue.policy.methods import (
    MethodRefused,
    Offer,
    check_method,
    cheque_fee,
    is_rest_paid,
    methods_for,
)
from billing.invoicing.queries.balances import balance_of
from billing.invoicing.queries.credits import owed_by
from billing.models import CartLine, Checkout, Invoice, Order, Product, Subscription
from billing.money.policy.vat import Split
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, only_order, order, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, plain, read, subscribed

OFFERS = {
    "school": Offer({"cheque", "transfer"}, cheque_min_users=10),
    "record": Offer({"cheque", "transfer", "card"}, cheque_min_users=30),
    "family": Offer({"card"}),
}


@pytest.mark.parametrize(
    ("rate", "net", "vat"),
    [(Decimal(20), 1500, 300), (Decimal("8.5"), 1659, 141), (None, 1800, 0), (Decimal(0), 1800, 0)],
)
def test_the_fee_taken_apart(rate, net, vat):
    assert cheque_fee("cheque", rate_pct=rate, fee_cents=1800) == Split(net, vat)


def test_other_methods_cost_nothing():
    assert cheque_fee("transfer", rate_pct=Decimal(20), fee_cents=1800) is None


@pytest.mark.parametrize(
    ("methods", "left", "paid"),
    [
        (["transfer"], 1800, True),
        (["card", "transfer"], 0, True),
        (["transfer"], 1801, False),
        (["transfer", "cheque"], 0, False),
        ([], 0, False),
    ],
)
def test_all_but_the_fee_was_paid_otherwise(methods, left, paid):
    assert is_rest_paid(methods, left_cents=left, fee_cents=1800) is paid


def test_a_cheque_needs_the_products_least_number_of_users():
    assert methods_for({"school": 9}, OFFERS) == {"transfer"}
    assert methods_for({"school": 10}, OFFERS) == {"transfer", "cheque"}
    check_method("cheque", {"school": 10}, OFFERS)
    with pytest.raises(MethodRefused) as refused:
        check_method("cheque", {"school": 10, "record": 29}, OFFERS)
    assert refused.value.min_users == 30


def test_products_bought_together_share_their_methods():
    assert methods_for({"school": 10, "record": 30}, OFFERS) == {"transfer", "cheque"}
    assert methods_for({"school": 10, "family": 1}, OFFERS) == frozenset()
    assert methods_for({}, OFFERS) == frozenset()
    with pytest.raises(MethodRefused) as refused:
        check_method("card", {"school": 10, "family": 1}, OFFERS)
    assert (refused.value.min_users, refused.value.products) == (None, ("school",))


@pytest.mark.parametrize("currency", ["CAD", "AED", "GBP"])
def test_a_cheque_is_in_euros_only(currency):
    assert methods_for({"school": 10}, OFFERS, currency=currency) == {"transfer"}
    with pytest.raises(MethodRefused) as refused:
        check_method("cheque", {"school": 10}, OFFERS, currency=currency)
    assert refused.value.min_users is None


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Un cabinet choisit le chèque, ouvert à partir de trois utilisateurs, puis retombe à deux : le "
    "chèque n’est plus proposé et rien n’est pris ; revenu à trois, il paie 18,00 € de frais TTC, "
    "sur une ligne à part.",
)
def test_a_cheque_chosen_for_three_users_is_gone_at_two_and_costs_18_euros_at_three(browse, shelves):
    """A practice chooses the cheque, open from three users on, then goes down to two: the cheque is offered
    no more and nothing is taken; back at three, it pays a fee of 18.00 EUR with VAT, on a line of its own.
    """
    shop = browse(None)
    put(shop, shelves["cabinet"], 3, client="professional")
    shop.post(url("shop_details"), PRACTICE | {"school": "Cabinet Tisserand"})
    shop.post(url("shop_review"), {"method": "cheque"})
    page, seen = shown(shop)
    assert "Frais de traitement du chèque 15,00 € HT" in read(page)
    (line,) = rows_of(CartLine.objects)
    shop.post(url("shop_cart"), {f"quantity-{line.pk}": "2"})
    at_two = read(shown(shop)[0])
    assert "Moyens de paiement virement Droit" in at_two
    assert "chèque" not in at_two
    assert order(shop, seen=seen).status_code == 422
    assert rows_of(Order.objects) == []
    shop.post(url("shop_cart"), {f"quantity-{line.pk}": "3"})
    assert order(shop, method="cheque").status_code == 302
    placed = read(shop.get(url("portal_order", only_order().pk)))
    assert "Frais de traitement du chèque 1 15,00 € 20 % 15,00 €" in placed
    assert "Total TTC 104,40 €" in placed  # 3 x 24.00 + 15.00, + 20 %


def cheque_order(browse, shelves):
    """Return a practice's browser and its order for three users, to be paid by cheque: 104.40 EUR."""
    shop = browse(None)
    put(shop, shelves["cabinet"], 3, client="professional")
    shop.post(url("shop_details"), PRACTICE | {"school": "Cabinet Tisserand"})
    assert order(shop, method="cheque").status_code == 302
    return shop, only_order()


def left_to_pay(placed):
    """Return what is left of the order's invoice, in cents."""
    with inside_operator():
        return balance_of(placed.invoices.get(kind="invoice").pk)


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Le cabinet a choisi le chèque, puis fait un virement : les frais de chèque lui sont crédités, il "
    "vire le reste et sa commande s’ouvre.",
)
def test_who_makes_a_transfer_instead_owes_no_fee_for_a_cheque(browse, now, shelves):
    """The practice chose the cheque, then makes a transfer: the fee is credited, it transfers the rest and
    its order opens.
    """
    shop, placed = cheque_order(browse, shelves)
    assert left_to_pay(placed) == 10440
    page = shop.get(url("portal_order", placed.pk))
    assert "aucuns frais de chèque" in read(page)
    shop.post(url("portal_order_method", placed.pk), {"method": "transfer"})
    assert left_to_pay(placed) == 8640
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    assert (note.net_cents, note.gross_cents) == (1500, 1800)
    assert "Autre moyen de paiement" not in read(shop.get(url("portal_order", placed.pk)))
    money = {"invoice": str(rows_of(placed.invoices.filter(kind="invoice"))[0].pk), "method": "transfer"}
    money |= {"amount": "86,40", "received_on": str(now.date()), "credited_on": str(now.date())}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    assert only_order().state in {"ready", "funded", "open"}


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Au téléphone, le client préfère virer : la gestionnaire le note et les frais sont crédités ; un "
    "chèque déjà reçu, elle ne le peut plus.",
)
@pytest.mark.parametrize("received", [False, True])
def test_the_desk_notes_a_transfer_instead_of_the_cheque(browse, now, shelves, received):
    """On the phone the client would rather make a transfer: the desk notes it and the fee is credited; once a
    cheque was received it can't.
    """
    _shop, placed = cheque_order(browse, shelves)
    finance = desk(browse, now)
    if received:
        cheque = {"invoice": str(rows_of(placed.invoices)[0].pk), "method": "cheque", "amount": "104,40"}
        cheque |= {"received_on": str(now.date()), "reference": "0012345"}
        assert finance.post(url("payment_new"), cheque).status_code == 302
    finance.post(url("order_by_transfer", placed.pk))
    assert left_to_pay(placed) == (10440 if received else 8640)
    assert only_order().method == ("cheque" if received else "transfer")


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Le cabinet a choisi le chèque, puis paie en ligne : la page du prestataire demande le prix sans les "
    "frais de chèque, qui lui sont crédités.",
)
def test_who_pays_online_instead_owes_no_fee_for_a_cheque(browse, now, shelves, provider):
    """The practice chose the cheque, then pays online: the provider's page asks the price without the fee,
    which is credited.
    """
    with inside_operator():
        Product.objects.filter(pk=shelves["cabinet"].pk).update(methods=["cheque", "transfer", "card"])
    shop, placed = cheque_order(browse, shelves)
    assert "sans les frais de chèque" in read(shop.get(url("portal_order", placed.pk)))
    (invoice,) = rows_of(placed.invoices)
    shop.post(url("portal_pay", invoice.pk))
    (checkout,) = rows_of(Checkout.objects)
    assert checkout.amount_cents == 8640
    assert only_order().method == "card"


@pytest.mark.story(
    "LG-S6.2",
    door="page",
    fr="Sans prévenir, le cabinet vire le prix sans les frais de chèque, ou tout : les frais lui sont "
    "crédités, sa commande s’ouvre et ce qui est de trop lui est dû.",
)
@pytest.mark.parametrize(("came", "owed"), [("86,40", 0), ("104,40", 1800)])
def test_a_transfer_nobody_announced_owes_no_fee_for_a_cheque(browse, clock, now, shelves, came, owed):
    """Without a word the practice transfers the price without the fee for a cheque, or all of it: the fee is
    credited, its order opens and what is too much is owed to it.
    """
    _shop, placed = cheque_order(browse, shelves)
    (invoice,) = rows_of(placed.invoices)
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": came}
    money |= {"received_on": str(now.date()), "credited_on": str(now.date())}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, now.date())
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    with inside_operator():
        assert (note.gross_cents, owed_by(note)) == (1800, owed)
        assert not list(faults())
    found = only_order()
    assert (found.state, found.method) == ("open", "transfer")


def test_the_fee_of_a_cheque_that_is_not_written_goes_back_with_its_note(browse, clock, now, shelves):
    shop, placed = cheque_order(browse, shelves)
    shop.post(url("portal_order_method", placed.pk), {"method": "transfer"})
    live(clock, now.date())
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    (mail,) = mails(note.number)
    assert "Reste à payer de cette facture : 86,40 €" in plain(mail.body)


def by_cheque(browse, clock, now, *, at_least):
    """Return a school that pays by cheque and what its renewal asks, once it was announced."""
    school = subscribed(now)
    with inside_operator():
        Subscription.objects.filter(pk=school.pk).update(method="cheque")
        Product.objects.filter(pk=school.product_id).update(cheque_minimum=at_least)
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    with inside_operator():
        order = Subscription.objects.get(pk=school.pk).term.order
    words = read(desk(browse, now).get(url("order", order.pk)))
    return words, plain(mails("ce qui se passe le")[-1].body)


@pytest.mark.story(
    "LG-S6.2",
    "LG-S14.2n",
    door="page",
    fr="Une école qui paie par chèque est reconduite : l’annonce dit les frais du chèque, la commande les "
    "porte sur leur ligne ; quand elle n’a plus assez d’utilisateurs pour un chèque, l’annonce dit le "
    "virement et rien ne s’ajoute.",
)
def test_a_renewal_by_cheque_costs_what_its_notice_says(browse, clock, now):
    """A school that pays by cheque is renewed: the notice says the fee, the order bears it on its own line;
    with too few users for a cheque the notice says a transfer, and nothing is added.
    """
    order, notice = by_cheque(browse, clock, now, at_least=10)
    assert "18,00 € TTC s’ajoutent pour son traitement" in notice
    assert "Frais de traitement du chèque 1 15,00 € 20 % 15,00 €" in order


def test_a_renewal_with_too_few_users_for_a_cheque_is_paid_by_transfer(browse, clock, now):
    order, notice = by_cheque(browse, clock, now, at_least=500)
    assert "un chèque est accepté à partir de 500 utilisateurs" in notice
    assert "Frais de traitement du chèque" not in order
    assert "Par virement" in order or "virement" in order


def test_what_the_notice_said_of_a_cheque_holds_whatever_changed_since(browse, clock, now):
    school = subscribed(now)
    with inside_operator():
        Subscription.objects.filter(pk=school.pk).update(method="cheque")
        Product.objects.filter(pk=school.product_id).update(cheque_minimum=500)
    live(clock, date(2027, 10, 17))
    with inside_operator():
        Product.objects.filter(pk=school.product_id).update(cheque_minimum=10)
    live(clock, date(2027, 11, 16))
    with inside_operator():
        order = Subscription.objects.get(pk=school.pk).term.order
        assert order.method == "transfer"
    assert "Frais de traitement du chèque" not in read(desk(browse, now).get(url("order", order.pk)))
