"""LG-S5.2d: of an order for several schools, what was credited in full opens, adds and renews nothing."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount
from billing.invoicing.queries.balances import with_balance
from billing.models import Invoice, Order, Payment, Product, QuoteVersion, Refund, Subscription
from billing.quotes.actions.write_quote import SiteDraft
from demo.factories.billing import catalogue, order_signed, quote_sent
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import (
    at,
    credit_whole,
    desk,
    ended_for_breach,
    later,
    live,
    mails,
    paid,
    plain,
    read,
    receive,
    sign,
    visitor,
)
from tests.clauses.test_lg_s20_3e_not_begun import balance


def two_schools(now, **chosen):
    """Return an order signed for two schools, a hundred and eighty children."""
    with inside_operator():
        catalogue()
        school = Product.objects.get(key="preau-ecole")
        sites = [SiteDraft("École du Bac", "bac"), SiteDraft("École du Pré", "pre")]
        lines = [
            LineDraft(school.pk, site.name, count, 490, site=n)
            for n, (site, count) in enumerate(zip(sites, (100, 80), strict=True))
        ]
        return order_signed(None, now=now, sites=sites, lines=lines, method="transfer", **chosen)


def subscriptions():
    rows = Subscription.objects.select_related("contract__tenant", "contact__customer")
    return rows_of(rows.order_by("contract__tenant__slug", "activated_on"))


def left_of(order):
    (invoice,) = rows_of(Invoice.objects.filter(order=order, kind="invoice", is_down_payment=False))
    return invoice


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Deux écoles sur une commande ; la ligne de l’une est créditée en entier avant le paiement : le reste "
    "payé n’ouvre que l’autre.",
)
def test_a_school_whose_line_was_credited_before_it_was_paid_does_not_open(browse, clock, now):
    """Two schools on one order; the line of one is credited in full before it is paid: the rest, paid, opens
    the other alone.
    """
    order = two_schools(now, renewal="automatic")
    invoice = left_of(order)
    told = {"reason": "Bac renonce", "since": "start", "line_1": "490.00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{balance(order) / 100:.2f}"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    later(clock, minutes=15)
    assert [each.contract.tenant.slug for each in subscriptions()] == ["pre"]


@pytest.mark.django_db
def test_a_school_whose_line_is_credited_once_it_runs_says_so_and_the_other_does_not(browse, now):
    order = two_schools(now, renewal="automatic")
    invoice = paid(order, now)
    told = {"reason": "Geste pour le Bac", "since": "start", "line_1": "490.00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
    bac, pre = subscriptions()
    words = [
        read(desk(browse, now).get(url("subscription", each.pk))).split("Historique")[0]
        for each in (bac, pre)
    ]
    assert ["prix crédité" in said for said in words] == [True, False]


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S20.1",
    "LG-S5.2d",
    door="page",
    fr="Un renouvellement pour deux écoles est signé, l’une est résiliée pour manquement : sa part est "
    "créditée, acompte compris, et le reste payé ne rouvre que l’autre.",
)
@pytest.mark.parametrize("deposit", [0, 30, 60])
def test_the_renewal_of_a_school_that_ended_does_not_open_it_again(browse, clock, now, deposit):
    """A renewal for two schools is signed, one is ended for a breach: its share is credited, of the deposit
    too, and the rest, paid, renews the other alone.
    """
    order = two_schools(now, renewal="fixed")
    paid(order, now)
    bac, pre = subscriptions()
    live(clock, date(2027, 10, 12), date(2027, 10, 18))
    with inside_operator():
        sites = [SiteDraft(each.contract.tenant.name, each.contract.tenant.slug) for each in (bac, pre)]
        lines = [
            LineDraft(each.product_id, site.name, count, 490, site=n, contract_id=each.contract_id)
            for n, (each, site, count) in enumerate(zip((bac, pre), sites, (100, 80), strict=True))
        ]
        sold = {"lines": lines, "sites": sites, "method": "transfer", "renewal": "fixed"}
        sent = quote_sent(bac.contact, now=at(date(2027, 10, 18)), down_payment_pct=deposit, **sold)
        version = QuoteVersion.objects.select_related("quote__contact__customer").get(pk=sent.pk)
    sign(visitor(browse, bac.contact), version)
    (renewal,) = rows_of(Order.objects.filter(version=version))
    days = (date(2027, 10, 18), date(2027, 10, 19), date(2027, 11, 4))
    ended_for_breach(browse, clock, now, bac, *days)
    assert balance(renewal) == 80 * 490 * 120 // 100
    for each in rows_of(Invoice.objects.filter(order=renewal, kind="invoice").order_by("issued_on")):
        receive(browse, now, each, date(2027, 11, 4))
    later(clock, minutes=15)
    live(clock, date(2027, 11, 5), date(2027, 11, 16), date(2027, 11, 17))
    found = {(each.contract.tenant.slug, each.ended_on is None) for each in subscriptions()}
    assert found == {("bac", False), ("pre", True)}
    page = read(visitor(browse, bac.contact).get(url("portal_order", renewal.pk)))
    assert "École du Bac" not in page or "crédit" in page


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Une école offerte à cent pour cent reste vendue quand le port seul est crédité : elle ouvre.",
)
def test_what_was_given_for_nothing_opens_though_its_delivery_is_credited(browse, clock, now):
    """A school given at a hundred per cent off is sold when its delivery alone is credited: it opens."""
    order = two_schools(now, renewal="automatic", discount=Discount(pct=Decimal(100)), shipping_cents=1000)
    invoice = left_of(order)
    delivery = next(line for line in rows_of(invoice.lines.all()) if line.kind == "shipping")
    told = {"reason": "Port offert", "since": "start", f"line_{delivery.position}": "5.00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{balance(order) / 100:.2f}"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    later(clock, minutes=15)
    assert [each.contract.tenant.slug for each in subscriptions()] == ["bac", "pre"]


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S8",
    door="page",
    fr="Deux écoles, un acompte de moitié : la ligne de l’une créditée mange tout le solde, l’acompte paie "
    "l’autre au centime ; elle ouvre, avant comme après, et la commande n’est pas dite créditée.",
)
@pytest.mark.parametrize("paid_first", [True, False])
def test_what_a_deposit_pays_in_full_opens_once_the_other_line_is_credited(browse, clock, now, paid_first):
    """Two schools and a deposit of half: the line of one, credited, uses up the rest, the deposit pays for
    the other to the cent; it opens, paid before or after, and the order is not called credited.
    """
    order = two_schools(now, renewal="automatic", down_payment_pct=50)
    (deposit,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=True))
    if paid_first:
        receive(browse, now, deposit, date(2026, 11, 16))
    else:
        assert desk(browse, now).post(url("order_final", order.pk)).status_code == 302
    later(clock, minutes=3)
    told = {"reason": "Bac renonce", "since": "start", "line_1": "490.00"}
    assert desk(browse, now).post(url("invoice_credit", left_of(order).pk), told).status_code == 302
    if not paid_first:
        left = {"invoice": str(deposit.pk), "method": "transfer", "amount": f"{balance(order) / 100:.2f}"}
        left |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
        assert desk(browse, now).post(url("payment_new"), left).status_code == 302
    later(clock, minutes=15)
    assert [each.contract.tenant.slug for each in subscriptions()] == ["pre"]
    page = read(desk(browse, now).get(url("order", order.pk)))
    assert "ouverte" in page
    (placed,) = rows_of(Order.objects)
    assert placed.ownership_on is not None


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S19",
    door="page",
    fr="Un acompte est crédité en entier alors que son chèque est en main : le chèque crédité, "
    "personne n’est remercié de l’acompte, et le solde ne se demande pas tout seul.",
)
def test_a_deposit_credited_while_its_cheque_is_in_hand_asks_nothing_more(browse, clock, now):
    """A deposit is credited in full while its cheque is in hand: once the cheque is credited nobody is
    thanked for the deposit, the rest isn't asked by itself, and the order can be cancelled at once.
    """
    order = two_schools(now, renewal="automatic", down_payment_pct=40)
    (deposit,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=True))
    receive(browse, now, deposit, date(2026, 11, 16), method="cheque", credited=False)
    credit_whole(browse, now, deposit)
    (cheque,) = rows_of(Payment.objects)
    live(clock, date(2026, 11, 18))
    credited = {"credit-on": "2026-11-18"}
    answer = desk(browse, now).post(url("payment_credit", cheque.pk), credited)
    assert answer.status_code == 302, read(answer)[:600]
    later(clock, minutes=15)
    assert rows_of(Invoice.objects.filter(order=order, kind="invoice", is_down_payment=False)) == []
    assert not [each for each in mails("") if "est payé, merci" in plain(each.body)]
    cancelled = desk(browse, now).post(url("order_cancel", order.pk), {"reason": "Plus rien n’est demandé"})
    assert cancelled.status_code == 302
    later(clock, minutes=15)
    (told,) = mails("est annulée")
    assert "avaient repris tout ce qu’elle demandait" in plain(told.body)
    assert "en retard" not in plain(told.body)
    assert rows_of(Order.objects)[0].state == "cancelled"
    page = read(visitor(browse, order.contact).get(url("portal_order", order.pk)))
    assert "Des avoirs avaient repris tout ce qu’elle demandait" in page
    assert "en retard" not in page


def asked(order):
    """Return what is left to pay of the invoices of an order, in cents."""
    rows = with_balance(Invoice.objects.filter(order=order, kind="invoice"))
    return sum(each.balance_cents for each in rows_of(rows))


def _bounced_deposit_paid_rest(browse, clock, now):
    """Return an order of two schools: its deposit came back unpaid after the rest was paid."""
    order = two_schools(now, renewal="automatic", down_payment_pct=30)
    (deposit,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=True))
    receive(browse, now, deposit, date(2026, 11, 16), method="cheque", credited=False)
    assert desk(browse, now).post(url("order_final", order.pk)).status_code == 302
    later(clock, minutes=3)
    receive(browse, now, left_of(order), date(2026, 11, 16))
    return order, deposit


def _bounce(browse, now, payment, on):
    told = {"bounce-on": on, "bounce-reason": "Sans provision"}
    answer = desk(browse, now).post(url("payment_bounce", payment.pk), told)
    assert answer.status_code == 302, read(answer)[:600]


def _credit_bac(browse, now, order):
    told = {"reason": "Bac renonce", "since": "start", "line_1": "490.00"}
    assert desk(browse, now).post(url("invoice_credit", left_of(order).pk), told).status_code == 302


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="L’acompte est revenu impayé, le solde est payé ; la ligne d’une école est créditée, avant ou après : "
    "ce qu’elle rend paie l’acompte, l’autre école ouvre, personne n’est pressé, le reste est rendu.",
)
@pytest.mark.parametrize("credited_first", [True, False])
def test_what_a_credited_line_gives_back_pays_what_its_order_still_asks(browse, clock, now, credited_first):
    """A deposit came back unpaid, the rest is paid; the line of one school is credited, before or after:
    what that gives back pays the deposit, the other school opens, nobody is pressed, the rest is returned.
    """
    order, deposit = _bounced_deposit_paid_rest(browse, clock, now)
    (cheque,) = rows_of(Payment.objects.filter(method="cheque"))
    steps = [lambda: _bounce(browse, now, cheque, "2026-11-16"), lambda: _credit_bac(browse, now, order)]
    for step in reversed(steps) if credited_first else steps:
        step()
    later(clock, minutes=15)
    assert asked(order) == 0
    assert [each.contract.tenant.slug for each in subscriptions()] == ["pre"]
    (note,) = rows_of(Invoice.objects.filter(order=order, kind="credit_note"))
    told = plain(next(each.body for each in mails("") if note.number in plain(each.body)))
    assert credited_first or f"paient la facture {deposit.number}, de la même commande" in told
    answer = desk(browse, now).post(url("note_refund", note.pk))
    assert answer.status_code == 302
    (refund,) = rows_of(Refund.objects)
    assert refund.amount_cents == 100 * 490 * 120 // 100 - deposit.gross_cents


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S6.2k",
    door="page",
    fr="La ligne d’une école paie l’acompte revenu impayé, puis toute la commande est créditée : tout ce qui "
    "a été payé est rendu, au centime, où que l’argent ait été mis.",
)
def test_money_that_paid_beside_its_invoice_comes_back_with_the_whole_order(browse, clock, now):
    """The line of one school pays the deposit that came back unpaid, then the whole order is credited: all
    that was paid goes back, to the cent, wherever it had been put.
    """
    order, _deposit = _bounced_deposit_paid_rest(browse, clock, now)
    (cheque,) = rows_of(Payment.objects.filter(method="cheque"))
    (money,) = rows_of(Payment.objects.exclude(method="cheque"))
    _bounce(browse, now, cheque, "2026-11-16")
    _credit_bac(browse, now, order)
    answer = desk(browse, now).post(
        url("invoice_credit", left_of(order).pk), {"reason": "Tout", "since": "start", "order": "1"}
    )
    assert answer.status_code == 302, read(answer)[:900]
    for note in rows_of(Invoice.objects.filter(order=order, kind="credit_note")):
        desk(browse, now).post(url("note_refund", note.pk))
    assert sum(each.amount_cents for each in rows_of(Refund.objects)) == money.amount_cents
    assert asked(order) == 0


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Une ligne est créditée pendant que le chèque du solde est en main et que l’acompte manque : une fois "
    "le chèque crédité, ce qu’elle rend paie l’acompte et l’autre école ouvre.",
)
def test_money_credited_after_the_note_pays_what_the_order_still_asks(browse, clock, now):
    """A line is credited while the cheque of the rest is in hand and the deposit is unpaid: the cheque
    credited, what the line gives back pays the deposit and the other school opens.
    """
    order = two_schools(now, renewal="automatic", down_payment_pct=30)
    assert desk(browse, now).post(url("order_final", order.pk)).status_code == 302
    later(clock, minutes=3)
    receive(browse, now, left_of(order), date(2026, 11, 16), method="cheque", credited=False)
    _credit_bac(browse, now, order)
    (cheque,) = rows_of(Payment.objects)
    live(clock, date(2026, 11, 18))
    credited = {"credit-on": "2026-11-18"}
    assert desk(browse, now).post(url("payment_credit", cheque.pk), credited).status_code == 302
    later(clock, minutes=15)
    assert asked(order) == 0
    assert [each.contract.tenant.slug for each in subscriptions()] == ["pre"]


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Un acompte payé, que la facture du solde déduit, ne se crédite pas seul : finance lit où créditer, "
    "et rien n’ouvre sur son argent.",
)
def test_a_paid_deposit_is_not_credited_apart_from_the_rest_that_deducts_it(browse, clock, now):
    """A paid deposit that the invoice of the rest deducts isn't credited by itself: finance reads where to
    credit, and nothing opens on its money.
    """
    order = two_schools(now, renewal="automatic", down_payment_pct=60)
    (deposit,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=True))
    receive(browse, now, deposit, date(2026, 11, 16))
    later(clock, minutes=3)
    rest = left_of(order)
    told = {"reason": "Erreur", "since": "start", "whole": "1"}
    answer = desk(browse, now).post(url("invoice_credit", deposit.pk), told)
    assert answer.status_code == 422
    assert f"est déduit dans {rest.number}" in plain(answer.content.decode())
    later(clock, minutes=15)
    assert (asked(order), subscriptions()) == (rest.gross_cents, [])
    told = {"reason": "Erreur", "since": "start", "order": "1"}
    assert desk(browse, now).post(url("invoice_credit", rest.pk), told).status_code == 302
    for note in rows_of(Invoice.objects.filter(order=order, kind="credit_note")):
        desk(browse, now).post(url("note_refund", note.pk))
    assert sum(each.amount_cents for each in rows_of(Refund.objects)) == deposit.gross_cents
