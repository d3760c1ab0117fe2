"""The rows of payments."""

from billing.payments.models.bank import BankLine, BankStatement, CsvMapping, Remittance
from billing.payments.models.online import Checkout, ProviderEvent
from billing.payments.models.payment import Payment, Refund
from billing.payments.models.saved import MethodSetup, SavedMethod

__all__ = [
    "BankLine",
    "BankStatement",
    "Checkout",
    "CsvMapping",
    "MethodSetup",
    "Payment",
    "ProviderEvent",
    "Refund",
    "Remittance",
    "SavedMethod",
]
