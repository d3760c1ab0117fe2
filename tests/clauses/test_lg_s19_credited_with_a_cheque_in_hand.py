"""LG-S19: what is credited in full presses nobody, whatever money is in hand beside it."""

from datetime import date

import pytest

from billing.models import InterestClaim, Invoice, Payment, Refund
from tests.billing.support import rows_of, url
from tests.clauses.stage import (
    credit_whole,
    desk,
    later,
    live,
    mails,
    plain,
    read,
    receive,
    subscribed,
    visitor,
)
from tests.clauses.test_mc_7_told_first import state_of

OUT = {"bounce-on": "2026-11-16", "bounce-reason": "provision insuffisante"}


@pytest.mark.story(
    "LG-S19",
    "MC-4",
    door="page",
    fr="Le virement est repris, un chèque attend à la banque, puis la facture est créditée en entier : ni "
    "relance, ni suspension, ni intérêts ; le chèque crédité est rendu.",
)
@pytest.mark.parametrize("product", ["preau-ecole", "preau-campus"])
def test_what_is_credited_in_full_presses_nobody_while_a_cheque_is_in_hand(browse, clock, now, product):
    """The transfer is taken back, a cheque waits at the bank, then the invoice is credited in full: no
    reminder, no suspension, no interest; the cheque, once credited, is given back.
    """
    school = subscribed(now, product=product, quantity=100)
    (invoice,) = rows_of(Invoice.objects)
    (payment,) = rows_of(Payment.objects)
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    live(clock, date(2026, 12, 10))
    receive(browse, now, invoice, date(2026, 12, 10), method="cheque", credited=False)
    credit_whole(browse, now, invoice)
    later(clock, minutes=3)
    told = plain(mails("Avoir")[-1].body)
    assert "Reste à payer" not in told
    assert "remboursé" not in told  # nothing has come
    portal = visitor(browse, school.contact)
    assert "échue" not in read(portal.get(url("portal_invoices")))
    assert "annulée par avoir" in read(portal.get(url("portal_invoices")))
    days = [date(2026, 12, 17), date(2026, 12, 30), date(2027, 1, 12), date(2027, 1, 29)]
    live(clock, *days)
    assert state_of(school) == "open"
    assert not mails("reste à payer")
    assert not mails("l’accès s’arrêtera")
    assert "Rien à faire" not in read(desk(browse, now).get(url("todo")))  # the cheque waits
    draw = desk(browse, now).post(url("late_draw", invoice.pk), {"on": "2027-01-29"})
    assert draw.status_code != 500
    assert rows_of(InterestClaim.objects) == []
    (cheque,) = rows_of(Payment.objects.filter(method="cheque"))
    there = desk(browse, now).post(url("payment_credit", cheque.pk), {"credit-on": "2027-01-29"})
    assert there.status_code == 302
    assert "Rembourser" in read(desk(browse, now).get(url("todo")))
    assert rows_of(Refund.objects) == []  # asked by a person: nobody bought this back by law


@pytest.mark.story(
    "LG-S19",
    door="page",
    fr="Créditée en partie avec un chèque en main, seule la différence reste à payer ; le chèque couvre "
    "tout, et son trop-perçu est dû au client.",
)
def test_what_is_credited_in_part_is_asked_no_more(browse, clock, now):
    """Credited in part with a cheque in hand, only the rest is left to pay; the cheque covers all of it, and
    what is too much is owed to the client.
    """
    school = subscribed(now)
    (invoice,) = rows_of(Invoice.objects)
    (payment,) = rows_of(Payment.objects)
    assert desk(browse, now).post(url("payment_bounce", payment.pk), OUT).status_code == 302
    receive(browse, now, invoice, date(2026, 11, 16), method="cheque", credited=False)
    told = {"reason": "Remise", "since": "start", "line_1": "100.00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
    later(clock, minutes=3)
    left = f"{(invoice.gross_cents - 12_000) / 100:,.2f}".replace(",", " ").replace(".", ",")
    told = plain(mails("Avoir")[-1].body)
    assert f"{left} €" in told, told
    assert left in read(visitor(browse, school.contact).get(url("portal_invoice", invoice.pk)))
