"""The messages about orders placed online: received, concluded, refused; each written when it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.actions.conclude_online import confirmation_key
from billing.actions.draw_document import invoice_pdf
from billing.actions.draw_terms import terms_pdf
from billing.actions.draw_withdrawal_form import withdrawal_form_pdf
from billing.gateways.seller import seller
from billing.keepers.messages import PDF, PUBLIC, Ids, amount_text, mail_to
from billing.models import Invoice, Order, Refusal, RenewalNotice
from billing.policy.clients import capacity
from billing.queries.shown import lines_shown, subscription_shown
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from tenants.models import Tenant
from tenants.queries import tenant_url


@dataclass(frozen=True, slots=True)
class Renews:
    """What a confirmation announces of a renewal that comes too soon for a notice of its own (LG-S14.2n)."""

    product: str
    on: date
    unit_text: SimpleLazyObject
    total_text: SimpleLazyObject


def order_told(key: str) -> Order | None:
    """Return the order a message is about; None once it is gone."""
    return Order.objects.select_related("contact__customer", "steps", "version").filter(pk=key).first()


def page_told(order: Order) -> str:
    """Return the path of an order's page of the portal."""
    return reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)


@message("billing/order_received")
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


@message("billing/order_concluded")
@keeps("LG-S5.1", "LG-S22", "LG-S14.2n")
def order_concluded(ids: Ids) -> Mail | None:
    """Return the confirmation of an online order.

    What was ordered, the terms, the withdrawal form, what renews when.
    """
    order = order_told(ids["order"])
    if order is None or order.state == Order.State.CANCELLED:
        return None
    terms = TermsVersion.objects.filter(pk=order.terms_accepted).first() if order.terms_accepted else None
    consumer = capacity(order.customer.client).consumer_protections
    tenants = Tenant.objects.filter(pk__in=order.sites.values("tenant_id"))
    return mail_to(
        order.contact,
        to_page=page_told(order),
        attachments=_papers(order, terms, consumer=consumer),
        order=order,
        lines=[(line, amount_text(total.cents, order.currency)) for line, _unit, total in lines_shown(order)],
        terms=terms,
        with_vat=consumer,
        total_text=amount_text(order.gross_cents, order.currency),
        vat_text=amount_text(order.vat_cents, order.currency),
        renewals=_renewals(order),
        schools=[(tenant.name, tenant_url(tenant)) for tenant in tenants],
        invoice=order.invoices.filter(kind=Invoice.Kind.INVOICE).first(),
        has_form=consumer,
        is_trial=bool(order.trial_days),
    )


def _papers(order: Order, terms: TermsVersion | None, *, consumer: bool) -> Sequence[tuple[str, bytes, str]]:
    found = [
        (f"{each.number}.pdf", invoice_pdf(each), PDF)
        for each in order.invoices.filter(kind=Invoice.Kind.INVOICE)
    ]
    if terms is not None:
        name = "terms-of-sale" if order.language == "en" else "conditions-de-vente"
        found.append((f"{name}-{terms.version}.pdf", terms_pdf(terms), PDF))
    if consumer:
        name = "withdrawal-form" if order.language == "en" else "formulaire-de-retractation"
        found.append((f"{name}-{order.number}.pdf", withdrawal_form_pdf(order), PDF))
    return found


def _renewals(order: Order) -> list[Renews]:
    """Return the renewals whose first notice is this confirmation: the terms too short for 30 days."""
    rows = RenewalNotice.objects.filter(message_key=confirmation_key(order.pk))
    return [
        Renews(
            row.subscription.product.name(order.language),
            row.renews_on,
            *(
                amount_text(subscription_shown(row.subscription, cents).cents, row.currency)
                for cents in (row.unit_net_cents, row.unit_net_cents * row.quantity)
            ),
        )
        for row in rows.select_related("subscription__product", "subscription__customer")
    ]


@message("billing/order_refused")
@keeps("LG-S5.1r", "LG-S6.1e")
def order_refused(ids: Ids) -> Mail | None:
    """Return the mail that says an order isn't taken, or was taken back, and why.

    Nothing a stranger typed stands in it.
    """
    refusal = Refusal.objects.select_related("contact__customer", "order").filter(pk=ids["refusal"]).first()
    if refusal is None:
        return None
    told: dict[str, Any] = {
        "refusal": refusal,
        "order": refusal.order,
        "right_text": _right(refusal),
        "asked_text": _asked(refusal),
    }
    if refusal.contact is not None:
        return mail_to(refusal.contact, to_page=page_told(refusal.order) if refusal.order else "", **told)
    return Mail([refusal.email], {"seller": seller(), **told}, refusal.language) if refusal.email else None


def _right(refusal: Refusal) -> SimpleLazyObject | None:
    if refusal.right_net_cents is None or refusal.order is None:
        return None
    return amount_text(refusal.right_net_cents, refusal.order.currency)


def _asked(refusal: Refusal) -> SimpleLazyObject | None:
    return amount_text(refusal.order.net_cents, refusal.order.currency) if refusal.order else None
