"""Record a transfer: credited, or proved in writing while the funds are on their way."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actions import write
from billing.actions.receive_cheque import put_payment
from billing.actions.settle_invoice import settle_invoices
from billing.models import Invoice, Payment
from billing.models.catalogue import Method


class NeitherCreditedNorProved(Exception):
    """Raised when nothing shows that the transfer was made."""


@transaction.atomic
def record_transfer(
    *, invoice: Invoice, amount_cents: int, received_on: date, reference: str, by: Any, now: datetime, today: date,
    credited_on: date | None = None, proof_document: str = "",
) -> Payment:  # fmt: skip
    """Return the transfer. Written proof of its execution counts as credit; a cheque's never does.

    Raises NeitherCreditedNorProved, NothingToPay, TooMuch. Clause: LG-S5.2d
    """
    if credited_on is None and not proof_document:
        raise NeitherCreditedNorProved
    payment = put_payment(
        invoice=invoice, method=Method.TRANSFER, amount_cents=amount_cents, received_on=received_on,
        reference=reference, now=now,
    )  # fmt: skip
    payment.credited_on = credited_on
    payment.proof_on, payment.proof_document = (received_on, proof_document) if proof_document else (None, "")
    payment.save(update_fields=["credited_on", "proof_on", "proof_document"])
    facts = {"amount_cents": amount_cents, "invoice": invoice.number, "proved": bool(proof_document)}
    write("transfer.recorded", by=by, on=payment, at=now, facts=facts)
    settle_invoices(payment=payment, now=now, today=today)
    return payment
