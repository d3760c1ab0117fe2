"""The rows of payments."""

from billing.payments.models.bank import (
    BankStatement,
    BankStatementBalance,
    BankStatementLine,
    ChequeDeposit,
    CsvMapping,
)
from billing.payments.models.online import Checkout, WebhookEvent
from billing.payments.models.payment import ClaimAllocation, Payment, Refund
from billing.payments.models.saved import MethodSetup, SavedMethod

__all__ = [
    "BankStatementLine",
    "BankStatement",
    "BankStatementBalance",
    "Checkout",
    "ClaimAllocation",
    "CsvMapping",
    "MethodSetup",
    "Payment",
    "WebhookEvent",
    "Refund",
    "ChequeDeposit",
    "SavedMethod",
]
