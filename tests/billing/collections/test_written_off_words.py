"""What was given up reads as closed to its client, and what undid it reads in French."""

from datetime import date

import pytest

from billing.models import InterestClaim, WriteOff
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, read, visitor

pytestmark = pytest.mark.django_db

LOST = {"reason": "insolvency", "words": "Liquidation", "confirm": "1"}


def test_a_claim_given_up_is_closed_and_late_says_what_waits(browse, clock, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    live(clock, date(2027, 1, 15))
    finance = desk(browse, now)
    finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"})
    (claim,) = rows_of(InterestClaim.objects)
    live(clock, date(2027, 2, 15))
    finance = desk(browse, now)
    assert "Aucune facture en retard chez ces clients" in read(finance.get(url("late") + "?state=consumer"))
    money = {"method": "transfer", "amount": "2940", "received_on": "2027-02-15", "credited_on": "2027-02-15"}
    finance.post(url("payment_new"), {"invoice": str(invoice.pk), "keep_surplus": "on"} | money)
    words = read(finance.get(url("late")))
    assert "Rien n’est en retard" not in words
    assert "Aucune facture n’est en retard" in words
    lost = LOST | {"amount": "69,96", "on": "2027-02-15"}
    finance.post(url("claim_write_off", claim.pk), lost)
    client = visitor(browse, invoice.order.contact)
    for page in (url("portal_claims"), url("portal_claim", claim.pk)):
        words = read(client.get(page))
        assert "clôturé" in words
        assert "en retard" not in words


def test_what_undid_a_write_off_is_said_in_french(browse, clock, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    live(clock, date(2027, 2, 15))
    finance = desk(browse, now)
    lost = LOST | {"amount": "2940", "on": "2027-02-15"}
    assert finance.post(url("invoice_write_off", invoice.pk), lost).status_code == 302
    form = {"whole": "1", "reason": "Erreur de commande", "since": "today"}
    finance.post(url("invoice_credit", invoice.pk), form)
    assert [row.undo_reason for row in rows_of(WriteOff.objects)] == ["Le montant demandé a été réduit."]
