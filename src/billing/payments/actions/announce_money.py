"""Tell the books that money came, was credited, was taken back, or was given back."""

from datetime import datetime

from billing.payments.models import Payment, Refund
from billing.registry import announce


def announce_payment_moved(payment: Payment, *, now: datetime) -> None:
    """Tell what a payment is from now on."""
    announce("payment_moved", payment=payment, now=now)


def announce_refund_moved(refund: Refund, *, now: datetime) -> None:
    """Tell what money given back is from now on."""
    announce("refund_moved", refund=refund, now=now)
