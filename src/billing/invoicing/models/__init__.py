"""The rows of invoicing."""

from billing.invoicing.models.allocation import Allocation
from billing.invoicing.models.transmission import ConsumerReport, Transmission, TransmissionStatus
from billing.invoicing.models.invoice import Acceleration, PaymentExtension, Invoice, InvoiceLine
from billing.invoicing.models.issued import IssuedFile, ProForma, ProFormaLine

__all__ = [
    "Acceleration",
    "Allocation",
    "ConsumerReport",
    "PaymentExtension",
    "Transmission",
    "TransmissionStatus",
    "Invoice",
    "InvoiceLine",
    "IssuedFile",
    "ProForma",
    "ProFormaLine",
]
