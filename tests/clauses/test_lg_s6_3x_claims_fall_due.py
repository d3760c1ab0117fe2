"""LG-S6.3x: a claim for late interest that isn't paid by its day is overdue like an invoice."""

from datetime import date
from typing import Any

import pytest

from billing.collections.queries.blocks import OverdueOpen, check_payments
from billing.models import Order
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, read, visitor
from tests.clauses.test_lg_s6_3p_claims_are_paid import drawn, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(now: Any) -> Any:
    """Return an invoice of 2,940.00 EUR, due on 16 December 2026."""
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer", quantity=500))


@pytest.fixture
def claim(browse: Any, clock: Any, now: Any, invoice: Any) -> Any:
    """Return the claim of 69.96 EUR drawn on 15 January 2027."""
    return drawn(browse, clock, now, invoice)


def is_held(order: Any) -> bool:
    """Return whether an order is on hold."""
    (found,) = rows_of(Order.objects.filter(pk=order.pk))
    return found.held_at is not None


@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="La facture est payée en retard, le décompte non : jusqu’à son jour il n’est en retard de rien, après "
    "l’école ne signe plus de devis et son colis attend, jusqu’à ce qu’il soit payé.",
)
def test_an_unpaid_claim_is_overdue_after_its_day(browse, clock, now, invoice, claim):
    """The invoice is paid late, the claim isn't: until its day nothing is overdue; after it a quote can't be
    signed and an order on hold waits, until it is paid.
    """
    assert claim.due_on == date(2027, 2, 14)
    live(clock, date(2027, 1, 20))
    pay(desk(browse, now), invoice, "2940", "2027-01-20")
    with inside_operator():
        contact = invoice.order.contact
        waiting = order_signed(contact, now=at(date(2027, 1, 20)), method="transfer", site_slug="annexe")
    hold = url("order_hold", waiting.pk)
    live(clock, date(2027, 2, 14))
    desk(browse, now).post(hold)  # it can still be paid today
    assert not is_held(waiting)
    assert "rien n’est en retard" in read(desk(browse, now).get(url("todo")))
    live(clock, date(2027, 2, 15))
    finance = desk(browse, now)
    assert "69,96" in read(finance.get(url("todo")))
    assert finance.post(hold).status_code == 302
    assert is_held(waiting)
    with inside_operator(), pytest.raises(OverdueOpen):
        check_payments(invoice.customer_id, date(2027, 2, 15))
    assert "en retard" in read(visitor(browse, contact).get(url("portal_claims")))
    paid = {"paid-amount": "69,96", "paid-on": "2027-02-15", "paid-reference": claim.number}
    assert finance.post(url("interest_claim_pay", claim.pk), paid).status_code == 302
    assert not is_held(waiting)
    with inside_operator():
        check_payments(invoice.customer_id, date(2027, 2, 15))


@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="Un décompte en retard passé en perte n’arrête plus rien : la commande en attente reprend.",
)
def test_a_claim_given_up_stops_nothing(browse, clock, now, invoice, claim):
    """An overdue claim that is written off stops nothing any more: the order on hold goes on."""
    live(clock, date(2027, 1, 20))
    pay(desk(browse, now), invoice, "2940", "2027-01-20")
    with inside_operator():
        waiting = order_signed(
            invoice.order.contact, now=at(date(2027, 1, 20)), method="transfer", site_slug="annexe"
        )
    live(clock, date(2027, 2, 15))
    finance = desk(browse, now)
    assert finance.post(url("order_hold", waiting.pk)).status_code == 302
    lost = {
        "amount": "69,96",
        "on": "2027-02-15",
        "reason": "insolvency",
        "words": "Liquidation",
        "confirm": "1",
    }
    finance.post(url("claim_write_off", claim.pk), lost)
    assert not is_held(waiting)
