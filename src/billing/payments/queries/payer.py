"""Who is written to about what a client owes or paid."""

from __future__ import annotations

from billing.customers.models import Contact
from billing.invoicing.models import Invoice
from billing.payments.models import Payment


def payer_of(invoice: Invoice) -> Contact | None:
    """Return who is written to about an invoice: who ordered, else the first who speaks for the customer."""
    if invoice.order is not None:
        return invoice.order.contact
    return Contact.objects.speaking().filter(customer_id=invoice.customer_id).order_by("created_at").first()


def payer_of_payment(payment: Payment) -> Contact | None:
    """Return who is written to about a payment, whatever it paid: the payer of that.

    The first who speaks for the customer where it paid nothing.
    """
    share = payment.allocations.select_related("invoice__order__contact__customer").last()
    if share is not None:
        return payer_of(share.invoice)
    claimed = payment.claim_allocations.select_related("claim__invoice__order__contact__customer").last()
    if claimed is not None:
        return payer_of(claimed.claim.invoice)
    return Contact.objects.speaking().filter(customer_id=payment.customer_id).order_by("created_at").first()
