"""Messages about orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, PUBLIC, Ids, amount_text, mail_to
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on, open_invoices, with_balance
from billing.money.gateways.seller import seller
from billing.money.policy.money import round_cents
from billing.orders.models import Order, Refusal
from billing.orders.queries.access import tenants_of
from billing.orders.queries.asked import was_credited_before
from billing.payments.models import Refund
from contracts.policy.clauses import keeps
from tenants.models import Tenant
from tenants.queries import asked_erasure_of, tenant_url


def order_told(key: str) -> Order | None:
    """Return the order a message is about; None once it is gone."""
    return Order.objects.select_related("contact__customer", "steps", "version").filter(pk=key).first()


def page_told(order: Order) -> str:
    """Return the path of an order's page of the portal."""
    return reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)


@message("billing/order_received", template="billing/orders/mail/order_received")
def order_received(ids: Ids) -> Mail | None:
    """Return the mail that says an order was received and how to pay it, its invoice attached."""
    order = order_told(ids["order"])
    invoice = order.invoices.filter(kind=Invoice.Kind.INVOICE).first() if order else None
    if order is None or invoice is None or order.state == Order.State.CANCELLED:
        return None
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)]
    total = amount_text(invoice.gross_cents, invoice.currency)
    return mail_to(
        order.contact,
        to_page=page_told(order),
        attachments=attached,
        order=order,
        invoice=invoice,
        total_text=total,
    )


@message("billing/order_refused", template="billing/orders/mail/order_refused")
@keeps("LG-S5.1r", "LG-S6.1e")
def order_refused(ids: Ids) -> Mail | None:
    """Return the mail that says an order isn't taken, or was taken back, and why.

    Nothing a stranger typed stands in it.
    """
    refusal = Refusal.objects.select_related("contact__customer", "order").filter(pk=ids["refusal"]).first()
    if refusal is None:
        return None
    order = refusal.order
    details: dict[str, Any] = {"refusal": refusal, "order": order}
    if order is not None:
        details |= _wrong_price(refusal, order) | {"back_text": _given_back(order)}
    if refusal.contact is not None:
        page = page_told(order) if order else ""
        notes = _credit_notes(order) if order else []
        return mail_to(refusal.contact, to_page=page, attachments=notes, **(details | {"notes": notes}))
    return Mail([refusal.email], {"seller": seller(), **details}, refusal.language) if refusal.email else None


def _wrong_price(refusal: Refusal, order: Order) -> dict[str, Any]:
    """Return what was asked and what would have been right, with VAT to whom it was sold so."""
    right, asked = refusal.right_net_cents, order.net_cents
    if right is None:
        return {}
    if order.is_consumer_protected:
        right, asked = _with_vat(right, order), order.gross_cents
    return {
        "right_text": amount_text(right, order.currency),
        "asked_text": amount_text(asked, order.currency),
        "with_vat": order.is_consumer_protected,
    }


def _with_vat(right: int, order: Order) -> int:
    """Return a price with the VAT of what was ordered: of its products where a discount took all of it."""
    net, gross = order.net_cents, order.gross_cents
    if net == 0:
        lines = [line for line in order.lines.all() if line.net_cents > 0]
        net = sum(line.net_cents for line in lines)
        gross = sum(line.quantity * line.unit_with_vat_cents for line in lines)
    return round_cents(Decimal(right * gross) / net) if net else right


@message("billing/order_confirmed", template="billing/orders/mail/order_confirmed")
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


@message("billing/rest_asked", template="billing/orders/mail/rest_asked")
def rest_asked(ids: Ids) -> Mail | None:
    """Return the mail that brings the invoice of what is left of an order; None once it is paid."""
    invoice = Invoice.objects.select_related("order__contact__customer").filter(pk=ids["invoice"]).first()
    order = invoice.order if invoice else None
    if invoice is None or order is None or (left := balance_of(invoice.pk)) <= 0:
        return None
    return mail_to(
        order.contact,
        to_page=page_told(order),
        attachments=[(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)],
        order=order,
        invoice=invoice,
        due_on=falls_due_on(invoice),
        total_text=amount_text(left, invoice.currency),
        is_deposit_paid=not open_invoices().filter(order=order, is_down_payment=True).exists(),
    )


@message("billing/order_cancelled", template="billing/orders/mail/order_cancelled")
def order_cancelled(ids: Ids) -> Mail | None:
    """Return the mail that says an unpaid order was cancelled, the credit note attached."""
    order = Order.objects.select_related("contact__customer").filter(pk=ids["order"]).first()
    if order is None or order.cancelled_at is None:
        return None
    page = reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)
    return mail_to(
        order.contact,
        to_page=page,
        attachments=_credit_notes(order),
        order=order,
        was_credited=was_credited_before(order),
        back_text=_given_back(order),
    )


def _credit_notes(order: Order) -> list[tuple[str, bytes, str]]:
    notes = order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE)
    return [(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes]


def _given_back(order: Order) -> SimpleLazyObject[str] | str:
    """Return how much is given back of what an order had brought, nothing where none is."""
    refunds = Refund.objects.active().filter(note__order=order)
    back = refunds.aggregate(total=Sum("amount_cents"))["total"]
    return amount_text(back, order.currency) if back else ""


@message("billing/money_sent_back", template="billing/orders/mail/money_sent_back")
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


@message("billing/access_opened", template="billing/orders/mail/access_opened")
def access_opened(ids: Ids) -> Mail | None:
    """Return the mail that says where the school now is; the invitation follows from the school itself."""
    order = Order.objects.select_related("contact__customer").filter(pk=ids["order"]).first()
    if order is None:
        return None
    places = [(tenant.name, tenant_url(tenant)) for tenant in tenants_of(order)]
    if not places:
        return None
    waits = order.allocated_payments().filter(credited_on=None, proof_on__isnull=False)
    return mail_to(
        order.contact,
        order=order,
        schools=places,
        is_proved=waits.exists(),
        is_paid=all(row.balance_cents <= 0 for row in with_balance(order.invoices.invoices())),
    )


@message("billing/opening_waits", template="billing/orders/mail/opening_waits")
@keeps("LG-S21.2")
def opening_waits(ids: Ids) -> Mail | None:
    """Return the mail that says why a paid order doesn't open yet: its school is to be deleted early."""
    order = order_told(ids["order"])
    tenant = Tenant.objects.filter(pk=ids["tenant"]).first()
    asked = asked_erasure_of(tenant.pk) if tenant else None
    if order is None or order.state != Order.State.READY or tenant is None or asked is None:
        return None
    return mail_to(order.contact, to_page=page_told(order), order=order, tenant=tenant, gone_by=asked.due_at)
