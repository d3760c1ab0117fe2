"""One of everything that money's addresses name, for one client."""

from datetime import timedelta

from billing.models import Allocation, Checkout, CsvMapping, MethodSetup
from billing.money.policy.days import paris_day
from billing.payments.actions.deposit_cheques import create_cheque_deposit
from billing.payments.actions.read_statement import read_statement
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_payment import refund_payment
from demo.factories.billing import invoice_of, order_signed
from tests.billing.bank_files import camt, entry


def money_papers(contact, now):
    """Return an attempt to pay online, a share, a refund, a slip, a statement and a mapping of columns."""
    day = paris_day(now)
    by = None
    invoice = invoice_of(order_signed(contact, now=now, method="transfer"))
    details = {"invoice": invoice, "received_on": day, "by": by, "now": now, "keep_surplus": True}
    cheque = receive_cheque(amount_cents=100, reference="8", **details)
    paid = record_transfer(
        amount_cents=invoice.gross_cents + 500, reference="VIR", credited_on=day, today=day, **details
    )
    refund = refund_payment(
        payment_id=paid.pk, amount_cents=100, reason="trop perçu", by=by, now=now, today=day
    )
    content = camt(entry(1000, ref=str(contact.pk)[:30]))
    statement = read_statement(content=content, file_name="releve.xml", mapping=None, by=by, now=now)
    attempt = Checkout.objects.create(
        invoice=invoice, contact=contact, amount_cents=1, started_at=now - timedelta(days=1), state="expired"
    )
    setup = MethodSetup.objects.create(
        customer=contact.customer, contact=contact, started_at=now - timedelta(days=1), state="expired"
    )
    mapping = CsvMapping.objects.create(name=str(contact.pk), created_at=now)
    return {
        "checkout_id": attempt.pk,
        "setup_id": setup.pk,
        "allocation_id": Allocation.objects.active().filter(payment=paid).get().pk,
        "refund_id": refund.pk,
        "slip_id": create_cheque_deposit(payment_ids=[cheque.pk], by=by, now=now, today=day).pk,
        "statement_id": statement.pk,
        "statement_line_id": statement.lines.get().pk,
        "mapping_id": mapping.pk,
    }
