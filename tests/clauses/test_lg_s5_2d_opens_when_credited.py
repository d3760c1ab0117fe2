"""Nothing opens before the money is credited."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalogue.policy.discount import Discount
from billing.fulfilment.queries.deliveries import things_in
from billing.invoicing.queries.balances import balance_of
from billing.invoicing.queries.credits import creditable
from billing.models import Delivery, Invoice, Order, Payment, Product
from billing.orders.policy.orders import AskedFor, Funds, is_sale_paid, may_open
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import things
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, read, visitor

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("funds", "opens"),
    [
        (Funds("cheque"), False),
        (Funds("cheque", received_on=TODAY), False),  # received isn't credited
        (Funds("cheque", received_on=TODAY, credited_on=TODAY), True),
        (Funds("cheque", execution_proved_on=TODAY), False),  # proof is for transfers
        (Funds("transfer", received_on=TODAY), False),
        (Funds("transfer", execution_proved_on=TODAY), True),
        (Funds("transfer", execution_proved_on=date(2026, 11, 17)), False),
        (Funds("card", execution_proved_on=TODAY), False),
        (Funds("card", credited_on=TODAY), True),
        (Funds("cheque", received_on=TODAY, credited_on=date(2026, 11, 17)), False),  # credited tomorrow
    ],
)
def test_what_opens(funds, opens):
    assert may_open(funds, today=TODAY) is opens


def test_only_specific_terms_signed_with_the_client_open_earlier():
    assert may_open(Funds("cheque"), today=TODAY, specific_terms_signed=True)


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Un chèque arrive et l’école obtient un délai jusqu’à janvier : ni l’un ni l’autre n’ouvre "
    "rien ; son crédit, le 23 novembre, ouvre.",
)
def test_a_cheque_in_hand_and_more_time_open_nothing_and_its_credit_does(browse, clock, now):
    """A cheque arrives and the school gets more time, to January: neither opens anything; its credit, on 23
    November, does.
    """
    with inside_operator():
        invoice = invoice_of(order_signed(now=now))
    finance = desk(browse, now)
    cheque = {
        "invoice": str(invoice.pk),
        "method": "cheque",
        "amount": "1299,84",
        "received_on": "2026-11-16",
    }
    received = finance.post(url("payment_new"), cheque)
    more = {"new_due_on": "2027-01-31", "document": "Lettre du 16 novembre 2026"}
    assert finance.post(url("invoice_extension", invoice.pk), more).status_code == 302
    live(clock, date(2026, 11, 17), date(2026, 11, 23))
    assert mails("Votre invitation") == []
    credited = desk(browse, now).post(f"{received.url}credit/", {"credit-on": "2026-11-23"})
    assert credited.status_code == 302
    later(clock, minutes=2)
    assert len(mails("Votre invitation")) == 1


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="La preuve écrite d’un virement ouvre l’accès avant les fonds ; pour un chèque, la même preuve "
    "est refusée.",
)
def test_written_proof_opens_for_a_transfer_and_never_for_a_cheque(browse, clock, now):
    """The written proof of a transfer opens access before the funds; for a cheque the same is refused."""
    with inside_operator():
        by_transfer = invoice_of(order_signed(now=now, method="transfer"))
        by_cheque = invoice_of(order_signed(now=now))
    finance = desk(browse, now)
    proof = {"received_on": "2026-11-16", "proof_document": "Avis d’exécution du 16 novembre 2026"}
    cheque = proof | {"invoice": str(by_cheque.pk), "method": "cheque", "amount": "1299,84"}
    assert finance.post(url("payment_new"), cheque).status_code == 422
    transfer = proof | {"invoice": str(by_transfer.pk), "method": "transfer", "amount": "1281,84"}
    assert finance.post(url("payment_new"), transfer).status_code == 302
    later(clock, minutes=2)
    assert len(mails("Votre invitation")) == 1


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S8",
    door="page",
    fr="Un virement payé ouvre la commande, puis la banque le reprend avant l’envoi : le colis reste ici et "
    "n’appartient plus au client ; payé de nouveau, il part.",
)
def test_what_is_taken_back_after_opening_holds_the_parcel_until_it_is_paid_again(browse, clock, now):
    """A transfer opens an order, then the bank takes it back before the parcel leaves: the parcel stays here
    and is the client's no more; paid again, it leaves.
    """
    with inside_operator():
        placed = things(now, ("carte", 2, 1500))
        parcel = placed.delivery
    (payment,) = rows_of(Payment.objects.all())
    assert owned_on(placed) == TODAY
    taken_back = {"bounce-on": "2026-11-16", "bounce-reason": "provision insuffisante"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), taken_back).status_code == 302
    assert owned_on(placed) is None
    label = {"ship-carrier": "La Poste", "ship-tracking": "6A", "ship-reason": "Il est prêt"}
    desk(browse, now).post(url("delivery_ship", parcel.pk), label)
    assert shipped_at(parcel) is None
    assert "retenu" in read(desk(browse, now).get(url("picking"), {"day": str(parcel.leaves_on)}))
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    money = {"invoice": str(invoice.pk), "method": "transfer", "received_on": "2026-11-16"}
    money |= {"amount": f"{invoice.gross_cents / 100:.2f}", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    assert owned_on(placed) == TODAY
    desk(browse, now).post(url("delivery_ship", parcel.pk), label)
    assert shipped_at(parcel) is not None


def owned_on(order):
    with inside_operator():
        order.refresh_from_db()
    return order.ownership_on


def shipped_at(parcel):
    with inside_operator():
        parcel.refresh_from_db()
    return parcel.shipped_at


@pytest.mark.parametrize(
    ("asked", "paid"),
    [
        ([AskedFor(1000, 0, 0)], True),
        ([AskedFor(1000, 0, 1)], False),
        ([AskedFor(1000, 400, 0)], True),  # a part was taken back, the rest is paid
        ([AskedFor(1000, 1000, 0)], False),  # all of it was taken back, whatever was paid
        ([AskedFor(1000, 0, 0, was_written_off=True)], False),
        ([AskedFor(300, 0, 0, is_down_payment=True)], False),  # a deposit alone
        ([AskedFor(300, 0, 0, is_down_payment=True), AskedFor(700, 0, 0)], True),
        ([AskedFor(300, 0, 0, is_down_payment=True), AskedFor(700, 700, 0)], False),
        ([AskedFor(300, 300, 0, is_down_payment=True), AskedFor(700, 700, 0)], False),
        ([AskedFor(1000, 1000, 0, is_down_payment=True), AskedFor(0, 0, 0)], False),
        ([AskedFor(1000, 0, 0, is_down_payment=True), AskedFor(0, 0, 0)], True),
        ([AskedFor(0, 0, 0)], True),  # nothing to pay
        ([], False),
    ],
)
def test_a_sale_that_is_paid_and_stands(asked, paid):
    assert is_sale_paid(asked) is paid


def credit(finance, invoice, how):
    """Take an invoice back at the desk: "whole", or the "order" with its down payments."""
    form = {how: "1", "reason": "Vente annulée", "since": "start"}
    assert finance.post(url("invoice_credit", invoice.pk), form).status_code == 302


def stands(order):
    """Return the state of an order, and how many parcels it plans."""
    with inside_operator():
        return Order.objects.get(pk=order.pk).state, Delivery.objects.filter(order=order).count()


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="L’école paie dix euros, puis la vente est annulée par un avoir : rien n’ouvre et rien ne part, la "
    "facture est créditée et les dix euros lui sont dus.",
)
def test_a_sale_credited_after_a_part_was_paid_opens_nothing(browse, clock, now):
    """The school pays ten euros, then the sale is taken back by a credit note: nothing opens and nothing
    leaves, the invoice is credited and the ten euros are owed to it.
    """
    with inside_operator():
        order = things(now, ("carte", 2, 1500), pay=False)
        invoice = invoice_of(order)
    finance = desk(browse, now)
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "10"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert finance.post(url("payment_new"), money).status_code == 302
    credit(finance, invoice, "whole")
    live(clock, date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 19))
    assert stands(order) == ("waiting", 0)
    finance = desk(browse, now)
    assert "annulée par avoir" in read(finance.get(url("invoice", invoice.pk)))[:300]
    assert "créditée" in read(finance.get(url("order", order.pk)))[:300]
    assert "10,00 €" in read(finance.get(url("todo")))
    assert not mails("accès est ouvert")


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="L’acompte est payé, puis la commande est créditée avec son acompte : rien n’ouvre, l’acompte est à "
    "rendre.",
)
def test_an_order_credited_with_its_paid_down_payment_opens_nothing(browse, clock, now):
    """The down payment is paid, then the order is credited with it: nothing opens, the down payment is to be
    given back.
    """
    with inside_operator():
        order = order_signed(now=now, method="transfer", down_payment_pct=30)
        deposit = invoice_of(order)
    finance = desk(browse, now)
    money = {"invoice": str(deposit.pk), "method": "transfer", "amount": f"{deposit.gross_cents / 100:.2f}"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert finance.post(url("payment_new"), money).status_code == 302
    assert finance.post(url("order_final", order.pk)).status_code == 302
    with inside_operator():
        final = order.invoices.get(is_down_payment=False)
    credit(finance, final, "order")
    live(clock, date(2026, 11, 16), date(2026, 11, 17))
    assert stands(order) == ("waiting", 0)


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Deux cartes payées, leur colis encore ici, puis leur facture est créditée en entier, ou passée en "
    "perte une fois l’argent reparti : rien ne part, et ce qui est repris revient en rayon.",
)
@pytest.mark.parametrize("how", ["credited", "given_up"])
def test_nothing_left_to_pay_is_not_paid(browse, clock, now, how):
    """Two cards are paid and their parcel is here still; then their invoice is credited in whole, or given up
    once the money left again: nothing leaves, and what is taken back is on the shelf again.
    """
    with inside_operator():
        placed = things(now, ("carte", 2, 1500))
        parcel = placed.delivery
    (payment,) = rows_of(Payment.objects.all())
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    finance = desk(browse, now)
    if how == "given_up":
        taken_back = {"bounce-on": "2026-11-16", "bounce-reason": "rejeté"}
        assert finance.post(url("payment_bounce", payment.pk), taken_back).status_code == 302
        loss = {"reason": "insolvency", "words": "Liquidation judiciaire", "on": "2026-11-16", "confirm": "1"}
        assert finance.post(url("invoice_write_off", invoice.pk), loss).status_code == 302
    else:
        credit(finance, invoice, "whole")
    label = {"ship-carrier": "La Poste", "ship-tracking": "6A", "ship-reason": "Il est prêt"}
    desk(browse, now).post(url("delivery_ship", parcel.pk), label)
    assert shipped_at(parcel) is None
    with inside_operator():
        assert Product.objects.get(key="carte").stock == (20 if how == "credited" else 18)
        assert Delivery.objects.get(pk=parcel.pk).state == ("cancelled" if how == "credited" else "planned")


def parcel_of(order):
    """Return how many of each thing wait in an order's parcel, and its state."""
    with inside_operator():
        parcel = Delivery.objects.get(order=order)
        return {each.product.key: each.to_ship for each in things_in(parcel)}, parcel.state


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S22",
    door="page",
    fr="Deux cartes et trois jetons sont payés, leur colis est encore ici : finance crédite les cartes en "
    "entier et retire un jeton, le reste part ; un avoir sans pièce ne fait que baisser le prix.",
)
def test_a_credited_thing_leaves_no_more_and_a_lower_price_keeps_nothing_here(browse, clock, now):
    """Two cards and three tokens are paid and their parcel is here still: finance credits the cards in full
    and takes one token out, the rest leaves; a credit note without pieces lowers a price only.
    """
    with inside_operator():
        placed = things(now, ("carte", 2, 1500), ("jeton", 3, 1000))
        (invoice,) = Invoice.objects.filter(order=placed)
        card, token = (line.position for line in invoice.lines.filter(kind="product"))
        parcel = placed.delivery
    finance = desk(browse, now)
    page = finance.get(url("invoice_credit", invoice.pk))
    assert "combien ne partent plus" in read(page)
    told = {"reason": "Geste commercial", "since": "today", f"line_{token}": "1,00"}
    assert finance.post(url("invoice_credit", invoice.pk), told).status_code == 302
    assert parcel_of(placed) == ({"carte": 2, "jeton": 3}, "planned")
    told = {"reason": "Erreur", "since": "start", f"stays_{token}": "1"}
    assert finance.post(url("invoice_credit", invoice.pk), told).status_code == 422  # and how much of it?
    told |= {f"line_{token}": "9,67", f"stays_{token}": "4"}
    assert finance.post(url("invoice_credit", invoice.pk), told).status_code == 422
    told |= {f"line_{token}": "9,67", f"stays_{token}": "1", f"line_{card}": "30,00"}
    assert finance.post(url("invoice_credit", invoice.pk), told).status_code == 302
    assert parcel_of(placed) == ({"jeton": 2}, "planned")
    with inside_operator():
        assert dict(Product.objects.filter(kind="goods").values_list("key", "stock")) == {
            "carte": 20,
            "jeton": 18,
        }
    label = {"ship-carrier": "La Poste", "ship-tracking": "6A", "ship-reason": "Il est prêt"}
    assert desk(browse, now).post(url("delivery_ship", parcel.pk), label).status_code == 302
    later(clock, minutes=2)
    (mail,) = mails("est en route")
    assert "jeton" in mail.body
    assert "carte" not in mail.body


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Avant que la commande soit payée, la seule carte est créditée en entier : payé, le port ne fait "
    "partir aucun colis.",
)
def test_a_thing_credited_before_its_order_is_paid_is_in_no_parcel(browse, clock, now):
    """The only card is credited in full before its order is paid: once paid, the delivery alone sends no
    parcel.
    """
    with inside_operator():
        placed = things(now, ("carte", 1, 1500), pay=False)
        invoice = invoice_of(placed)
        card = invoice.lines.get(kind="product").position
    finance = desk(browse, now)
    told = {"reason": "Erreur", "since": "start", f"line_{card}": "15,00"}
    assert finance.post(url("invoice_credit", invoice.pk), told).status_code == 302
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "7,08"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert finance.post(url("payment_new"), money).status_code == 302
    later(clock, minutes=12)
    assert stands(placed) == ("open", 0)
    with inside_operator():
        assert Product.objects.get(key="carte").stock == 20


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Une commande remisée de 50 % : créditée deux fois en partie, chaque ligne offre ce qu’il en reste, "
    "pas un centime de plus, et les cartes créditées en entier ne partent plus.",
)
def test_what_is_left_of_a_discounted_line_is_what_was_paid_of_it(browse, clock, now):
    """An order with a discount of 50 %: credited twice in part, each line offers what is left of it, not a
    cent more, and the cards credited in full leave no more.
    """
    with inside_operator():
        placed = things(
            now, ("carte", 2, 1500), ("jeton", 3, 1000), shipping=0, discount=Discount(pct=Decimal(50))
        )
        (invoice,) = Invoice.objects.filter(order=placed)
        card, token = (line.position for line in invoice.lines.filter(kind="product"))
    finance = desk(browse, now)

    def left():
        with inside_operator():
            return {line.position: cents for line, cents in creditable(invoice)}

    def credited(**amounts):
        told = {"reason": "Erreur", "since": "start"} | {
            f"line_{at[1:]}": each for at, each in amounts.items()
        }
        return finance.post(url("invoice_credit", invoice.pk), told).status_code

    assert left() == {card: 1500, token: 1500}
    assert credited(**{f"p{card}": "4,00"}) == 302
    assert left() == {card: 1100, token: 1500}
    assert credited(**{f"p{card}": "11,01"}) == 422
    assert parcel_of(placed)[0] == {"carte": 2, "jeton": 3}
    assert credited(**{f"p{card}": "11,00"}) == 302
    assert left() == {card: 0, token: 1500}
    assert parcel_of(placed)[0] == {"jeton": 3}
    later(clock, minutes=2)
    assert "Ne partent plus" in mails("Avoir")[-1].body
    assert credited(**{f"p{token}": "15,00"}) == 302
    with inside_operator():
        assert balance_of(invoice.pk) == 0
        assert sum(note.net_cents for note in invoice.corrections.all()) == invoice.net_cents


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S7",
    door="page",
    fr="Des cartes créditées avant leur départ : la page de la commande n’annonce plus de colis.",
)
def test_a_parcel_that_stays_here_is_announced_no_more(browse, clock, now):
    """Cards credited before they left: the order's page announces no parcel any more."""
    with inside_operator():
        placed = things(now, ("carte", 2, 1500))
        (invoice,) = Invoice.objects.filter(order=placed)
        contact = placed.contact
        card = invoice.lines.get(kind="product").position
    page = url("portal_order", placed.pk)
    assert "Votre colis" in read(visitor(browse, contact).get(page))
    told = {"reason": "Erreur", "since": "start", f"line_{card}": "30,00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
    assert "Votre colis" not in read(visitor(browse, contact).get(page))
