"""LG-S6.3x: while anything is overdue a pending order can be put on hold, or cancelled at once."""

from datetime import date

import pytest

from billing.models import Order
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import at, desk, live, mails, read, visitor

pytestmark = pytest.mark.django_db
LATE = date(2026, 12, 17)  # the day after the first invoice's due date


@pytest.fixture
def two(clock, now):
    """Return a client's contact with an order left unpaid, and one signed since that waits for its money."""
    with inside_operator():
        contact = ContactFactory()
        first = order_signed(contact, now=now, method="transfer")
        invoice_of(first)
    live(clock, date(2026, 12, 14))
    with inside_operator():
        second = order_signed(contact, now=at(date(2026, 12, 14)), method="transfer", site_slug="annexe")
        invoice_of(second)
    return contact, first, second


def pay(browse, now, order, day):
    """Write down in the console that the money of an order came."""
    with inside_operator():
        invoice = invoice_of(order)
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
    money |= {"received_on": str(day), "credited_on": str(day)}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302


def state_of(order):
    """Return the state of an order."""
    with inside_operator():
        return Order.objects.get(pk=order.pk).state


@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="Une facture en retard, la commande suivante est mise en attente : payée, elle n’ouvre rien ; la "
    "première facture réglée, elle reprend d’elle-même et s’ouvre.",
)
def test_a_pending_order_waits_while_something_else_is_overdue(browse, clock, now, two):
    """An invoice is overdue and the next order is put on hold: paid, it opens nothing; once the first invoice
    is settled it goes on by itself and opens.
    """
    contact, first, second = two
    hold = url("order_hold", second.pk)
    desk(browse, now).post(hold)  # nothing is overdue yet
    assert "en attente : une somme" not in read(desk(browse, now).get(url("order", second.pk)))[:200]
    live(clock, LATE)
    assert desk(browse, now).post(hold).status_code == 302
    pay(browse, now, second, LATE)
    live(clock, date(2026, 12, 18))
    assert state_of(second) == "funded"
    assert (
        "en attente : une somme" in read(visitor(browse, contact).get(url("portal_order", second.pk)))[:200]
    )
    pay(browse, now, first, "2026-12-18")
    live(clock, date(2026, 12, 19))
    assert (state_of(first), state_of(second)) == ("open", "open")


@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="Trois jours après sa signature, une commande ne s’annule pas encore ; une autre facture en retard, "
    "elle s’annule sur-le-champ, et le client lit pourquoi.",
)
def test_a_pending_order_is_cancelled_at_once_while_something_is_overdue(browse, clock, now, two):
    """Three days after its signature an order can't be cancelled yet; once another invoice is overdue it is
    cancelled at once, and the client reads why.
    """
    _contact, _first, second = two
    cancel = url("order_cancel", second.pk)
    live(clock, date(2026, 12, 16))
    desk(browse, now).post(cancel, {"reason": "retard"})
    assert state_of(second) == "waiting"
    live(clock, LATE)
    assert desk(browse, now).post(cancel, {"reason": "retard"}).status_code == 302
    live(clock, date(2026, 12, 18))
    assert state_of(second) == "cancelled"
    assert "parce qu’une somme que vous devez est en retard" in mails("annulée")[0].body
