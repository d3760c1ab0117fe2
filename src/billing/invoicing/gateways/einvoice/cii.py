"""An electronic invoice as Cross Industry Invoice, the syntax inside Factur-X (profile EN 16931)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

from billing.invoicing.policy.einvoice import (
    PROFILE,
    SIREN_SCHEME,
    SIRET_SCHEME,
    Allowance,
    ElectronicInvoice,
    Item,
    Party,
    Tax,
    writable,
)
from billing.money.policy.money import format_amount, format_price

CODE = "urn:un:unece:uncefact:"

RSM = f"{CODE}data:standard:CrossIndustryInvoice:100"

RAM = f"{CODE}data:standard:ReusableAggregateBusinessInformationEntity:100"

UDT = f"{CODE}data:standard:UnqualifiedDataType:100"

QDT = f"{CODE}data:standard:QualifiedDataType:100"

SPACES = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}

Node: TypeAlias = Any  # an element of lxml, which has no types


def cii_xml(document: ElectronicInvoice) -> bytes:
    """Return the document as CII, every total as it is stored."""
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap=SPACES)
    _context(root, document)
    _heading(root, document)
    trade = etree.SubElement(root, f"{{{RSM}}}SupplyChainTradeTransaction")
    for item in document.items:
        _item(trade, item)
    _agreement(trade, document)
    _delivery(trade, document)
    _settlement(trade, document)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _put(parent: Node, name: str, text: object = None, **attributes: str) -> Node:
    node = etree.SubElement(parent, f"{{{RAM}}}{name}", attributes)
    if text is not None:
        node.text = writable(text)
    return node


def _put_if(parent: Node, name: str, text: str, **attributes: str) -> None:
    if text:
        _put(parent, name, text, **attributes)


def _day(parent: Node, name: str, day: date, *, space: str = UDT) -> None:
    node = etree.SubElement(_put(parent, name), f"{{{space}}}DateTimeString", {"format": "102"})
    node.text = f"{day:%Y%m%d}"


def _context(root: Node, document: ElectronicInvoice) -> None:
    context = etree.SubElement(root, f"{{{RSM}}}ExchangedDocumentContext")
    _put(_put(context, "BusinessProcessSpecifiedDocumentContextParameter"), "ID", document.business_process)
    _put(_put(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", PROFILE)


def _heading(root: Node, document: ElectronicInvoice) -> None:
    heading = etree.SubElement(root, f"{{{RSM}}}ExchangedDocument")
    _put(heading, "ID", document.number)
    _put(heading, "TypeCode", document.type_code)
    _day(heading, "IssueDateTime", document.issued_on)
    for code, text in document.notes:
        note = _put(heading, "IncludedNote")
        _put(note, "Content", text)
        _put(note, "SubjectCode", code)


def _item(trade: Node, item: Item) -> None:
    line = _put(trade, "IncludedSupplyChainTradeLineItem")
    heading = _put(line, "AssociatedDocumentLineDocument")
    _put(heading, "LineID", item.position)
    if item.note:
        _put(_put(heading, "IncludedNote"), "Content", item.note)
    product = _put(line, "SpecifiedTradeProduct")
    _put_if(product, "SellerAssignedID", item.reference)
    _put(product, "Name", item.name)
    price = _put(_put(line, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _put(price, "ChargeAmount", format_price(item.price))
    _put(_put(line, "SpecifiedLineTradeDelivery"), "BilledQuantity", item.quantity, unitCode=item.unit)
    settlement = _put(line, "SpecifiedLineTradeSettlement")
    _category(_put(settlement, "ApplicableTradeTax"), item.category, item.rate_pct)
    if item.starts_on and item.last_day:
        period = _put(settlement, "BillingSpecifiedPeriod")
        _day(period, "StartDateTime", item.starts_on)
        _day(period, "EndDateTime", item.last_day)
    summation = _put(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    _put(summation, "LineTotalAmount", format_amount(item.net_cents))


def _category(node: Node, category: str, rate_pct: Decimal) -> None:
    _put(node, "TypeCode", "VAT")
    _put(node, "CategoryCode", category)
    _rate(node, category, rate_pct)


def _rate(node: Node, category: str, rate_pct: Decimal) -> None:
    if category != "O":
        _put(node, "RateApplicablePercent", f"{rate_pct:.2f}")


def _agreement(trade: Node, document: ElectronicInvoice) -> None:
    agreement = _put(trade, "ApplicableHeaderTradeAgreement")
    _put_if(agreement, "BuyerReference", document.service_code)
    _party(_put(agreement, "SellerTradeParty"), document.seller, with_vat=document.has_vat_numbers)
    _party(_put(agreement, "BuyerTradeParty"), document.buyer, with_vat=document.has_vat_numbers)
    if document.purchase_order_reference:
        _put(
            _put(agreement, "BuyerOrderReferencedDocument"),
            "IssuerAssignedID",
            document.purchase_order_reference,
        )
    if document.contract_reference:
        _put(_put(agreement, "ContractReferencedDocument"), "IssuerAssignedID", document.contract_reference)


def _party(node: Node, party: Party, *, with_vat: bool) -> None:
    _put_if(node, "GlobalID", party.siret, schemeID=SIRET_SCHEME)
    _put(node, "Name", party.name)
    if party.siren:
        _put(_put(node, "SpecifiedLegalOrganization"), "ID", party.siren, schemeID=SIREN_SCHEME)
    _contact(node, party)
    address = _put(node, "PostalTradeAddress")
    _put_if(address, "PostcodeCode", party.postcode)
    _put_if(address, "LineOne", party.street)
    _put_if(address, "CityName", party.city)
    _put(address, "CountryID", party.country)
    if party.endpoint:
        _put(_put(node, "URIUniversalCommunication"), "URIID", party.endpoint, schemeID=party.endpoint_scheme)
    if party.vat_number and with_vat:
        _put(_put(node, "SpecifiedTaxRegistration"), "ID", party.vat_number, schemeID="VA")


def _contact(node: Node, party: Party) -> None:
    if not party.contact:
        return
    contact = _put(node, "DefinedTradeContact")
    _put(contact, "PersonName", party.contact)
    if party.phone:
        _put(_put(contact, "TelephoneUniversalCommunication"), "CompleteNumber", party.phone)
    if party.email:
        _put(_put(contact, "EmailURIUniversalCommunication"), "URIID", party.email)


def _delivery(trade: Node, document: ElectronicInvoice) -> None:
    delivery = _put(trade, "ApplicableHeaderTradeDelivery")
    if (goes_to := document.delivery) is not None:
        party = _put(delivery, "ShipToTradeParty")
        _put_if(party, "Name", goes_to.name)
        address = _put(party, "PostalTradeAddress")
        _put_if(address, "PostcodeCode", goes_to.postcode)
        _put_if(address, "LineOne", goes_to.street)
        _put_if(address, "CityName", goes_to.city)
        _put(address, "CountryID", goes_to.country)
    if document.supplied_on:
        _day(_put(delivery, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", document.supplied_on)


def _settlement(trade: Node, document: ElectronicInvoice) -> None:
    settlement = _put(trade, "ApplicableHeaderTradeSettlement")
    _put(settlement, "PaymentReference", document.number)
    if document.vat_eur_cents is not None:
        _put(settlement, "TaxCurrencyCode", "EUR")
    _put(settlement, "InvoiceCurrencyCode", document.currency)
    _means(settlement, document)
    for tax in document.taxes:
        _tax(settlement, tax)
    for allowance in document.allowances:
        _allowance(settlement, allowance)
    terms = _put(settlement, "SpecifiedTradePaymentTerms")
    _put_if(terms, "Description", document.terms)
    if document.due_on:
        _day(terms, "DueDateDateTime", document.due_on)
    _summation(settlement, document)
    for number, day in document.preceding:
        earlier = _put(settlement, "InvoiceReferencedDocument")
        _put(earlier, "IssuerAssignedID", number)
        _day(earlier, "FormattedIssueDateTime", day, space=QDT)


def _means(settlement: Node, document: ElectronicInvoice) -> None:
    if not document.means:
        return
    means = _put(settlement, "SpecifiedTradeSettlementPaymentMeans")
    _put(means, "TypeCode", document.means)
    _put_if(means, "Information", document.means_text)
    if document.account:
        account = _put(means, "PayeePartyCreditorFinancialAccount")
        _put(account, "IBANID", document.account.iban)
        _put(account, "AccountName", document.account.holder)
        _put(_put(means, "PayeeSpecifiedCreditorFinancialInstitution"), "BICID", document.account.bic)


def _tax(settlement: Node, tax: Tax) -> None:
    node = _put(settlement, "ApplicableTradeTax")
    _put(node, "CalculatedAmount", format_amount(tax.vat_cents))
    _put(node, "TypeCode", "VAT")
    _put_if(node, "ExemptionReason", tax.reason)
    _put(node, "BasisAmount", format_amount(tax.net_cents))
    _put(node, "CategoryCode", tax.category)
    _put_if(node, "ExemptionReasonCode", tax.reason_code)
    _put_if(node, "DueDateTypeCode", tax.falls_due)
    _rate(node, tax.category, tax.rate_pct)


def _allowance(settlement: Node, allowance: Allowance) -> None:
    node = _put(settlement, "SpecifiedTradeAllowanceCharge")
    indicator = etree.SubElement(_put(node, "ChargeIndicator"), f"{{{UDT}}}Indicator")
    indicator.text = "false"
    _put(node, "ActualAmount", format_amount(allowance.cents))
    _put(node, "ReasonCode", "95")
    _put(node, "Reason", allowance.reason)
    _category(_put(node, "CategoryTradeTax"), allowance.category, allowance.rate_pct)


def _summation(settlement: Node, document: ElectronicInvoice) -> None:
    totals = _put(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _put(totals, "LineTotalAmount", format_amount(document.lines_cents))
    if document.allowances:
        _put(totals, "AllowanceTotalAmount", format_amount(document.allowances_cents))
    _put(totals, "TaxBasisTotalAmount", format_amount(document.net_cents))
    _put(totals, "TaxTotalAmount", format_amount(document.vat_cents), currencyID=document.currency)
    if document.vat_eur_cents is not None:
        _put(totals, "TaxTotalAmount", format_amount(document.vat_eur_cents), currencyID="EUR")
    _put(totals, "GrandTotalAmount", format_amount(document.gross_cents))
    if document.prepaid_cents:
        _put(totals, "TotalPrepaidAmount", format_amount(document.prepaid_cents))
    _put(totals, "DuePayableAmount", format_amount(document.due_cents))
