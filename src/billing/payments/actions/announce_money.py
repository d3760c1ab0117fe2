"""Tell the books that money came, was credited, was taken back, paid out by the provider, or given back."""

from datetime import datetime

from billing.payments.models import BankStatementLine, Payment, Refund
from billing.registry import announce


def announce_payment_moved(payment: Payment, *, now: datetime) -> None:
    """Tell what a payment is from now on."""
    announce("payment_moved", payment=payment, now=now)


def announce_payout_moved(line: BankStatementLine, *, now: datetime) -> None:
    """Tell that the payment provider paid out what it held for us by a line of the bank, or didn't."""
    announce("payout_moved", line=line, now=now)


def announce_refund_moved(refund: Refund, *, now: datetime) -> None:
    """Tell what money given back is from now on."""
    announce("refund_moved", refund=refund, now=now)
