"""The messages about subscriptions, late payment and suspensions; each written when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from agenda.registry import Mail, message
from billing.collections.models import Suspension
from billing.collections.queries.shown import first_day, warned_at
from billing.collections.queries.suspensions import rules_in
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.customers.models import Contact
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on, is_credited, written_off_of
from billing.money.policy.days import paris_day
from billing.subscriptions.models import (
    ForceMajeure,
    Subscription,
    Termination,
    UnservedCredit,
)
from billing.subscriptions.policy.termination import suspended_may_end_on
from billing.subscriptions.queries.credited import credit_notes_of
from billing.subscriptions.queries.renewals import renewal_options, renewal_taken_back
from billing.subscriptions.queries.subscriptions import ended_before
from billing.subscriptions.queries.suspended import founds_end
from billing.subscriptions.queries.unserved import may_end_for_event_on
from tenants.models import Tenant

Ids = Mapping[str, str]


def named(subscription: Subscription) -> str:
    """Return what a mail calls a subscription: its product, and its school where its client has it twice."""
    name = subscription.product.name(subscription.contact.language)
    others = Subscription.objects.alive().filter(
        customer=subscription.customer_id, product=subscription.product_id
    )
    place = subscription.contract.tenant
    return f"{name} · {place.name}" if place and others.exclude(pk=subscription.pk).exists() else name


def subscription_page(subscription: Subscription) -> str:
    """Return the address of a subscription in its client's area."""
    return reverse("billing:portal_subscription", args=[subscription.pk], urlconf=PUBLIC)


@message("billing/subscription_ended", template="billing/subscriptions/mail/subscription_ended")
def subscription_ended(ids: Ids) -> Mail | None:
    """Return the mail that says a subscription has ended, and how to go on.

    Its credit notes of its last term are attached; those of days not served have a mail of their own.
    """
    subscription = _subscription(ids["subscription"])
    if subscription is None or subscription.ended_on is None:
        return None
    product = named(subscription)
    today = paris_day(datetime.fromisoformat(ids["leaves_at"]))
    told_apart = UnservedCredit.objects.values("note")
    notes = credit_notes_of(subscription).exclude(pk__in=told_apart)
    notes = notes.filter(issued_on__gte=subscription.ended_on)
    attached = [(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes]
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        attachments=attached,
        subscription=subscription,
        product=product,
        can_go_on=renewal_options(subscription, today=today) is not None,
    )


@message("billing/termination_undone", template="billing/subscriptions/mail/termination_undone")
def termination_undone(ids: Ids) -> Mail | None:
    """Return the mail that says a subscription runs on, and why its end is taken back."""
    subscription = _subscription(ids["subscription"])
    if subscription is None or subscription.ended_on is not None:
        return None
    product = named(subscription)
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        subscription=subscription,
        product=product,
        is_breach=ids.get("ground") == Termination.Ground.BREACH,
        term=subscription.term,
        renewal=renewal_taken_back(subscription),
    )


@message("billing/plan_to_change", template="billing/subscriptions/mail/plan_to_change")
def plan_to_change(ids: Ids) -> Mail | None:
    """Return the mail that says what a plan comes to from its next renewal on."""
    subscription = _subscription(ids["subscription"])
    if subscription is None or subscription.ended_on is not None:
        return None
    language = subscription.contact.language
    rows = [(subscription.product.name(language), subscription.next_quantity)]
    rows += [
        (each.product.name(language), each.renewed_quantity)
        for each in subscription.options.select_related("product")
    ]
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        rows=rows,
        product=named(subscription),
        term=subscription.term,
        renews_by_itself=subscription.renewal == Subscription.Renewal.AUTOMATIC,
    )


@message("billing/termination_received", template="billing/subscriptions/mail/termination_received")
def termination_received(ids: Ids) -> Mail | None:
    """Return the receipt of a termination: when it was received and when it takes effect (LG-S20.2)."""
    word = (
        Termination.objects.select_related("subscription__contact__customer", "subscription__product")
        .filter(pk=ids["termination"])
        .first()
    )
    if word is None:
        return None
    subscription = word.subscription
    product = named(subscription)
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        word=word,
        product=product,
        ended_before=ended_before(subscription, word),
        is_past=subscription.ended_on is not None,
        subscription=subscription,
    )


def _subscription(key: str) -> Subscription | None:
    rows = Subscription.objects.select_related("contact__customer", "product", "contract")
    return rows.filter(pk=key).first()


def _payer(invoice: Invoice) -> Contact | None:
    if invoice.order is not None:
        return invoice.order.contact
    return Contact.objects.filter(customer_id=invoice.customer_id).order_by("created_at").first()


@message("billing/payment_reminder", template="billing/subscriptions/mail/payment_reminder")
def payment_reminder(ids: Ids) -> Mail | None:
    """Return the reminder of an invoice, unless it was paid, put off or contested meanwhile."""
    invoice = Invoice.objects.select_related("order__contact__customer").filter(pk=ids["invoice"]).first()
    payer = _payer(invoice) if invoice else None
    if invoice is None or payer is None or (left := balance_of(invoice.pk)) <= 0:
        return None
    due_on = falls_due_on(invoice)
    if ids.get("due_on", str(due_on)) != str(due_on) or invoice.disputes.active().exists():
        return None
    page = reverse("billing:portal_invoice", args=[invoice.pk], urlconf=PUBLIC)
    attached = [(f"{invoice.number}.pdf", invoice_pdf(invoice), PDF)]
    return mail_to(
        payer,
        to_page=page,
        attachments=attached,
        invoice=invoice,
        left_text=amount_text(left, invoice.currency),
        due_on=due_on,
    )


@message("billing/suspension_notice", template="billing/subscriptions/mail/suspension_notice")
def suspension_notice(ids: Ids) -> Mail | None:
    """Return the warning that access stops, unless the invoice was paid meanwhile (LG-S19)."""
    row = _suspension(ids["suspension"])
    if row is None or row.lifted_at or row.invoice is None or (left := balance_of(row.invoice.pk)) <= 0:
        return None
    payer = _payer(row.invoice)
    tenant = Tenant.objects.get(pk=row.tenant_id)
    if payer is None:
        return None
    stops_on = first_day(row)
    page = reverse("billing:portal_invoice", args=[row.invoice.pk], urlconf=PUBLIC)
    left_text = amount_text(left, row.invoice.currency)
    return mail_to(
        payer,
        to_page=page,
        invoice=row.invoice,
        tenant=tenant,
        stops_on=stops_on,
        act_by=_day_before(stops_on),
        left_text=left_text,
    )


def _day_before(day: date | None) -> date | None:
    """Return the last day on which access can still be kept."""
    return day - timedelta(days=1) if day else None


@message("billing/breach_notice", template="billing/subscriptions/mail/breach_notice")
def breach_notice(ids: Ids) -> Mail | None:
    """Return the e-mail that says what is wrong, before access stops for it (LG-S19, MC-7)."""
    row = _suspension(ids["suspension"])
    if row is None or row.lifted_at:
        return None
    stops_on = first_day(row)
    return _about_tenant(row, stops_on=stops_on, act_by=_day_before(stops_on))


@message("billing/access_suspended", template="billing/subscriptions/mail/access_suspended")
def access_suspended(ids: Ids) -> Mail | None:
    """Return the mail that says access has been suspended, why, and how it comes back (LG-S19, LG-S20.3s)."""
    row = _suspension(ids["suspension"])
    if row is None or row.lifted_at or row.bounced_at:
        return None
    today = paris_day(datetime.fromisoformat(ids["leaves_at"]))
    days = rules_in(row).termination.suspended_days
    ends = any(founds_end(row, each) for each in Subscription.objects.of_tenant(row.tenant_id).alive())
    may_end_on = suspended_may_end_on(told_on=today, at_once=row.at_once, days=days) if ends else None
    return _about_tenant(row, warned_at=warned_at(row), may_end_on=may_end_on)


@message("billing/access_restored", template="billing/subscriptions/mail/access_restored")
def access_restored(ids: Ids) -> Mail | None:
    """Return the mail that says access is back."""
    row = _suspension(ids["suspension"])
    if row is None:
        return None
    invoice = row.invoice
    left = balance_of(invoice.pk) if invoice else 0
    is_given_up = invoice is not None and (bool(written_off_of(invoice)) or is_credited(invoice))
    return _about_tenant(row, is_owed=left > 0, is_settled=left <= 0 and not is_given_up)


def _about_tenant(row: Suspension, **more: Any) -> Mail | None:
    contacts = (
        Contact.objects.filter(customer_id=row.customer_id).select_related("customer").order_by("created_at")
    )
    payer = (_payer(row.invoice) if row.invoice else None) or contacts.first()
    if payer is None:
        return None
    page = reverse("billing:portal_invoice", args=[row.invoice.pk], urlconf=PUBLIC) if row.invoice else ""
    tenant = Tenant.objects.get(pk=row.tenant_id)
    return mail_to(payer, to_page=page, suspension=row, invoice=row.invoice, tenant=tenant, **more)


def _suspension(key: str) -> Suspension | None:
    rows = Suspension.objects.select_related("invoice__order__contact__customer", "customer")
    return rows.filter(pk=key).first()


@message("billing/force_majeure", template="billing/subscriptions/mail/force_majeure")
def force_majeure(ids: Ids) -> Mail | None:
    """Return the mail that says what suspends the service, and until when that binds (LG-S20.3m)."""
    return _about_event(ids)


@message("billing/force_majeure_over", template="billing/subscriptions/mail/force_majeure_over")
def force_majeure_over(ids: Ids) -> Mail | None:
    """Return the mail that says an event is over, and from which day all is owed again (LG-S20.3m)."""
    return _about_event(ids)


def _about_event(ids: Ids) -> Mail | None:
    event = (
        ForceMajeure.objects.select_related("subscription__contact__customer", "subscription__product")
        .filter(pk=ids["event"])
        .first()
    )
    if event is None:
        return None
    subscription = event.subscription
    product = named(subscription)
    day = may_end_for_event_on(event)
    word = subscription.terminations.first()
    ends_on = subscription.ended_on or (word.effective_on if word else None)
    may_end_on = day if ends_on is None or day < ends_on else None
    today = paris_day(datetime.fromisoformat(ids["leaves_at"]))
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        event=event,
        product=product,
        may_end_on=may_end_on,
        may_end_now=may_end_on is not None and may_end_on <= today,
    )


@message("billing/unserved_credited", template="billing/subscriptions/mail/unserved_credited")
def unserved_credited(ids: Ids) -> Mail | None:
    """Return the mail that says what is credited of days not served, its credit note attached (LG-S20.3m)."""
    rows = UnservedCredit.objects.select_related(
        "note__corrects", "subscription__contact__customer", "subscription__product"
    )
    credit = rows.filter(note_id=UUID(ids["note"])).first()
    if credit is None:
        return None
    subscription, note = credit.subscription, credit.note
    return mail_to(
        subscription.contact,
        to_page=subscription_page(subscription),
        attachments=[(f"{note.number}.pdf", invoice_pdf(note), PDF)],
        product=named(subscription),
        invoice=note.corrects,
        total_text=amount_text(note.gross_cents, note.currency),
    )
