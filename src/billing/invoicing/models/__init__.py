"""The rows of invoicing."""

from billing.invoicing.models.allocation import Allocation
from billing.invoicing.models.invoice import Acceleration, Invoice, InvoiceLine, PaymentExtension
from billing.invoicing.models.issued import IssuedFile, ProForma, ProFormaLine
from billing.invoicing.models.transmission import ConsumerReport, Transmission, TransmissionStatus
from billing.invoicing.models.write_off import WriteOff

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
    "WriteOff",
]
