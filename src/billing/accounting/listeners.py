"""What the books hear: each event is written in the transaction in which it happens."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from billing.accounting.actions.fill_books import fill_missing_books
from billing.accounting.actions.post_entries import (
    post_claim,
    post_claim_share,
    post_document,
    post_payment,
    post_payout,
    post_refund,
    post_share,
    post_write_off,
)
from billing.accounting.actions.post_vat import sync_vat
from billing.accounting.gateways.chart import chart
from billing.accounting.queries.account import movements_of
from billing.accounting.queries.ledger import provider_balance
from billing.accounting.queries.losses import Side, loss_sides
from billing.accounting.queries.vat_facts import as_kept, lost_of
from billing.collections.models import InterestClaim
from billing.invoicing.models import Allocation, Invoice, WriteOff
from billing.invoicing.policy.account_statement import Movement
from billing.orders.models import Order
from billing.payments.models import BankStatementLine, ClaimAllocation, Payment, Refund
from billing.registry import answers, listens
from tenants.registry import on_migrated


@listens("document_issued")
def a_document_is_written(*, document: Invoice, now: datetime) -> None:
    """Write a document that was issued."""
    post_document(document, now=now)


@listens("payment_moved")
def money_is_written(*, payment: Payment, now: datetime) -> None:
    """Write money that was received, credited or taken back."""
    post_payment(payment, now=now)


@listens("payout_moved")
def what_the_provider_paid_out_is_written(*, line: BankStatementLine, now: datetime) -> None:
    """Write what came from the provider's account to the bank, or its reversal."""
    post_payout(line, now=now)


@listens("refund_moved")
def money_given_back_is_written(*, refund: Refund, now: datetime) -> None:
    """Write money that was given back, or came back."""
    post_refund(refund, now=now)


@listens("share_moved")
def a_share_is_written(*, share: Allocation, now: datetime) -> None:
    """Write what money put on an invoice, or taken away, changes."""
    post_share(share, now=now)


@listens("claim_issued")
def a_claim_is_written(*, claim: InterestClaim, now: datetime) -> None:
    """Write a claim for late interest."""
    post_claim(claim, now=now)


@listens("claim_share_moved")
def a_share_of_a_claim_is_written(*, share: ClaimAllocation, now: datetime) -> None:
    """Letter what money put on a claim, or taken away, changes."""
    post_claim_share(share, now=now)


@listens("parcel_shipped")
def vat_of_goods_falls_due(*, order: Order, now: datetime) -> None:
    """Write the VAT of goods that left."""
    for invoice in order.invoices.filter(kind=Invoice.Kind.INVOICE):
        sync_vat(invoice, now=now)


@answers("provider_balance")
def what_the_provider_holds(currency: str) -> int:
    """Return what the payment provider still holds of ours."""
    return provider_balance(currency)


@listens("write_off_moved")
def a_loss_is_written(*, row: WriteOff, now: datetime) -> None:
    """Write what was given up, or asked again."""
    post_write_off(row, now=now)


@answers("loss_parts")
def what_of_its_vat_is_lost(invoice: Invoice, cents: int) -> list[dict[str, Any]]:
    """Return what is given up of each part of an invoice, as a write-off keeps it."""
    return as_kept(lost_of(invoice, cents))


@answers("loss_entry")
def what_a_loss_would_book(
    about: Invoice | InterestClaim, *, cents: int, on: date, is_final: bool
) -> list[Side]:
    """Return the sides of the entry that giving something up would make."""
    return loss_sides(about, chart(), cents=cents, on=on, is_final=is_final)


@answers("account_movements")
def what_a_client_was_asked_and_paid(customer_id: UUID, *, currency: str, on: date) -> list[Movement]:
    """Return the movements of a client's account up to a day."""
    return movements_of(customer_id, currency=currency, on=on)


on_migrated(fill_missing_books)
