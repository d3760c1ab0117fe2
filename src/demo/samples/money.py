"""Papers about money: the slip that goes to the bank with the cheques, and a client's account."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.models import Invoice, Payment
from billing.money.policy.days import paris_day
from billing.payments.actions.deposit_cheques import create_cheque_deposit
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.render_account_statement import account_pdf, cheque_deposit_pdf
from billing.payments.queries.account_statement import account_statement_of
from demo.samples.invoices import SCHOOL, invoiced
from demo.samples.orders import customer_named, order_of
from demo.samples.registry import SampleDocument, sample


def _cheque(invoice: Invoice, cents: int, reference: str, now: datetime) -> Payment:
    return receive_cheque(
        invoice=invoice, amount_cents=cents, received_on=paris_day(now), reference=reference, by=None, now=now
    )


@sample("bordereau-de-remise-de-cheques")
def slip(now: datetime) -> SampleDocument:
    """Return the slip of two cheques."""
    invoices = [
        invoiced(order_of(customer_named(key), *SCHOOL, now=now, method="cheque"), now)
        for key in ("professional", "school")
    ]
    cheques = [_cheque(each, each.gross_cents, f"000441{n}", now).pk for n, each in enumerate(invoices)]
    return SampleDocument(
        cheque_deposit_pdf(create_cheque_deposit(payment_ids=cheques, by=None, now=now, today=paris_day(now)))
    )


@sample("releve-de-compte")
def account(now: datetime) -> SampleDocument:
    """Return a client's account: two invoices, one of them paid in part."""
    then = now - timedelta(days=40)
    customer = customer_named("professional")
    first = invoiced(order_of(customer, *SCHOOL, now=then, method="cheque"), then)
    invoiced(order_of(customer, *SCHOOL, now=now), now)
    _cheque(first, 50_000, "0004417", now)
    return SampleDocument(account_pdf(account_statement_of(customer, on=paris_day(now), currency="EUR")))
