"""An electronic invoice as UBL 2.1, the other syntax of EN 16931; Chorus Pro and platforms take either."""

from __future__ import annotations

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

OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"

CAC = f"{OASIS}CommonAggregateComponents-2"

CBC = f"{OASIS}CommonBasicComponents-2"

CREDITS = frozenset({"381", "503"})

Node: TypeAlias = Any  # an element of lxml, which has no types


def ubl_xml(document: ElectronicInvoice) -> bytes:
    """Return the document as UBL, every total as it is stored: an Invoice, or a CreditNote."""
    is_credit = document.type_code in CREDITS
    name = "CreditNote" if is_credit else "Invoice"
    space = f"{OASIS}{name}-2"
    root = etree.Element(f"{{{space}}}{name}", nsmap={None: space, "cac": CAC, "cbc": CBC})
    _heading(root, document, is_credit)
    _references(root, document)
    _party(
        _group(_group(root, "AccountingSupplierParty"), "Party"), document.seller, document.has_vat_numbers
    )
    _party(_group(_group(root, "AccountingCustomerParty"), "Party"), document.buyer, document.has_vat_numbers)
    _delivery(root, document)
    _payment(root, document)
    for allowance in document.allowances:
        _allowance(root, allowance, document.currency)
    _taxes(root, document)
    _totals(root, document)
    for item in document.items:
        _item(root, item, document.currency, is_credit)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _group(parent: Node, name: str) -> Node:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _put(parent: Node, name: str, text: object, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = writable(text)


def _put_if(parent: Node, name: str, text: str, **attributes: str) -> None:
    if text:
        _put(parent, name, text, **attributes)


def _money(parent: Node, name: str, cents: int, currency: str) -> None:
    _put(parent, name, format_amount(cents), currencyID=currency)


def _heading(root: Node, document: ElectronicInvoice, is_credit: bool) -> None:
    _put(root, "CustomizationID", PROFILE)
    _put(root, "ProfileID", document.business_process)
    _put(root, "ID", document.number)
    _put(root, "IssueDate", document.issued_on)
    if document.due_on and not is_credit:
        _put(root, "DueDate", document.due_on)
    _put(root, "CreditNoteTypeCode" if is_credit else "InvoiceTypeCode", document.type_code)
    for code, text in document.notes:
        _put(root, "Note", f"#{code}#{text}")
    _put(root, "DocumentCurrencyCode", document.currency)
    if document.vat_eur_cents is not None:
        _put(root, "TaxCurrencyCode", "EUR")
    _put_if(root, "BuyerReference", document.service_code)


def _references(root: Node, document: ElectronicInvoice) -> None:
    if falls_due := next((tax.falls_due for tax in document.taxes if tax.falls_due), ""):
        period = _group(root, "InvoicePeriod")
        _put(period, "DescriptionCode", {"5": "3", "29": "35", "72": "432"}[falls_due])
    if document.purchase_order_reference:
        _put(_group(root, "OrderReference"), "ID", document.purchase_order_reference)
    for number, day in document.preceding:
        earlier = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _put(earlier, "ID", number)
        _put(earlier, "IssueDate", day)
    if document.contract_reference:
        _put(_group(root, "ContractDocumentReference"), "ID", document.contract_reference)


def _party(node: Node, party: Party, with_vat: bool) -> None:
    if party.endpoint:
        _put(node, "EndpointID", party.endpoint, schemeID=party.endpoint_scheme)
    if party.siret:
        _put(_group(node, "PartyIdentification"), "ID", party.siret, schemeID=SIRET_SCHEME)
    _address(
        _group(node, "PostalAddress"),
        party.country,
        street=party.street,
        city=party.city,
        postcode=party.postcode,
    )
    if party.vat_number and with_vat:
        scheme = _group(node, "PartyTaxScheme")
        _put(scheme, "CompanyID", party.vat_number)
        _put(_group(scheme, "TaxScheme"), "ID", "VAT")
    legal = _group(node, "PartyLegalEntity")
    _put(legal, "RegistrationName", party.name)
    if party.siren:
        _put(legal, "CompanyID", party.siren, schemeID=SIREN_SCHEME)
    if party.contact:
        contact = _group(node, "Contact")
        _put(contact, "Name", party.contact)
        _put_if(contact, "Telephone", party.phone)
        _put_if(contact, "ElectronicMail", party.email)


def _address(node: Node, country: str, *, street: str = "", city: str = "", postcode: str = "") -> None:
    _put_if(node, "StreetName", street)
    _put_if(node, "CityName", city)
    _put_if(node, "PostalZone", postcode)
    _put(_group(node, "Country"), "IdentificationCode", country)


def _delivery(root: Node, document: ElectronicInvoice) -> None:
    goes_to = document.delivery
    if not (document.supplied_on or goes_to):
        return
    delivery = _group(root, "Delivery")
    if document.supplied_on:
        _put(delivery, "ActualDeliveryDate", document.supplied_on)
    if goes_to is not None:
        address = _group(_group(delivery, "DeliveryLocation"), "Address")
        _address(
            address, goes_to.country, street=goes_to.street, city=goes_to.city, postcode=goes_to.postcode
        )
        if goes_to.name:
            _put(_group(_group(delivery, "DeliveryParty"), "PartyName"), "Name", goes_to.name)


def _payment(root: Node, document: ElectronicInvoice) -> None:
    if document.means:
        means = _group(root, "PaymentMeans")
        _put(means, "PaymentMeansCode", document.means)
        _put(means, "PaymentID", document.number)
        if document.account:
            account = _group(means, "PayeeFinancialAccount")
            _put(account, "ID", document.account.iban)
            _put(account, "Name", document.account.holder)
            _put(_group(account, "FinancialInstitutionBranch"), "ID", document.account.bic)
    if document.terms:
        _put(_group(root, "PaymentTerms"), "Note", document.terms)


def _allowance(root: Node, allowance: Allowance, currency: str) -> None:
    node = _group(root, "AllowanceCharge")
    _put(node, "ChargeIndicator", "false")
    _put(node, "AllowanceChargeReasonCode", "95")
    _put(node, "AllowanceChargeReason", allowance.reason)
    _money(node, "Amount", allowance.cents, currency)
    _category(_group(node, "TaxCategory"), Tax(allowance.category, allowance.rate_pct))


def _taxes(root: Node, document: ElectronicInvoice) -> None:
    total = _group(root, "TaxTotal")
    _money(total, "TaxAmount", document.vat_cents, document.currency)
    for tax in document.taxes:
        part = _group(total, "TaxSubtotal")
        _money(part, "TaxableAmount", tax.net_cents, document.currency)
        _money(part, "TaxAmount", tax.vat_cents, document.currency)
        _category(_group(part, "TaxCategory"), tax)
    if document.vat_eur_cents is not None:
        _money(_group(root, "TaxTotal"), "TaxAmount", document.vat_eur_cents, "EUR")


def _category(node: Node, tax: Tax) -> None:
    _put(node, "ID", tax.category)
    if tax.category != "O":
        _put(node, "Percent", f"{tax.rate_pct:.2f}")
    _put_if(node, "TaxExemptionReasonCode", tax.reason_code)
    _put_if(node, "TaxExemptionReason", tax.reason)
    _put(_group(node, "TaxScheme"), "ID", "VAT")


def _totals(root: Node, document: ElectronicInvoice) -> None:
    totals = _group(root, "LegalMonetaryTotal")
    currency = document.currency
    _money(totals, "LineExtensionAmount", document.lines_cents, currency)
    _money(totals, "TaxExclusiveAmount", document.net_cents, currency)
    _money(totals, "TaxInclusiveAmount", document.gross_cents, currency)
    if document.allowances:
        _money(totals, "AllowanceTotalAmount", document.allowances_cents, currency)
    if document.prepaid_cents:
        _money(totals, "PrepaidAmount", document.prepaid_cents, currency)
    _money(totals, "PayableAmount", document.due_cents, currency)


def _item(root: Node, item: Item, currency: str, is_credit: bool) -> None:
    line = _group(root, "CreditNoteLine" if is_credit else "InvoiceLine")
    _put(line, "ID", item.position)
    _put_if(line, "Note", item.note)
    _put(line, "CreditedQuantity" if is_credit else "InvoicedQuantity", item.quantity, unitCode=item.unit)
    _money(line, "LineExtensionAmount", item.net_cents, currency)
    if item.starts_on and item.last_day:
        period = _group(line, "InvoicePeriod")
        _put(period, "StartDate", item.starts_on)
        _put(period, "EndDate", item.last_day)
    thing = _group(line, "Item")
    _put(thing, "Name", item.name)
    if item.reference:
        _put(_group(thing, "SellersItemIdentification"), "ID", item.reference)
    _category(_group(thing, "ClassifiedTaxCategory"), Tax(item.category, item.rate_pct))
    _put(_group(line, "Price"), "PriceAmount", format_price(item.price), currencyID=currency)
