"""LG-S22: what is given back is never more than came, whatever the bank takes back before or after."""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.models import Payment, Refund, Return
from billing.payments.actions.receive_on_account import receive_on_account
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import family, sent, things
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, later, live, mails, plain, read, visitor

OUT = {"bounce-on": "2026-11-18", "bounce-reason": "provision insuffisante"}


def withdrawn(browse, now):
    """Return a consumer's order of two cards, paid and withdrawn from before they left."""
    with inside_operator():
        order = things(now, ("carte", 2, 1500), contact=family())
        contact = order.contact
    told = {f"line_{line.position}": "2" for line in rows_of(order.lines.filter(kind="product"))}
    page = visitor(browse, contact)
    assert page.post(url("portal_withdraw", order.pk), told | {"confirm": "1"}).status_code == 302
    return order, contact


def refund_of():
    (refund,) = rows_of(Refund.objects.all())
    return refund


def promise_of_refund():
    with inside_operator():
        return Obligation.objects.filter(clause="LG-S22", kind="refund").latest("created_at").state


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille se rétracte, son remboursement est demandé, puis la banque reprend son virement : rien "
    "n’est plus à rembourser, et personne ne peut dire que c’est parti.",
)
def test_a_refund_that_was_asked_falls_with_its_payment(browse, clock, now):
    """A family withdraws and its refund is asked, then the bank takes the transfer back: nothing is to be
    given back any more, and nobody can say that it left.
    """
    withdrawn(browse, now)
    live(clock, date(2026, 11, 17))
    assert "Rembourser" in read(desk(browse, now).get(url("todo")))
    (payment,) = rows_of(Payment.objects.all())
    live(clock, date(2026, 11, 18))
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    assert "Rembourser" not in read(desk(browse, now).get(url("todo")))
    desk(browse, now).post(url("refund_sent", refund_of().pk))
    assert refund_of().state == "dropped"
    assert "non effectué" in read(desk(browse, now).get(url("payment", payment.pk)))
    later(clock, minutes=2)
    (mail,) = mails("rejeté")
    assert "comme avoir" not in plain(mail.body)
    live(clock, date(2026, 11, 19), date(2026, 12, 2), date(2026, 12, 3))
    assert promise_of_refund() == "dropped"


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Le remboursement est parti, puis la banque reprend le virement de la famille : elle apprend combien "
    "renvoyer, finance le voit jusqu’à son retour.",
)
def test_what_was_given_back_of_money_that_left_is_asked_back(browse, clock, now):
    """The refund left, then the bank takes the family's transfer back: they are told how much to send back,
    and finance sees it until it is there.
    """
    order, contact = withdrawn(browse, now)
    live(clock, date(2026, 11, 17))
    mine, theirs = url("order", order.pk), url("portal_order", order.pk)
    assert "Remboursement" not in read(desk(browse, now).get(mine))
    assert desk(browse, now).post(url("refund_sent", refund_of().pk)).status_code == 302
    for told in (read(desk(browse, now).get(mine)), read(visitor(browse, contact).get(theirs))):
        assert "vous ont été remboursés le 17 novembre 2026" in told
        assert "au plus tard" not in told
    (payment,) = rows_of(Payment.objects.all())
    live(clock, date(2026, 11, 18))
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    later(clock, minutes=2)
    amount = f"{payment.amount_cents / 100:.2f}".replace(".", ",")
    (mail,) = mails("rejeté")
    assert f"rendu {amount} €" in plain(mail.body)
    assert "renvoyez-les" in mail.body
    home = read(visitor(browse, contact).get(url("portal")))
    assert "À nous renvoyer" in home
    assert amount in home
    words = read(desk(browse, now).get(url("todo")))
    assert "rejeté depuis" in words
    assert amount in words
    assert desk(browse, now).post(url("refund_returned", refund_of().pk)).status_code == 302
    assert "rejeté depuis" not in read(desk(browse, now).get(url("todo")))
    account = read(visitor(browse, contact).get(url("portal_statement")))
    assert "0,00 €" in account
    desk(browse, now).post(url("refund_returned", refund_of().pk))
    assert refund_of().state == "failed"


@pytest.mark.story(
    "LG-S22",
    "LG-S5.2d",
    door="page",
    fr="Un virement prouvé par écrit, puis une rétractation avant l’arrivée des fonds : rien n’est dû tant "
    "que rien n’est venu.",
)
def test_what_was_only_proved_is_owed_to_nobody(browse, clock, now):
    """A transfer is proved in writing, then the family withdraws before the funds come: nothing is owed as
    long as nothing came.
    """
    with inside_operator():
        order = things(now, ("carte", 2, 1500), contact=family(), pay=False)
        invoice = order.invoices.get()
        contact = order.contact
    proof = {"received_on": "2026-11-16", "proof_document": "Avis d’exécution du 16 novembre 2026"}
    proof |= {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{invoice.gross_cents / 100:.2f}"}
    assert desk(browse, now).post(url("payment_new"), proof).status_code == 302
    told = {f"line_{line.position}": "2" for line in rows_of(order.lines.filter(kind="product"))}
    page = visitor(browse, order.contact)
    assert page.post(url("portal_withdraw", order.pk), told | {"confirm": "1"}).status_code == 302
    theirs = url("portal_order", order.pk)
    live(clock, date(2026, 11, 17))
    words = read(desk(browse, now).get(url("todo")))
    assert "Rembourser" not in words
    assert "Créditer le virement" in words
    page = visitor(browse, contact)
    for words in (read(desk(browse, now).get(url("order", order.pk))), read(page.get(theirs))):
        assert "Rien n’a été payé" not in words
    account = read(visitor(browse, contact).get(url("portal_statement")))
    assert "Pas encore arrivé" in account
    assert "Somme détenue" not in account


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Ce qu’il fallait renvoyer vient avec le nouveau virement, gardé en trop : noter son retour le prend "
    "sur cet argent, et le compte est à zéro.",
)
def test_what_comes_back_with_the_next_payment_is_counted_once(browse, clock, now):
    """What was to be sent back comes with the next transfer, kept as too much: noting its return takes it off
    that money, and the account is at zero.
    """
    order, contact = withdrawn(browse, now)
    live(clock, date(2026, 11, 17))
    assert desk(browse, now).post(url("refund_sent", refund_of().pk)).status_code == 302
    (payment,) = rows_of(Payment.objects.all())
    live(clock, date(2026, 11, 18))
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    with inside_operator():
        customer = order.customer
        day = date(2026, 11, 18)
        receive_on_account(
            customer_id=customer.pk,
            amount_cents=payment.amount_cents,
            currency="EUR",
            credited_on=day,
            reference="RETOUR",
            by=None,
            now=at(day),
        )
    assert desk(browse, now).post(url("refund_returned", refund_of().pk)).status_code == 302
    assert refund_of().state == "made"
    words = read(desk(browse, now).get(url("todo")))
    assert "rejeté depuis" not in words
    assert "Rembourser" not in words
    account = read(visitor(browse, contact).get(url("portal_statement")))
    assert "0,00 €" in account


@pytest.mark.story(
    "LG-S22",
    door="mail",
    fr="Les cartes sont chez la famille, la banque reprend son virement, elle se rétracte et les renvoie : "
    "l’avoir part, aucun remboursement n’est annoncé.",
)
def test_no_refund_is_announced_of_what_was_never_paid(browse, clock, now):
    """The cards are with the family, the bank takes its transfer back, they withdraw and send them back: the
    credit note leaves, no refund is announced.
    """
    with inside_operator():
        order = things(now, ("carte", 2, 1500), contact=family())
        sent(order, now, arrived=date(2026, 11, 16))
        contact = order.contact
    (payment,) = rows_of(Payment.objects.all())
    live(clock, date(2026, 11, 18))
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    told = {f"line_{line.position}": "2" for line in rows_of(order.lines.filter(kind="product"))}
    page = visitor(browse, contact)
    assert page.post(url("portal_withdraw", order.pk), told | {"confirm": "1"}).status_code == 302
    (back,) = rows_of(Return.objects.all())
    live(clock, date(2026, 11, 20))
    came = desk(browse, now).post(
        url("return_receive", back.pk), {"receive-on": "2026-11-20", "receive-is_complete": "yes"}
    )
    assert came.status_code == 302
    later(clock, minutes=3)
    live(clock, date(2026, 11, 21))
    (mail,) = mails("est crédité")
    assert "remboursés" not in plain(mail.body)
    assert not mails("Nous remboursons")
    assert rows_of(Refund.objects.all()) == []
