"""The rows of invoicing."""

from billing.invoicing.models.allocation import Allocation
from billing.invoicing.models.dispatch import ConsumerReport, Dispatch, DispatchEvent
from billing.invoicing.models.invoice import Acceleration, Deferral, Invoice, InvoiceLine
from billing.invoicing.models.issued import IssuedFile, ProForma, ProFormaLine

__all__ = [
    "Acceleration",
    "Allocation",
    "ConsumerReport",
    "Deferral",
    "Dispatch",
    "DispatchEvent",
    "Invoice",
    "InvoiceLine",
    "IssuedFile",
    "ProForma",
    "ProFormaLine",
]
