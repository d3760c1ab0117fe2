"""The VAT that falls due, read from what really happened to invoices."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.accounting.queries.vat_due import vat_due
from billing.catalogue.actions.price_lines import LineDraft
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import Allocation, Product
from billing.money.gateways import seller as gateway
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_payment import allocate_payment, release_allocation
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.reverse_payment import reverse_payment
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_payments(monkeypatch):
    """Let the seller have chosen nothing: VAT on services falls due when it is paid."""
    known = gateway.seller() | {"vat_on_debits": []}
    monkeypatch.setattr(gateway, "seller", lambda: known)


def due(first, last):
    """Return base and VAT that fell due over a period."""
    told = vat_due(starts_on=first, ends_on=last)
    return sum(each.due.base_cents for each in told), sum(each.due.vat_cents for each in told)


def month(n):
    return date(2026, n, 1), date(2026, n, 28)


def test_a_cheque_counts_in_the_month_of_its_credit_and_back_in_that_of_its_refusal(on_payments, now):
    with inside_operator():
        then = now - timedelta(days=60)  # the 17th of September
        invoice = invoice_of(order_signed(now=then))
        details = {"by": None, "now": then}
        cheque = receive_cheque(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=paris_day(then),
            reference="1",
            **details,
        )
        clear_payment(
            payment_id=cheque.pk,
            credited_on=date(2026, 10, 5),
            by=None,
            now=now - timedelta(days=42),
            today=date(2026, 10, 5),
        )
        reverse_payment(payment_id=cheque.pk, bounced_on=date(2026, 11, 3), reason="x", by=None, now=now)
        assert due(*month(9)) == (0, 0)
        assert due(*month(10)) == (invoice.net_cents, invoice.vat_cents)
        assert due(*month(11)) == (-invoice.net_cents, -invoice.vat_cents)
        assert "vat_on_debits" not in {each["key"] for each in invoice.mentions}


def test_on_debits_the_day_of_issue_counts_and_the_invoice_says_so(now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now - timedelta(days=30)))
        assert due(*month(10)) == (invoice.net_cents, invoice.vat_cents)
        assert due(*month(11)) == (0, 0)
        assert "vat_on_debits" in {each["key"] for each in invoice.mentions}


def test_part_by_part_a_paid_invoice_gives_its_vat_and_no_cent_more(on_payments, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now - timedelta(days=70), method="transfer"))
        for n, cents in enumerate((333, 10001, invoice.gross_cents - 10334)):
            at = now - timedelta(days=30 * n)
            record_transfer(
                invoice=invoice,
                amount_cents=cents,
                received_on=paris_day(at),
                credited_on=paris_day(at),
                reference=str(n),
                by=None,
                now=at,
                today=paris_day(at),
            )
        assert due(date(2026, 1, 1), date(2026, 12, 31)) == (invoice.net_cents, invoice.vat_cents)
        assert all(due(*month(n)) != (0, 0) for n in (9, 10, 11))


def test_money_that_is_moved_counts_where_it_lies(on_payments, now):
    with inside_operator():
        contact = ContactFactory()
        then = now - timedelta(days=40)
        one, two = (invoice_of(order_signed(contact, now=then, method="transfer")) for _ in range(2))
        paid = record_transfer(
            invoice=one,
            amount_cents=one.gross_cents,
            received_on=paris_day(then),
            by=None,
            now=then,
            credited_on=paris_day(then),
            reference="1",
            today=paris_day(then),
        )
        share = Allocation.objects.get(payment=paid)
        details = {"by": None, "now": now, "today": paris_day(now)}
        release_allocation(allocation_id=share.pk, reason="l’autre", **details)
        allocate_payment(payment_id=paid.pk, shares=[(two.pk, two.gross_cents)], **details)
        assert due(*month(10)) == (one.net_cents, one.vat_cents)
        assert due(*month(11)) == (0, 0)
        kinds = [
            (each.invoice.number, each.due.kind)
            for each in vat_due(starts_on=month(11)[0], ends_on=month(11)[1])
        ]
        assert sorted(kinds) == sorted([(one.number, "unpaid"), (two.number, "paid")])


def test_a_credit_note_takes_back_what_had_fallen_due_and_no_more(on_payments, now):
    with inside_operator():
        then = now - timedelta(days=40)
        unpaid, paid = (invoice_of(order_signed(now=then, method="transfer")) for _ in range(2))
        record_transfer(
            invoice=paid,
            amount_cents=paid.gross_cents,
            received_on=paris_day(then),
            by=None,
            now=then,
            credited_on=paris_day(then),
            reference="1",
            today=paris_day(then),
        )
        for each in (unpaid, paid):
            credit_invoice(
                corrects=each,
                reason="Geste commercial",
                amounts={1: 1000},
                by=None,
                now=now,
                today=paris_day(now),
            )
        assert due(*month(11)) == (-1000, -200)


def test_goods_fall_due_when_they_leave_and_before_that_as_they_are_paid(on_payments, now):
    with inside_operator():
        thing = Product.objects.create(
            key="affiche", name_fr="Affiche", name_en="Poster", kind="goods", methods=["transfer"], stock=9
        )
        then = now - timedelta(days=40)
        order = order_signed(
            now=then, method="transfer", lines=[LineDraft(thing.pk, "Affiche", 2, 900)], site_slug=""
        )
        assert due(*month(10)) == (0, 0)
        record_transfer(
            invoice=invoice_of(order),
            amount_cents=1000,
            received_on=paris_day(then),
            reference="1",
            by=None,
            credited_on=paris_day(then),
            now=then,
            today=paris_day(then),
        )
        base, vat = due(*month(10))
        assert base + vat == 1000


def test_the_page_names_its_basis_and_leads_to_the_documents(browse, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now))
    finance = clerk(browse, now)
    page = finance.get(
        url("vat_due"), {"starts_on": "2026-11-01", "ends_on": "2026-11-30", "row": "1"}
    ).content.decode()
    assert "débits" in page
    assert url("invoice", invoice.pk) in page
    csv = finance.get(url("vat_due"), {"starts_on": "2026-11-01", "ends_on": "2026-11-30", "format": "csv"})
    assert invoice.number in b"".join(csv).decode()
    assert (
        finance.get(url("vat_due"), {"starts_on": "2026-11-30", "ends_on": "2026-11-01"}).status_code == 422
    )


def test_the_statements_do_not_grow_with_the_documents(now):
    counts = []
    with inside_operator():
        for _ in range(2):
            for _ in range(3):
                order_signed(now=now)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                vat_due(starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_money_that_was_taken_back_in_its_month_is_not_named(on_payments, now):
    with inside_operator():
        then = now - timedelta(days=10)
        invoice = invoice_of(order_signed(now=then, method="transfer"))
        details = {"invoice": invoice, "amount_cents": 1000, "by": None}
        for n, at in enumerate((then, now)):
            day = paris_day(at)
            paid = record_transfer(
                received_on=day, credited_on=day, reference=str(n), now=at, today=day, **details
            )
            if n == 0:
                reverse_payment(payment_id=paid.pk, bounced_on=day, reason="x", by=None, now=at)
        told = vat_due(starts_on=month(11)[0], ends_on=month(11)[1])
        assert {each.due.key for each in told} == {str(paid.pk)}
        assert sum(each.due.base_cents + each.due.vat_cents for each in told) == 1000
