"""A client's account, drawn from what was issued and what came."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from billing.invoicing.models import Invoice
from billing.invoicing.policy.account_statement import Movement, account_statement
from billing.payments.models import Payment, Refund


def account_statement_of(customer: Any, *, on: date, currency: str = "EUR") -> dict[str, Any]:
    """Return what the page and the paper of a client's account read, as it stood at the end of a day."""
    rows = account_statement([*_documents(customer.pk, currency), *_money(customer.pk, currency)], on=on)
    return {
        "customer": customer,
        "on": on,
        "currency": currency,
        "rows": rows,
        "debit_cents": sum(row.debit_cents for row in rows),
        "credit_cents": sum(row.credit_cents for row in rows),
        "balance_cents": rows[-1].balance_cents if rows else 0,
    }


def currencies_of(customer_id: UUID) -> list[str]:
    """Return the currencies a client was invoiced in."""
    found = Invoice.objects.filter(customer_id=customer_id).order_by().values_list("currency", flat=True)
    return sorted(set(found)) or ["EUR"]


def _documents(customer_id: UUID, currency: str) -> list[Movement]:
    kinds = (Invoice.Kind.INVOICE, Invoice.Kind.CREDIT_NOTE)
    rows = Invoice.objects.filter(customer_id=customer_id, currency=currency, kind__in=kinds)
    return [
        Movement(
            row.issued_on,
            str(row.kind),
            row.number,
            -row.gross_cents if row.is_credit_note else row.gross_cents,
            str(row.pk),
        )
        for row in rows
    ]


def _money(customer_id: UUID, currency: str) -> list[Movement]:
    found = []
    for row in Payment.objects.filter(customer_id=customer_id, currency=currency):
        days = [day for day in (row.credited_on, row.proof_on) if day]
        if not days:
            continue
        label = f"{row.method}|{row.reference}"
        found.append(Movement(min(days), "payment", label, -row.amount_cents, str(row.pk)))
        if row.bounced_on:
            found.append(Movement(row.bounced_on, "refused", label, row.amount_cents, str(row.pk)))
    made = Refund.objects.active().filter(payment__customer_id=customer_id, payment__currency=currency)
    for refund in made.select_related("payment"):
        if refund.made_on is None:
            continue
        label = f"{refund.payment.method}|{refund.payment.reference}"
        found.append(Movement(refund.made_on, "refund", label, refund.amount_cents, str(refund.payment_id)))
    return found
