"""The messages billing sends to buyers; each is written when it is sent, from what is true then."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.actions.draw_document import invoice_pdf, quote_pdf
from billing.gateways.portal_link import token_for
from billing.gateways.seller import seller
from billing.models import Contact, Invoice, Order, Payment, QuoteVersion, Refund
from billing.queries.access import tenants_of
from contracts.templatetags.ui import money_text
from tenants.queries import public_url, tenant_url

Ids = Mapping[str, str]
Attachments = Sequence[tuple[str, bytes, str]]
PDF = "application/pdf"
PUBLIC = "config.urls_public"


def mail_to(contact: Contact, *, to_page: str = "", attachments: Attachments = (), **context: object) -> Mail:
    """Return a mail to a buyer, with the link that lets them into the portal, on a page of it."""
    path = reverse("billing:enter", args=[token_for(contact)], urlconf=PUBLIC)
    link = public_url(path) + (f"?next={to_page}" if to_page else "")
    told = {"contact": contact, "customer": contact.customer, "link": link, "seller": seller(), **context}
    return Mail([contact.email], told, contact.language, tuple(attachments))


def amount_text(cents: int, currency: str) -> SimpleLazyObject:
    """Return the amount as text, in the language the mail will be written in."""
    return SimpleLazyObject(lambda: money_text(cents, currency))


@message("billing/quote_sent")
def quote_sent(ids: Ids) -> Mail | None:
    """Return the mail with the quote and the link to sign it, unless it was replaced meanwhile."""
    version = (
        QuoteVersion.objects.select_related("quote__contact__customer").filter(pk=ids["version"]).first()
    )
    if version is None or version.state != QuoteVersion.State.SENT:
        return None
    page = reverse("billing:portal_quote", args=[version.pk], urlconf=PUBLIC)
    attached = [(f"{version.label.replace(' ', '-')}.pdf", quote_pdf(version), PDF)]
    return mail_to(
        version.quote.contact,
        to_page=page,
        attachments=attached,
        version=version,
        total_text=amount_text(version.gross_cents, version.currency),
    )


@message("billing/order_confirmed")
def order_confirmed(ids: Ids) -> Mail | None:
    """Return the mail that confirms an order, its invoice attached, and says how to pay."""
    order = Order.objects.select_related("contact__customer").filter(pk=ids["order"]).first()
    invoice = order.invoices.filter(kind=Invoice.Kind.INVOICE).first() if order else None
    if order is None or invoice is None:
        return None
    page = reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)]
    return mail_to(
        order.contact,
        to_page=page,
        attachments=attached,
        order=order,
        invoice=invoice,
        total_text=amount_text(invoice.gross_cents, invoice.currency),
    )


@message("billing/order_cancelled")
def order_cancelled(ids: Ids) -> Mail | None:
    """Return the mail that says an unpaid order was cancelled, the credit note attached."""
    order = Order.objects.select_related("contact__customer").filter(pk=ids["order"]).first()
    if order is None:
        return None
    notes = order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE)
    attached = [(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes]
    page = reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)
    return mail_to(order.contact, to_page=page, attachments=attached, order=order)


@message("billing/payment_bounced")
def payment_bounced(ids: Ids) -> Mail | None:
    """Return the mail that says the bank refused a payment."""
    payment = Payment.objects.filter(pk=ids["payment"]).first()
    row = payment.allocations.select_related("invoice__order__contact__customer").first() if payment else None
    if payment is None or row is None or row.invoice.order is None:
        return None
    total = amount_text(payment.amount_cents, payment.currency)
    return mail_to(row.invoice.order.contact, payment=payment, invoice=row.invoice, total_text=total)


@message("billing/money_sent_back")
def money_sent_back(ids: Ids) -> Mail | None:
    """Return the mail that says why money that came late is given back, and how."""
    refund = (
        Refund.objects.select_related("payment__checkout__order__contact__customer")
        .filter(pk=ids["refund"])
        .first()
    )
    order = refund.payment.checkout.order if refund else None
    if refund is None or order is None:
        return None
    page = reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)
    return mail_to(
        order.contact,
        to_page=page,
        order=order,
        total_text=amount_text(refund.amount_cents, refund.payment.currency),
    )


@message("billing/access_opened")
def access_opened(ids: Ids) -> Mail | None:
    """Return the mail that says where the school now is; the invitation follows from the school itself."""
    order = Order.objects.select_related("contact__customer").filter(pk=ids["order"]).first()
    if order is None:
        return None
    places = [(tenant.name, tenant_url(tenant)) for tenant in tenants_of(order)]
    return mail_to(order.contact, order=order, schools=places) if places else None


@message("billing/portal_link")
def portal_link(ids: Ids) -> Mail | None:
    """Return the mail with a link into the portal, asked for at its door."""
    contact = Contact.objects.select_related("customer").filter(pk=ids["contact"]).first()
    return mail_to(contact) if contact else None


@message("billing/quote_asked")
def quote_asked(ids: Ids) -> Mail | None:
    """Return the mail that confirms a request; nothing a stranger typed stands in it."""
    version = QuoteVersion.objects.select_related("quote__contact__customer", "request").get(
        pk=ids["version"]
    )
    contact = version.quote.contact
    told = {"contact": contact, "version": version, "users": version.request.users, "seller": seller()}
    return Mail([contact.email], told, contact.language)
