"""Whatever way of paying was chosen, pages and mails tell that one, and what came in fact."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from billing.money.gateways.seller import seller
from billing.money.labels import METHODS
from billing.orders.labels import paid_step
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import live, plain, read, visitor

pytestmark = pytest.mark.django_db

IBAN = "IBAN"
WORDS = {
    "cheque": "Envoyez votre chèque",
    "transfer": "Faites votre virement",
    "card": "Payez par carte en ligne",
    "sepa_debit": "Acceptez le prélèvement SEPA en ligne",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("mail", ["order_confirmed", "order_received"])
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_mail_says_how_to_pay_what_was_chosen(now, mail, method, kind):
    with inside_operator():
        order = order_signed(now=now)
        order.method = method
        facts = {"order": order, "invoice": invoice_of(order), "contact": order.contact, "seller": seller()}
        with override("fr"):
            words = plain(render_to_string(f"billing/orders/mail/{mail}.{kind}", facts))
    assert [each for each, said in WORDS.items() if said in words] == [method]
    assert (IBAN in words) is (method == "transfer")


def page_of(browse: Any, order: Any) -> str:
    return read(visitor(browse, order.contact).get(url("portal_order", order.pk)))


def test_the_page_of_an_order_by_card_shows_no_account(browse, clock, now):
    live(clock, date(2026, 11, 16))
    with inside_operator():
        order = order_signed(now=now, method="card")
    words = page_of(browse, order)
    assert IBAN not in words
    assert "Payé par carte" in words
    assert "Virement" not in words
    invoice = read(visitor(browse, order.contact).get(url("portal_invoice", invoice_pk(order))))
    assert IBAN not in invoice


def invoice_pk(order: Any) -> Any:
    with inside_operator():
        return invoice_of(order).pk


def test_a_cheque_invoice_is_to_be_paid_by_cheque_on_its_own_page(browse, clock, now):
    live(clock, date(2026, 11, 16))
    with inside_operator():
        order = order_signed(now=now, method="cheque")
    words = read(visitor(browse, order.contact).get(url("portal_invoice", invoice_pk(order))))
    assert IBAN not in words
    assert "Chèque à l’ordre de" in words


def test_a_step_says_what_came_in_fact(browse, clock, now):
    """A cheque was to come, a transfer did: no cheque was received."""
    live(clock, date(2026, 11, 16))
    with inside_operator():
        order = order_signed(now=now, method="cheque")
        invoice = invoice_of(order)
        day = date(2026, 11, 16)
        record_transfer(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=day,
            credited_on=day,
            reference="",
            proof_document="",
            by=None,
            now=now,
            today=day,
        )
    words = page_of(browse, order)
    assert "Chèque reçu" not in words
    assert "Virement envoyé" in words


@pytest.mark.parametrize(
    ("method", "came", "step"),
    [
        ("cheque", [], "Chèque reçu"),
        ("cheque", ["card"], "Payé par carte"),
        ("card", ["sepa_debit"], "Prélèvement SEPA accepté"),
        ("transfer", ["card", "transfer"], "Paiements reçus"),
    ],
)
def test_the_words_of_the_step(method, came, step):
    with override("fr"):
        assert str(paid_step(method, came)) == step
