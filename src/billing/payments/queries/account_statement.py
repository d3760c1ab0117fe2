"""A client's account, as the books have it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from billing.invoicing.models import Invoice
from billing.invoicing.policy.account_statement import Movement, account_statement
from billing.registry import ask


def account_statement_of(customer: Any, *, on: date, currency: str = "EUR") -> dict[str, Any]:
    """Return what the page and the paper of a client's account read, as it stood at the end of a day."""
    movements: list[Movement] = ask("account_movements", customer.pk, currency=currency, on=on)
    rows = account_statement(movements, on=on)
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
