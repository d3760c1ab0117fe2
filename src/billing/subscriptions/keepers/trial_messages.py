"""The messages about trials and saved payment methods; each written when it is sent."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.customers.models import Contact
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.orders.models import Order
from billing.orders.queries.trial import invoice_to_pay
from billing.payments.models import SavedMethod
from billing.subscriptions.models import Trial

Ids = Mapping[str, str]


def _trial(ids: Ids) -> Trial | None:
    rows = Trial.objects.select_related("subscription__order__contact__customer", "subscription__product")
    return rows.filter(subscription__order_id=ids["order"]).first()


def _about(trial: Trial, **more: Any) -> Mail:
    subscription = trial.subscription
    order = trial.subscription.order
    page = reverse("billing:portal_subscription", args=[subscription.pk], urlconf=PUBLIC)
    return mail_to(
        order.contact,
        to_page=page,
        trial=trial,
        order=order,
        subscription=subscription,
        product=subscription.product.name(order.contact.language),
        total_text=amount_text(order.gross_cents, order.currency),
        method=SavedMethod.objects.of_customer(order.customer_id),
        **more,
    )


@message("billing/trial_reminder", template="billing/subscriptions/mail/trial_reminder")
def trial_reminder(ids: Ids) -> Mail | None:
    """Return the reminder of a trial's end, with its day and its price, unless it was ended meanwhile
    (LG-S14.3).
    """
    trial = _trial(ids)
    return _about(trial) if trial is not None and trial.state == "running" else None


@message("billing/trial_activated", template="billing/subscriptions/mail/trial_activated")
def trial_activated(ids: Ids) -> Mail | None:
    """Return the mail that says a trial became the first term, its invoice attached."""
    trial = _trial(ids)
    if trial is None:
        return None
    invoice = invoice_to_pay(trial.subscription.order)
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)] if invoice else []
    return _about(trial, attachments=attached, term=trial.subscription.terms.earliest("position"))


@message("billing/trial_ended", template="billing/subscriptions/mail/trial_ended")
def trial_ended(ids: Ids) -> Mail | None:
    """Return the receipt of a trial that the client ended: nothing is invoiced."""
    trial = _trial(ids)
    return _about(trial) if trial is not None and trial.ended_at else None


@message("billing/charge_refused", template="billing/subscriptions/mail/charge_refused")
def charge_refused(ids: Ids) -> Mail | None:
    """Return the mail with the link to pay an invoice that could not be charged, unless it was paid
    meanwhile.
    """
    invoice = Invoice.objects.select_related("order__contact__customer").filter(pk=ids["invoice"]).first()
    if invoice is None or (left := balance_of(invoice.pk)) <= 0:
        return None
    page = reverse("billing:portal_pay", args=[invoice.pk], urlconf=PUBLIC)
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)]
    tried = invoice.checkouts.exclude(method=None).exists()
    return mail_to(
        _payer(invoice.order, invoice),
        to_page=page,
        attachments=attached,
        invoice=invoice,
        tried=tried,
        due_on=falls_due_on(invoice),
        left_text=amount_text(left, invoice.currency),
    )


def _payer(order: Order | None, invoice: Invoice) -> Contact:
    if order is not None:
        return order.contact
    return Contact.objects.filter(customer_id=invoice.customer_id).order_by("created_at")[0]
