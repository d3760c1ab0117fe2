"""Draw the shop's papers: the picking list of a day, the slip of a return."""

from billing.fulfilment.models import Return
from billing.fulfilment.queries.deliveries import PickingList
from billing.money.gateways.seller import seller
from exports.gateways.pdf import render


def picking_list_pdf(picking: PickingList, *, language: str) -> bytes:
    """Return the PDF of the picking list of a day."""
    context = {"picking": picking, "seller": seller()}
    return render("billing/fulfilment/pdf/picking_list.html", context, language=language)


def return_slip_pdf(back: Return) -> bytes:
    """Return the PDF of the slip that travels with goods that come back."""
    contact = back.order.contact
    context = {
        "back": back,
        "order": back.order,
        "buyer": _address(back),
        "product": back.product.name(contact.language),
        "seller": seller(),
    }
    return render("billing/fulfilment/pdf/return_slip.html", context, language=contact.language)


def _address(back: Return) -> dict[str, str]:
    customer = back.order.customer
    names = ("name", "signatory", "street", "postcode", "city", "country")
    return {name: getattr(customer, name) for name in names}
