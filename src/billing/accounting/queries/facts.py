"""What is known of documents and of money, as the rules of the books want it told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from billing.accounting.policy.entries import (
    Draft,
    Loss,
    Money,
    Payout,
    Sale,
    Sold,
    of_claim,
    of_loss,
    of_money,
    of_payout,
    of_refund,
    of_sale,
)
from billing.accounting.policy.revenue import kind_of
from billing.accounting.policy.vat_due import CREDITED, ISSUED, LOST, Due, LostPart
from billing.accounting.queries.vat_facts import dues_of, lost_parts
from billing.collections.models import InterestClaim
from billing.invoicing.models import Invoice, WriteOff
from billing.money.policy.days import paris_day
from billing.payments.models import BankStatementLine, Payment, Refund


def sale_of(document: Invoice, dues: Iterable[Due]) -> Sale:
    """Return an issued document, and what of its VAT falls due with it, as `dues_with` says."""
    sign = -1 if document.is_credit_note else 1
    lines = tuple(
        Sold(
            line.kind,
            line.nature,
            sign * line.net_cents,
            kind_of(line.kind, line.product.kind if line.product else ""),
        )
        for line in document.lines.select_related("product")
    )
    return Sale(
        number=document.number,
        on=document.issued_on,
        is_credit_note=document.is_credit_note,
        is_down_payment=document.is_down_payment,
        gross_cents=sign * document.gross_cents,
        vat_cents=sign * document.vat_cents,
        due_cents=sum(due.vat_cents for due in dues),
        lines=lines,
    )


def dues_with(document: Invoice) -> list[Due]:
    """Return what falls due, or is taken back, with the issue of a document itself."""
    kind = CREDITED if document.is_credit_note else ISSUED
    invoice = document.corrects or document
    return [due for due in dues_of(invoice) if due.kind == kind and due.key == str(document.pk)]


def money_of(payment: Payment) -> Money:
    """Return a payment as it stands."""
    return Money(
        method=payment.method,
        reference=payment.reference or str(payment.id)[:8],
        cents=payment.amount_cents,
        received_on=payment.received_on,
        is_online=is_online(payment),
        proof_on=payment.proof_on,
        credited_on=payment.credited_on,
        bounced_on=payment.bounced_on,
        fee_cents=payment.provider_fee_cents,
    )


def is_online(payment: Payment) -> bool:
    """Return whether the money came through the payment provider, whose account it lies in."""
    return payment.provider_id is not None or payment.method in {"card", "debit"}


def drafts_of_document(document: Invoice, dues: Iterable[Due]) -> list[Draft]:
    """Return the entry an issued document makes."""
    return list(of_sale(sale_of(document, dues)))


WAS_A_PAYOUT = Q(is_payout=True) | ~Q(payouts_undone_on=[])  # lines of the bank, also those undone since


def drafts_of_payment(payment: Payment) -> list[Draft]:
    """Return the entries a payment makes as it stands."""
    return list(of_money(money_of(payment)))


def drafts_of_refund(refund: Refund) -> list[Draft]:
    """Return the entries money given back makes as it stands."""
    money = money_of(refund.payment)
    return list(
        of_refund(money, cents=refund.amount_cents, made_on=refund.made_on, failed_on=refund.failed_on)
    )


def drafts_of_payout(line: BankStatementLine) -> list[Draft]:
    """Return the entries of what the payment provider paid out, and of each time it turned out not to be."""
    said = line.reference or line.text or line.name or str(line.pk)[:8]
    payout = Payout(line.amount_cents, line.booked_on, said, tuple(line.payouts_undone_on), line.is_payout)
    return list(of_payout(payout))


def drafts_of_claim(claim: InterestClaim) -> list[Draft]:
    """Return the entry a claim for late interest makes."""
    return list(
        of_claim(
            number=claim.number,
            invoice=claim.invoice.number,
            on=paris_day(claim.created_at),
            interest_cents=claim.interest_cents,
            flat_fee_cents=claim.flat_fee_cents,
        )
    )


def loss_of_row(row: WriteOff) -> Loss:
    """Return a write-off as it stands."""
    number = row.invoice.number if row.invoice else row.claim.number if row.claim else ""
    return loss(
        number,
        row.amount_cents,
        lost_parts(row),
        on=row.on,
        is_final=row.is_final,
        undone_on=row.undone_on,
    )


def loss(
    number: str,
    cents: int,
    parts: Iterable[LostPart],
    *,
    on: date,
    is_final: bool,
    undone_on: date | None = None,
) -> Loss:
    """Return what is given up, and what becomes of its VAT."""
    known = list(parts)
    return Loss(
        number=number,
        cents=cents,
        on=on,
        pending_cents=sum(each.lost.vat_cents for each in known if not each.is_due),
        recovered_cents=sum(each.lost.vat_cents for each in known if each.is_due and is_final),
        undone_on=undone_on,
    )


def drafts_of_write_off(row: WriteOff) -> list[Draft]:
    """Return the entries a write-off makes as it stands."""
    return list(of_loss(loss_of_row(row)))


def recovered_by(row: WriteOff, event: str) -> list[Due]:
    """Return the VAT that a final write-off takes back, or that its reversal makes due again."""
    sign = -1 if event == "written_off" else 1
    on = row.on if event == "written_off" else row.undone_on or row.on
    number = row.invoice.number if row.invoice else ""
    return [
        Due(
            on,
            each.part,
            sign * each.lost.base_cents,
            sign * each.lost.vat_cents,
            LOST,
            number,
            str(row.pk),
        )
        for each in lost_parts(row)
        if each.is_due and row.is_final
    ]
