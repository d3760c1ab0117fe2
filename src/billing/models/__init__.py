"""What the operator sells, quotes, invoices and is paid; all of it in the shared schema."""

from billing.models.bank import BankLine, BankStatement, CsvMapping, Remittance
from billing.models.catalogue import Phaseout, Price, PriceList, Product, Promotion, Requirements
from billing.models.contact import Contact
from billing.models.dispatch import ConsumerReport, Dispatch, DispatchEvent
from billing.models.invoice import Deferral, Dispute, FormalNotice, Invoice, InvoiceLine, LateStatement
from billing.models.issued import IssuedFile, ProForma, ProFormaLine
from billing.models.kept_answer import KeptAnswer
from billing.models.offer import OfferSheet
from billing.models.online import Checkout, ProviderEvent
from billing.models.order import Order, OrderLine, OrderSite
from billing.models.payment import Allocation, Payment, Refund
from billing.models.quote import Quote, QuoteLine, QuoteRequest, QuoteSite, QuoteVersion, Signature
from billing.models.series import NumberSeries
from billing.models.shop import Delivery, Return, StockMove
from billing.models.subscription import (
    Acceleration,
    ForceMajeure,
    RegisteredLetter,
    RenewalNotice,
    Subscription,
    SubscriptionOption,
    SubscriptionTerm,
    Suspension,
    Termination,
)
from billing.models.withdrawal import Withdrawal, WithdrawalCredit, WithdrawnLine

__all__ = [
    "Acceleration",
    "Allocation",
    "BankLine",
    "BankStatement",
    "Checkout",
    "ConsumerReport",
    "Contact",
    "CsvMapping",
    "Deferral",
    "Delivery",
    "Dispatch",
    "DispatchEvent",
    "Dispute",
    "ForceMajeure",
    "FormalNotice",
    "Invoice",
    "InvoiceLine",
    "IssuedFile",
    "KeptAnswer",
    "LateStatement",
    "NumberSeries",
    "OfferSheet",
    "Order",
    "OrderLine",
    "OrderSite",
    "Payment",
    "Phaseout",
    "Price",
    "PriceList",
    "ProForma",
    "ProFormaLine",
    "Product",
    "Promotion",
    "ProviderEvent",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "QuoteSite",
    "QuoteVersion",
    "Refund",
    "RegisteredLetter",
    "Remittance",
    "RenewalNotice",
    "Requirements",
    "Return",
    "Signature",
    "StockMove",
    "Subscription",
    "SubscriptionOption",
    "SubscriptionTerm",
    "Suspension",
    "Termination",
    "Withdrawal",
    "WithdrawalCredit",
    "WithdrawnLine",
]
