"""Stock gone after an order was validated.

An equivalent with the buyer's express word, else all is paid back.
"""

from datetime import date, datetime, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from billing.fulfilment.actions.plan_delivery import AwaitsAnswer
from billing.fulfilment.queries.deliveries import picking_list, things_in
from billing.invoicing.queries.balances import balance_of
from billing.models import Invoice, Refund, StockMove, UnavailableLine
from billing.payments.actions.refund_payment import note_refund_sent
from billing.returns.actions.accept_substitute import accept_substitute
from billing.returns.actions.confirm_unavailable import StillAvailable, UnavailableItem, confirm_unavailable
from billing.returns.actions.refund_unavailable import AnsweredAlready, refund_unavailable
from billing.returns.queries.withdrawals import choices
from demo.factories.billing import ContactFactory, invoice_of
from demo.world import live_until
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import sent, tell, thing, things
from tests.billing.support import buyer, clerk, rows_of, url

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def say(order, now, *, position=1, quantity=1, substitute=None):
    missing = UnavailableItem(position, quantity, MONDAY, substitute.pk if substitute else None)
    return confirm_unavailable(order_id=order.pk, missing=missing, by=None, now=now, today=MONDAY)


def owed():
    return Obligation.objects.get(clause="LG-S10.1")


def notes(order):
    return Invoice.objects.filter(order=order, kind="credit_note")


@pytest.mark.usefixtures("as_operator")
def test_without_an_equivalent_all_is_credited_and_asked_back_at_once(now, mailoutbox):
    order = things(now, ("carte", 2, 1500))
    gone = say(order, now, quantity=2)
    assert (gone.refund_by, owed().due_at) == (
        date(2026, 12, 16),
        datetime.fromisoformat("2026-12-16T23:00:00+00:00"),
    )
    assert notes(order).get().gross_cents == order.gross_cents  # the delivery too: nothing else ships
    assert Refund.objects.get().amount_cents == order.gross_cents
    order.delivery.refresh_from_db()
    assert order.delivery.state == "cancelled"
    assert thing().stock == 18  # what isn't there doesn't go back on the shelf
    send_outbox(now)
    (mail,) = [each for each in mailoutbox if "ne peut" in each.subject]
    assert [name for name, *_rest in mail.attachments] == [f"{notes(order).get().number}.pdf"]
    tick(now + timedelta(days=1))
    assert owed().state == "owed"  # until the money has left
    note_refund_sent(refund_id=Refund.objects.get().pk, sent_on=MONDAY, by=None, now=now)
    tick(now + timedelta(days=3))
    assert owed().state == "kept"
    assert notes(order).count() == Refund.objects.count() == 1


@pytest.mark.usefixtures("as_operator")
def test_a_cheaper_equivalent_is_sent_with_the_parcel_and_the_difference_paid_back(now, mailoutbox):
    order = things(now, ("carte", 3, 1500))
    other = thing("affiche", 890)
    gone = say(order, now, quantity=2, substitute=other)
    assert (gone.state, gone.unit_net_cents, gone.answer_by) == ("asked", 890, date(2026, 11, 23))
    assert thing("affiche").stock == 18  # put aside
    assert not notes(order).exists()
    with pytest.raises(AwaitsAnswer):
        sent(order, now)
    assert picking_list(date(2026, 11, 17), today=MONDAY).to_fetch == []
    send_outbox(now)
    assert any("réponse" in each.subject for each in mailoutbox)
    accept_substitute(impossible_id=gone.pk, by=None, now=now, today=MONDAY)
    packed = [(each.product.key, each.to_ship) for each in things_in(order.delivery)]
    assert packed == [("carte", 1), ("affiche", 2)]
    assert picking_list(date(2026, 11, 17), today=MONDAY).to_fetch == [
        ("affiche", "Affiche", 2),
        ("carte", "Carte", 1),
    ]
    assert notes(order).get().net_cents == 2 * (1500 - 890)
    assert Refund.objects.get().amount_cents == notes(order).get().gross_cents
    assert balance_of(invoice_of(order).pk) == 0
    sent(order, now)
    with pytest.raises(AnsweredAlready):
        refund_unavailable(impossible_id=gone.pk, by=None, now=now, today=MONDAY, answered_on=MONDAY)


@pytest.mark.usefixtures("as_operator")
def test_a_dearer_equivalent_costs_no_more(now):
    order = things(now, ("carte", 1, 1500))
    other = thing("atlas", 4000)
    gone = say(order, now, substitute=other)
    assert gone.unit_net_cents == 1500
    accept_substitute(impossible_id=gone.pk, by=None, now=now, today=MONDAY)
    assert not notes(order).exists()
    tick(now + timedelta(days=9))
    assert owed().state == "kept"


@pytest.mark.usefixtures("as_operator")
def test_a_no_pays_back_at_once_and_the_rest_is_sent(now):
    order = things(now, ("carte", 1, 1500), ("affiche", 2, 890))
    other = thing("atlas", 1400)
    gone = say(order, now, substitute=other)
    refund_unavailable(impossible_id=gone.pk, by=None, now=now, today=MONDAY, answered_on=MONDAY)
    assert notes(order).get().net_cents == 1500  # the delivery stays due: something else ships
    assert Refund.objects.get().amount_cents == 1800
    assert thing("atlas").stock == 20
    assert [(each.product.key, each.to_ship) for each in things_in(order.delivery)] == [("affiche", 2)]
    assert [choice.line.position for choice in choices(order, received_on=MONDAY)] == [2]
    sent(order, now)


@pytest.mark.usefixtures("as_operator")
def test_silence_is_no_agreement(now):
    order = things(now, ("carte", 1, 1500))
    other = thing("atlas", 1400)
    gone = say(order, now, substitute=other)
    live_until(now + timedelta(days=6))
    gone.refresh_from_db()
    assert gone.state == "asked"
    live_until(now + timedelta(days=8))
    gone.refresh_from_db()
    assert (gone.state, gone.answered_on) == ("refunded", None)
    assert notes(order).get().gross_cents == order.gross_cents
    with pytest.raises(AnsweredAlready):
        accept_substitute(impossible_id=gone.pk, by=None, now=now, today=MONDAY)


@pytest.mark.usefixtures("as_operator")
def test_a_withdrawal_gives_back_what_was_paid_after_the_difference(now):
    order = things(now, ("carte", 3, 1500))
    other = thing("affiche", 890)
    gone = say(order, now, quantity=2, substitute=other)
    accept_substitute(impossible_id=gone.pk, by=None, now=now, today=MONDAY)
    tell(order, {1: 3}, now)
    assert sum(each.gross_cents for each in notes(order)) == order.gross_cents
    assert (thing("carte").stock, thing("affiche").stock) == (18, 20)
    assert sum(StockMove.objects.filter(order=order, product=other).values_list("quantity", flat=True)) == 0


@pytest.mark.usefixtures("as_operator")
def test_an_unpaid_order_of_which_nothing_is_left_is_void(now):
    order = things(now, ("carte", 1, 1500), pay=False)
    say(order, now)
    order.refresh_from_db()
    assert (order.state, order.cancel_reason, balance_of(invoice_of(order).pk)) == (
        "cancelled",
        "impossible",
        0,
    )
    assert not Refund.objects.exists()
    assert thing().stock == 19


@pytest.mark.usefixtures("as_operator")
def test_what_left_or_was_said_already_cant_be_said(now):
    order = things(now, ("carte", 2, 1500), ("affiche", 2, 890))
    with pytest.raises(StillAvailable, match="nothing"):
        say(order, now, quantity=3)
    say(order, now)
    with pytest.raises(StillAvailable, match="nothing"):
        say(order, now)
    with pytest.raises(StillAvailable, match="equivalent"):
        say(order, now, position=2, substitute=thing("affiche"))
    with pytest.raises(StillAvailable, match="gone"):
        say(order, now, position=2, quantity=2, substitute=thing("atlas", 800, stock=1))
    sent(order, now)
    with pytest.raises(StillAvailable, match="shipped"):
        say(order, now, position=2)


def test_finance_says_it_and_the_buyer_answers(browse, now):
    with inside_operator():
        contact = ContactFactory()
        order = things(now, ("carte", 2, 1500), contact=contact)
        other = thing("affiche", 890)
    maud = clerk(browse, now)
    assert url("unavailable_confirm", order.pk) in maud.get(url("order", order.pk)).content.decode()
    page = url("unavailable_confirm", order.pk)
    typed = {"line": "1", "quantity": "3", "on": "2026-11-16", "substitute": str(other.pk)}
    assert "Affiche" in maud.get(page).content.decode()
    assert maud.post(page, typed).status_code == 422
    assert maud.post(page, typed | {"quantity": "1"}).status_code == 302
    (gone,) = rows_of(UnavailableLine.objects)
    client = buyer(browse, contact)
    asked = client.get(url("portal_order", order.pk)).content.decode()
    assert url("portal_unavailable", gone.pk) in asked
    assert client.get(url("portal_unavailable", gone.pk)).status_code == 302
    client.post(url("portal_unavailable", gone.pk), {"answer": "agree"})
    assert rows_of(UnavailableLine.objects)[0].state == "agreed"
    assert (
        client.post(url("portal_unavailable", gone.pk), {"answer": "decline"}, follow=True).status_code == 200
    )
    assert rows_of(UnavailableLine.objects)[0].state == "agreed"
    for browser, shown in ((maud, url("order", order.pk)), (client, url("portal_order", order.pk))):
        assert "Affiche" in browser.get(shown).content.decode()
    with inside_operator():
        stranger = ContactFactory()
    assert (
        buyer(browse, stranger).post(url("portal_unavailable", gone.pk), {"answer": "decline"}).status_code
        == 404
    )
