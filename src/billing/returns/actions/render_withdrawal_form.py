"""Draw the form a consumer withdraws with.

Appendix 1 of the terms of sale, filled in as far as an order tells.
"""

from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind
from billing.money.gateways.seller import seller
from billing.orders.models import Order
from contracts.policy.clauses import keeps
from exports.gateways.pdf import render


@keeps("LG-S22", "LG-S27")
def withdrawal_form_pdf(order: Order) -> bytes:
    """Return the PDF of the form of withdrawal of an order, in the buyer's language.

    Only day and signature are left.
    """
    language = order.version.language if order.version else order.contact.language
    customer = order.customer
    context = {
        "order": order,
        "seller": seller(),
        "buyer": customer,
        "lines": order.lines.filter(kind=LineKind.PRODUCT),
        "is_translation": language != "fr",
        "has_goods": order.lines.filter(kind=LineKind.PRODUCT, nature=Nature.GOODS).exists(),
    }
    return render("billing/returns/pdf/withdrawal_form.html", context, language=language)
