"""The messages about what renews: what is announced, what began, and what holds where no notice arrived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Mail, message
from billing.catalogue.actions.price_lines import cheque_fee_cents
from billing.catalogue.models.lines import LineKind
from billing.catalogue.policy.methods import CHEQUE
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.payments.models import SavedMethod
from billing.payments.queries.online import OURS
from billing.subscriptions.keepers.subscription_messages import named, subscription_page
from billing.subscriptions.models import RenewalNotice, Subscription, SubscriptionTerm
from billing.subscriptions.queries.shown import subscription_shown
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps

Ids = Mapping[str, str]


@message("billing/renewal_notice", template="billing/subscriptions/mail/renewal_notice")
def renewal_notice(ids: Ids) -> Mail | None:
    """Return the notice of a renewal: its day, price and terms (LG-S14.2n)."""
    notice = (
        RenewalNotice.objects.select_related("subscription__contact__customer", "subscription__product")
        .filter(pk=ids["notice"])
        .first()
    )
    if notice is None or notice.subscription.ended_on or notice.bounced_on:
        return None
    subscription = notice.subscription
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        subscription=subscription,
        notice=notice,
        product=named(subscription),
        term=subscription.term,
        terms=notice.terms_version and TermsVersion.objects.filter(pk=notice.terms_version).first(),
        unit_text=_shown(subscription, notice.unit_net_cents),
        with_vat=subscription.order.is_consumer_protected,
        old_text=_shown(subscription, subscription.term.unit_net_cents),
        total_text=_shown(subscription, notice.net_cents),
        is_automatic=subscription.renewal == Subscription.Renewal.AUTOMATIC,
        is_discount_over=_had_discount(subscription),
        is_new_price=notice.unit_net_cents != subscription.term.unit_net_cents,
        fee_text=_fee_text(subscription, notice),
        cheque_from=_cheque_from(subscription, notice),
        replaces=_replaced_by(notice),
    )


def _had_discount(subscription: Subscription) -> bool:
    """Return whether the period that runs was sold with a discount: what follows is sold without."""
    order = subscription.term.order
    return order is not None and order.lines.filter(kind=LineKind.DISCOUNT).exists()


def _replaced_by(notice: RenewalNotice) -> date | None:
    """Return the day on which the notice left whose place this one takes; None for a first one."""
    earlier = RenewalNotice.objects.told().filter(
        subscription=notice.subscription_id, renews_on=notice.renews_on, created_at__lt=notice.created_at
    )
    last = earlier.order_by("created_at").last()
    return last.left_on if last else None


def _by_cheque(subscription: Subscription) -> bool:
    """Return whether a renewal by itself would be paid by cheque, as before."""
    return subscription.renewal == Subscription.Renewal.AUTOMATIC and subscription.method == CHEQUE


@keeps("LG-S6.2", "LG-S14.2n")
def _fee_text(subscription: Subscription, notice: RenewalNotice) -> SimpleLazyObject[str] | str:
    """Return what the notice of a renewal says that its cheque costs, "" where none does."""
    if not _by_cheque(subscription) or notice.method != CHEQUE:
        return ""
    return amount_text(cheque_fee_cents([subscription.product], notice.renews_on), notice.currency)


def _cheque_from(subscription: Subscription, notice: RenewalNotice) -> int:
    """Return from how many users on a cheque is taken, where too few are left for one; else 0."""
    too_few = _by_cheque(subscription) and notice.method != CHEQUE
    return subscription.product.cheque_minimum if too_few else 0


def _shown(subscription: Subscription, cents: int) -> SimpleLazyObject[str]:
    return amount_text(subscription_shown(subscription, cents).cents, subscription.term.currency)


@message("billing/subscription_renewed", template="billing/subscriptions/mail/subscription_renewed")
def subscription_renewed(ids: Ids) -> Mail | None:
    """Return the mail that says a subscription was renewed, and how its invoice is paid."""
    term = (
        SubscriptionTerm.objects.select_related("subscription__contact__customer", "subscription__product")
        .filter(pk=ids["term"])
        .first()
    )
    if term is None:
        return None
    subscription = term.subscription
    invoices = Invoice.objects.filter(order=term.order, kind=Invoice.Kind.INVOICE)
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF) for invoice in invoices]
    invoice = next((each for each in invoices if balance_of(each.pk) > 0), None)
    method = SavedMethod.objects.of_customer(subscription.customer_id)
    is_ours = term.order is not None and term.order.method in OURS
    page = subscription_page(subscription)
    if invoice and is_ours and method is None:
        page = reverse("billing:portal_pay", args=[invoice.pk], urlconf=PUBLIC)
    return mail_to(
        subscription.contact,
        to_page=page,
        attachments=attached,
        term=term,
        order=term.order,
        product=named(subscription),
        invoice=invoice,
        is_invoiced=bool(attached),
        total_text=amount_text(balance_of(invoice.pk), invoice.currency) if invoice else "",
        due_on=falls_due_on(invoice) if invoice else None,
        method=method if is_ours else None,
        is_paid_online=is_ours and method is None,
    )


@message("billing/renewal_restated", template="billing/subscriptions/mail/renewal_restated")
def renewal_restated(ids: Ids) -> Mail | None:
    """Return the mail that says what holds since a renewal whose notice never arrived.

    Its credit notes are attached.
    """
    terms = SubscriptionTerm.objects.select_related(
        "subscription__contact__customer", "subscription__product"
    )
    term = terms.filter(pk=ids["term"]).first()
    if term is None:
        return None
    subscription = term.subscription
    notes = Invoice.objects.filter(order=term.order, kind=Invoice.Kind.CREDIT_NOTE)
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        attachments=[(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes],
        term=term,
        product=named(subscription),
        unit_text=_shown(subscription, term.unit_net_cents),
        with_vat=subscription.order.is_consumer_protected,
    )
