"""What the operator sells, quotes, invoices and is paid; all of it in the shared schema."""

from billing.models.bank import BankLine, BankStatement, CsvMapping, Remittance
from billing.models.cart import Cart, CartLine, OnlineSteps, Refusal
from billing.models.catalogue import Phaseout, Price, PriceList, Product, Promotion, Requirements
from billing.models.closing import ClosedPeriod
from billing.models.contact import Contact
from billing.models.dispatch import ConsumerReport, Dispatch, DispatchEvent
from billing.models.impossible import Impossible, ImpossibleCredit
from billing.models.invoice import Deferral, Dispute, FormalNotice, Invoice, InvoiceLine, LateStatement
from billing.models.issued import IssuedFile, ProForma, ProFormaLine
from billing.models.kept_answer import KeptAnswer
from billing.models.mailing import Mailing, MailingRow
from billing.models.note import Note
from billing.models.offer import OfferSheet
from billing.models.online import Checkout, ProviderEvent
from billing.models.order import Order, OrderLine, OrderSite
from billing.models.payment import Allocation, Payment, Refund
from billing.models.quote import Quote, QuoteLine, QuoteRequest, QuoteSite, QuoteVersion, Signature
from billing.models.reference import Reference
from billing.models.saved import MethodSetup, SavedMethod
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
from billing.models.trial import Trial
from billing.models.withdrawal import Withdrawal, WithdrawalCredit, WithdrawnLine

__all__ = [
    "Acceleration",
    "Allocation",
    "BankLine",
    "BankStatement",
    "Cart",
    "CartLine",
    "Checkout",
    "ClosedPeriod",
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
    "Impossible",
    "ImpossibleCredit",
    "Invoice",
    "InvoiceLine",
    "IssuedFile",
    "KeptAnswer",
    "LateStatement",
    "Mailing",
    "MailingRow",
    "Note",
    "MethodSetup",
    "NumberSeries",
    "OfferSheet",
    "OnlineSteps",
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
    "Reference",
    "Refund",
    "Refusal",
    "RegisteredLetter",
    "Remittance",
    "RenewalNotice",
    "Requirements",
    "Return",
    "SavedMethod",
    "Signature",
    "StockMove",
    "Subscription",
    "SubscriptionOption",
    "SubscriptionTerm",
    "Suspension",
    "Termination",
    "Trial",
    "Withdrawal",
    "WithdrawalCredit",
    "WithdrawnLine",
]
