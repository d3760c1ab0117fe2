"""The words of the mentions an invoice must carry; frozen with it when it is issued."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoicing.models import Invoice
from billing.invoicing.policy.mentions import Mention, invoice_mentions


def sentences(invoice: Invoice, *, natures: Collection[str], taxed: Collection[str]) -> list[dict[str, str]]:
    """Return the mentions of a document in its language, in the order printed: [{"key", "text"}].

    `taxed` are the natures of what bears VAT on it.
    """
    rows = invoice.vat_rows
    told = invoice_mentions(
        invoice.customer_type,
        outside_vat=any(row["rate"] is None and not row.get("reason") for row in rows),
        reasons={row["reason"] for row in rows if row.get("reason")},
        on_debits=bool(invoice.seller.get("vat_on_debits")),
        taxed=taxed,
        is_down_payment=invoice.is_down_payment,
        is_credit=invoice.is_credit_note,
    )
    with override(invoice.language):
        return [{"key": str(key), "text": _WORDS[key](invoice, natures)} for key in told]


def _seller(invoice: Invoice, natures: Collection[str]) -> str:
    keys = ("name", "form", "street", "postcode", "city", "register", "siret", "vat_number")
    return _(
        "%(name)s, %(form)s, %(street)s, %(postcode)s %(city)s. %(register)s. SIRET %(siret)s. VAT "
        "%(vat_number)s."
    ) % {key: invoice.seller[key] for key in keys}


def _operation(invoice: Invoice, natures: Collection[str]) -> str:
    if len(set(natures)) > 1:
        return _("Nature of the operation: sale of goods and services.")
    if "goods" in natures:
        return _("Nature of the operation: sale of goods.")
    return _("Nature of the operation: supply of services.")


def _on_debits(invoice: Invoice, natures: Collection[str]) -> str:
    return _("Option to pay VAT on debits.")


def _outside(invoice: Invoice, natures: Collection[str]) -> str:
    return _("VAT not applicable, article 294 of the French tax code.")


def _services_abroad(invoice: Invoice, natures: Collection[str]) -> str:
    return _("French VAT not applicable, article 259-1 of the French tax code.")


def _reverse_charge(invoice: Invoice, natures: Collection[str]) -> str:
    return _(
        "Reverse charge: VAT is due by the customer (article 283-2 of the French tax code, {directive})."
    ).format(directive="2006/112/CE, art. 196")


def _union_supply(invoice: Invoice, natures: Collection[str]) -> str:
    return _("VAT exempt intra-Community supply, article 262 ter I of the French tax code.")


def _export(invoice: Invoice, natures: Collection[str]) -> str:
    return _("VAT exempt export, article 262 I of the French tax code.")


def _training(invoice: Invoice, natures: Collection[str]) -> str:
    return _("VAT exempt vocational training, article 261-4-4° a of the French tax code.")


def _deposit(invoice: Invoice, natures: Collection[str]) -> str:
    return _("Deposit invoice: it is deducted from the invoice of the sale.")


def _no_discount(invoice: Invoice, natures: Collection[str]) -> str:
    return _("No discount for early payment.")


def _late_professional(invoice: Invoice, natures: Collection[str]) -> str:
    return _(
        "Any late payment bears, by right and without reminder, from the due date, interest at the higher of "
        "three "
        "times the French statutory rate and the European Central Bank’s refinancing rate plus 10 points "
        "(article L441-10 of the French commercial code)."
    )


def _late_public(invoice: Invoice, natures: Collection[str]) -> str:
    return _(
        "Any late payment bears, by right and without reminder, interest at the European Central Bank’s "
        "refinancing "
        "rate plus 8 points (article R2192-31 of the French public procurement code)."
    )


def _late_consumer(invoice: Invoice, natures: Collection[str]) -> str:
    return _(
        "In case of late payment, and after a formal notice without effect, interest runs from that notice "
        "at the "
        "statutory rate for private individuals."
    )


def _flat_fee(invoice: Invoice, natures: Collection[str]) -> str:
    article = "D2192-35 CCP" if invoice.customer_type == "public_body" else "D441-5 C. com."
    return _("Flat fee for recovery costs in case of late payment: €40 (article %(article)s).") % {
        "article": article
    }


def _court(invoice: Invoice, natures: Collection[str]) -> str:
    return _("Competent court: %(city)s.") % {"city": invoice.seller["court"]}


def _mediator(invoice: Invoice, natures: Collection[str]) -> str:
    return _("Consumer mediator: %(mediator)s.") % {"mediator": invoice.seller["mediator"]}


_WORDS: dict[Mention, Callable[[Invoice, Collection[str]], str]] = {
    Mention.SELLER: _seller,
    Mention.OPERATION: _operation,
    Mention.VAT_ON_DEBITS: _on_debits,
    Mention.VAT_OUTSIDE_SCOPE: _outside,
    Mention.VAT_SERVICES_ABROAD: _services_abroad,
    Mention.VAT_REVERSE_CHARGE: _reverse_charge,
    Mention.VAT_UNION_SUPPLY: _union_supply,
    Mention.VAT_EXPORT: _export,
    Mention.VAT_TRAINING: _training,
    Mention.DEPOSIT: _deposit,
    Mention.NO_DISCOUNT: _no_discount,
    Mention.LATE_PROFESSIONAL: _late_professional,
    Mention.LATE_PUBLIC_BODY: _late_public,
    Mention.LATE_CONSUMER: _late_consumer,
    Mention.FLAT_FEE: _flat_fee,
    Mention.COURT: _court,
    Mention.MEDIATOR: _mediator,
}
