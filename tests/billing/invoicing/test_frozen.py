"""What was sent, signed or issued is never changed, whoever asks the database; numbers have no gap."""

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.models import (
    Allocation,
    InterestClaim,
    Invoice,
    InvoiceLine,
    NumberSeries,
    Payment,
    QuoteLine,
    Signature,
)
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_invoice
from billing.payments.actions.receive_cheque import receive_cheque
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator


def _refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.mark.usefixtures("as_operator")
class TestFrozen:
    """The triggers, one document after the other."""

    def test_an_invoice(self, now):
        invoice = invoice_of(order_signed(now=now))
        rows = Invoice.objects.filter(pk=invoice.pk)
        _refused(lambda: rows.update(gross_cents=1, net_cents=1, vat_cents=0))
        _refused(lambda: rows.update(mentions=[]))
        _refused(lambda: rows._raw_delete(rows.db))
        lines = InvoiceLine.objects.filter(invoice=invoice)
        _refused(lambda: lines.update(quantity=1))
        _refused(lambda: lines._raw_delete(lines.db))
        more = InvoiceLine(invoice=invoice, position=9, description="en plus", quantity=1, unit_net_cents=1)
        _refused(lambda: more.save(force_insert=True))
        tenant_id = uuid4()
        rows.update(tenant_id=tenant_id)  # who reads it is filled in once
        _refused(lambda: rows.update(tenant_id=uuid4()))
        assert Invoice.objects.get(pk=invoice.pk).tenant_id == tenant_id

    def test_an_invoice_whose_lines_do_not_add_up(self, now):
        invoice = invoice_of(order_signed(now=now))
        copy = Invoice.objects.get(pk=invoice.pk)
        copy.pk = uuid4()
        copy.number = "FA-2026-999999"
        _refused(lambda: copy.save(force_insert=True))

    def test_a_version_that_was_sent(self, now):
        version = quote_sent(now=now)
        rows = type(version).objects.filter(pk=version.pk)
        _refused(lambda: rows.update(gross_cents=1, net_cents=1, vat_cents=0))
        _refused(lambda: rows.update(state="draft"))
        _refused(lambda: rows._raw_delete(rows.db))
        lines = QuoteLine.objects.filter(version=version)
        _refused(lambda: lines.update(unit_net_cents=1))
        _refused(lambda: lines._raw_delete(lines.db))
        more = QuoteLine(version=version, position=9, description="en plus", quantity=1, unit_net_cents=1)
        _refused(lambda: more.save(force_insert=True))

    def test_a_signature_and_a_claim(self, now):
        order = order_signed(now=now)
        signatures = Signature.objects.filter(version=order.version)
        _refused(lambda: signatures.update(name="Quelqu’un d’autre"))
        _refused(lambda: signatures._raw_delete(signatures.db))
        later = paris_day(now).replace(month=12, day=31)
        issue_interest_claim(invoice=invoice_of(order), as_of=later, by=None, now=now, today=paris_day(now))
        _refused(lambda: InterestClaim.objects.update(total_cents=0))

    def test_payments(self, now):
        invoice = invoice_of(order_signed(now=now))
        details = {"received_on": paris_day(now), "reference": "", "by": None, "now": now}
        payment = receive_cheque(invoice=invoice, amount_cents=5000, **details)
        _refused(lambda: Payment.objects.filter(pk=payment.pk).update(amount_cents=1))
        _refused(lambda: Allocation.objects.update(amount_cents=1))
        _refused(
            lambda: Allocation.objects.create(
                payment=payment, invoice=invoice, amount_cents=1, allocated_at=now
            )
        )
        big = Payment.objects.create(
            customer=invoice.customer,
            method="cheque",
            amount_cents=10**9,
            received_on=paris_day(now),
            created_at=now,
        )
        too_much = {"invoice": invoice, "amount_cents": invoice.gross_cents - 4999, "allocated_at": now}
        _refused(lambda: Allocation.objects.create(payment=big, **too_much))

    def test_no_number_is_taken_for_what_is_no_invoice(self, now):
        order = order_signed(ContactFactory(customer=CustomerFactory()), now=now)
        taken = NumberSeries.objects.get(kind="invoice").last
        order.version = None
        order.customer = CustomerFactory(street="")
        with pytest.raises(NotAnInvoice, match="street"):
            issue_invoice(order=order, by=None, now=now, today=paris_day(now))
        assert NumberSeries.objects.get(kind="invoice").last == taken


def test_eight_threads_take_numbers_without_a_gap(django_db_setup, django_db_blocker):
    kind = f"t{uuid4().hex[:12]}"
    year = 2026
    chance = random.Random(7)
    fails = [chance.random() < 0.3 for _ in range(160)]

    def take(fail):
        try:
            with inside_operator():
                number = NumberSeries.objects.take(kind, year)
                if fail:
                    raise RuntimeError("the document was not issued")
                return number
        except RuntimeError:
            return None

    def work(share):
        try:
            return [take(fail) for fail in share]
        finally:
            connection.close()

    with django_db_blocker.unblock():
        try:
            with ThreadPoolExecutor(8) as pool:
                found = [n for share in pool.map(work, [fails[i::8] for i in range(8)]) for n in share if n]
        finally:
            with inside_operator():
                NumberSeries.objects.filter(kind=kind).delete()
            connection.close()
    assert sorted(found) == list(range(1, fails.count(False) + 1))
