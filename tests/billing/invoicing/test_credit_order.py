"""A credit is computed over the order: its invoice, its down payments, its discounts."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.policy.credit import NothingCredited, TooMuchCredited
from billing.invoicing.queries.credits import is_whole
from billing.models import Invoice, Refund
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_final
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import catalogue, order_signed
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import thing
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db
NO_DISCOUNT = Discount()


def pdf_text(content):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def told(now):
    return {"by": None, "now": now, "today": paris_day(now)}


def after_down_payment(now, *, discount=NO_DISCOUNT, pct=30, prices=(100_000, 50_000)):
    """Return the two invoices of an order: its down payment's and the one that asks the rest."""
    rows = [LineDraft(thing(f"objet-{n}").pk, f"Objet {n}", 1, cents) for n, cents in enumerate(prices)]
    order = order_signed(
        now=now, method="transfer", lines=rows, sites=[], down_payment_pct=pct, discount=discount
    )
    final = issue_final(order_id=order.pk, **told(now))
    return Invoice.objects.get(order=order, is_down_payment=True), final


def given_back(*invoices):
    return [sum(note.net_cents for note in each.corrections.all()) for each in invoices]


@pytest.mark.paper
def test_a_line_above_the_rest_comes_back_from_the_down_payment(browse, now):
    with inside_operator():
        catalogue()
        deposit, final = after_down_payment(now, pct=80)
    page = clerk(browse, now)
    address = url("invoice_credit", final.pk)
    shown = page.get(address).text
    assert "000,00" in shown
    assert "Acompte déduit" not in shown
    page.post(address, {"line_1": "1000,00", "reason": "Objet repris"}, follow=True)
    with inside_operator():
        assert given_back(deposit, final) == [70_000, 30_000]
        notes = Invoice.objects.filter(kind="credit_note").order_by("number")
        told = "Objet repris. Ne partent plus\u00a0: 1 × Objet 0."
        assert [note.reason for note in notes] == [told, told]
        for note in notes:
            assert "Objet repris" in pdf_text(invoice_pdf(note))
            assert "Objet repris" in invoice_xml(note).decode()
            assert invoice_ubl(note)
    page.post(address, {"line_2": "500,00", "reason": "Objet repris"}, follow=True)
    with inside_operator():
        assert given_back(deposit, final) == [deposit.net_cents, final.net_cents]
        for invoice in (deposit, final):
            assert sum(note.vat_cents for note in invoice.corrections.all()) == invoice.vat_cents
    answer = page.post(address, {"line_2": "1,00", "reason": "Encore"})
    assert answer.status_code == 422


def test_a_line_goes_back_net_of_its_discount(browse, now):
    with inside_operator():
        catalogue()
        deposit, final = after_down_payment(now, discount=Discount(pct=Decimal(10)))
    page = clerk(browse, now)
    assert "900,00" in page.get(url("invoice_credit", final.pk)).text
    with inside_operator():
        credit_order(corrects=final, amounts={1: 100_000}, reason="Repris", **told(now))
        credit_order(corrects=final, amounts={2: 35_000}, reason="Repris", **told(now))
        assert given_back(deposit, final) == [deposit.net_cents, final.net_cents]
        with pytest.raises(TooMuchCredited):
            credit_order(corrects=final, amounts={2: 1}, reason="Repris", **told(now))


@pytest.mark.parametrize("pct", [30, 80])
def test_the_desk_credits_an_order_with_its_down_payments_in_one_act(browse, now, pct):
    with inside_operator():
        catalogue()
        deposit, final = after_down_payment(now, pct=pct, discount=Discount(pct=Decimal("7.3")))
    page = clerk(browse, now)
    address = url("invoice_credit", final.pk)
    assert "avec ses acomptes" in page.get(address).text
    assert page.post(address, {"order": "1", "reason": "Vente annulée"}).status_code == 302
    with inside_operator():
        assert given_back(deposit, final) == [deposit.net_cents, final.net_cents]
        assert is_whole(Invoice.objects.filter(kind="credit_note").latest("number"))
    assert "avec ses acomptes" not in page.get(address).text


def test_a_note_beside_a_down_payment_takes_back_in_full_only_once_nothing_is_left(now):
    with inside_operator():
        catalogue()
        deposit, final = after_down_payment(now)
        rest = credit_invoice(corrects=final, reason="Annulé", **told(now))
        assert not is_whole(rest)
        last = credit_invoice(corrects=deposit, reason="Annulé", **told(now))
        assert is_whole(last)


def test_a_paid_down_payment_that_is_credited_is_owed_where_finance_looks(browse, now):
    with inside_operator():
        catalogue()
        order = order_signed(now=now, down_payment_pct=30)
        deposit = Invoice.objects.get(order=order)
        paid = {"received_on": paris_day(now), "credited_on": paris_day(now), "reference": "VIR"}
        record_transfer(invoice=deposit, amount_cents=deposit.gross_cents, **paid, **told(now))
        note = credit_invoice(corrects=deposit, reason="Acompte annulé", **told(now))
    page = clerk(browse, now)
    assert note.number in page.get(url("todo")).text
    assert note.number in page.get(url("customer_statement", deposit.customer_id)).text
    assert "Rembourser" in page.get(url("invoice", note.pk)).text
    sent = page.post(url("note_refund", note.pk))
    assert sent.status_code == 302
    assert note.number not in page.get(url("todo")).text
    assert sent.url in page.get(url("todo")).text
    with inside_operator():
        assert [row.amount_cents for row in Refund.objects.all()] == [deposit.gross_cents]


def test_a_whole_credit_then_nothing(now):
    with inside_operator():
        catalogue()
        _deposit, final = after_down_payment(now)
        credit_invoice(corrects=final, reason="Annulé", **told(now))
        with pytest.raises((NothingCredited, TooMuchCredited)):
            credit_order(corrects=final, amounts={1: 1}, reason="Repris", **told(now))


def test_after_a_down_payment_taken_back_the_invoice_is_plain(now):
    with inside_operator():
        order = order_signed(now=now, down_payment_pct=30)
        deposit = Invoice.objects.get(order=order)
        credit_invoice(corrects=deposit, reason="Acompte annulé", **told(now))
        final = issue_final(order_id=order.pk, **told(now))
        for xml in (invoice_xml(final), invoice_ubl(final)):
            assert b">S1<" in xml
            assert deposit.number.encode() not in xml


def test_a_down_payment_of_nothing_is_not_asked(now):
    with inside_operator():
        rows = [LineDraft(thing("gomme").pk, "Gomme", 1, 1)]
        order = order_signed(now=now, method="transfer", lines=rows, sites=[], down_payment_pct=30)
        (invoice,) = order.invoices.all()
        assert (invoice.is_down_payment, invoice.net_cents) == (False, 1)
