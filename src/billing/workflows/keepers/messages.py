"""The confirmation of an online order, with all that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, Ids, amount_text, mail_to
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.orders.actions.record_checkout_step import confirmation_key
from billing.orders.keepers.order_messages import order_told, page_told
from billing.orders.models import Order
from billing.orders.queries.shown import lines_shown
from billing.returns.actions.render_withdrawal_form import withdrawal_form_pdf
from billing.subscriptions.actions.render_terms import terms_pdf
from billing.subscriptions.models import RenewalNotice
from billing.subscriptions.queries.shown import subscription_shown
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from tenants.models import Tenant
from tenants.queries import tenant_url


@dataclass(frozen=True, slots=True)
class Renews:
    """What a confirmation announces of a renewal that comes too soon for a notice of its own (LG-S14.2n)."""

    product: str
    on: date
    unit_text: SimpleLazyObject[str]
    total_text: SimpleLazyObject[str]


@message("billing/order_concluded", template="billing/workflows/mail/order_concluded")
@keeps("LG-S5.1", "LG-S22", "LG-S14.2n")
def order_concluded(ids: Ids) -> Mail | None:
    """Return the confirmation of an online order.

    What was ordered, the terms, the withdrawal form, what renews when.
    """
    order = order_told(ids["order"])
    if order is None or order.state == Order.State.CANCELLED:
        return None
    terms = TermsVersion.objects.filter(pk=order.terms_accepted).first() if order.terms_accepted else None
    consumer = order.is_consumer_protected
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
