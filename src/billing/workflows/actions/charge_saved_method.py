"""Charge an invoice on the method its client saved, without asking them again.

Refused, they are sent a link to pay.
"""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from agenda.models import Obligation
from audit.actions import log_action
from billing.collections.queries.standing import debt_of
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import falls_due_on
from billing.money.policy.days import day_starts_at, paris_day
from billing.payments.actions.start_checkout import left_to_pay, portal_url, schedule_look
from billing.payments.gateways.stripe_checkout import fetch_provider_payment, is_configured
from billing.payments.gateways.stripe_saved import charge_saved
from billing.payments.models import Checkout, SavedMethod
from billing.workflows.actions.follow_checkout import apply_provider_payment
from contracts.policy.clauses import keeps

CHARGED_WITHIN = timedelta(hours=24)

LOOKED_AT_AFTER = timedelta(days=1)

SUSPENDED_FOR = timedelta(days=7)  # at most, before it is looked whether an event still suspends a payment


def schedule_charge(invoice: Invoice, *, now: datetime) -> None:
    """Promise to charge an invoice on its due day.

    Outside the transaction that issues it, so that both stand alone.
    """
    _promise(invoice, on=falls_due_on(invoice), now=now)


@keeps("LG-S6.3d")
def postpone_charge(invoice: Invoice, *, until: date, now: datetime) -> None:
    """Charge an invoice on the day agreed in writing, not on the one before, if it was to be charged."""
    details = {"deferred_to": str(until)}
    if close_obligation("LG-S6.2k", kind="charge", subject=invoice.id, now=now, evidence=details):
        _promise(invoice, on=until, now=now, occurrence=str(until))


@keeps("LG-S20.3m", "LG-S6.2k")
def follow_due_day(invoice: Invoice, *, now: datetime) -> None:
    """Bring the promise to charge an invoice to the day it is due as things stand, where there is one.

    Nobody is pressed for what we collect ourselves: a day too late would be ours.
    """
    waiting = Obligation.objects.waiting().filter(clause="LG-S6.2k", kind="charge", subject_id=invoice.id)
    promise = waiting.first()
    if promise is None:
        return
    today = paris_day(now)
    day = max(_charged_on(invoice, today), today)
    if paris_day(promise.run_at) > day:
        details = {"due_on": str(day)}
        close_obligation("LG-S6.2k", kind="charge", subject=invoice.id, now=now, evidence=details)
        _promise(invoice, on=day, now=now, occurrence=f"due {day} {now:%Y%m%dT%H%M%S%f}")


def _charged_on(invoice: Invoice, today: date) -> date:
    """Return the day an invoice is to be charged, or looked at again while an event suspends its payment."""
    due_on = falls_due_on(invoice)
    until = debt_of(invoice).paused_until(today)
    held = until is not None and due_on <= until
    return min(until, today + SUSPENDED_FOR) if until is not None and held else due_on


def _promise(invoice: Invoice, *, on: date, now: datetime, occurrence: str = "") -> None:
    run_at = max(now, day_starts_at(on))
    open_obligation(
        "LG-S6.2k",
        kind="charge",
        subject=invoice.id,
        run_at=run_at,
        due_at=run_at + CHARGED_WITHIN,
        now=now,
        occurrence=occurrence,
    )
    wake_worker()


@transaction.atomic
@keeps("LG-S14.3", "LG-S14.2a", "LG-S6.2k", "LG-S20.3m")
def charge_saved_method(*, invoice_id: UUID, now: datetime, today: date) -> str:
    """Return what came of it: "paid", "processing", "refused", "no method", or "nothing" when nothing is left
    to pay, it is due later, an event suspends its payment, or its client contests it.

    However often and wherever it is killed, the provider makes one payment of it: the attempt's name is its
    key. Raises NotConfigured, Unreachable.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    cents = left_to_pay(invoice)
    before = Checkout.objects.filter(invoice=invoice)
    due_on = falls_due_on(invoice)
    until = debt_of(invoice).paused_until(today)
    if cents > 0 and until is not None and due_on <= until:
        again = _charged_on(invoice, today)
        _promise(invoice, on=again, now=now, occurrence=f"suspended until {again}")
        return "nothing"
    if cents > 0 and invoice.disputes.active().exists():
        _promise(invoice, on=today + SUSPENDED_FOR, now=now, occurrence=f"contested on {today}")
        return "nothing"
    if cents > 0 and due_on > today:
        _promise(invoice, on=due_on, now=now, occurrence=f"due {due_on} {now:%Y%m%dT%H%M%S%f}")
        return "nothing"
    if cents <= 0 or before.filter(state=Checkout.State.PROCESSING).exists():
        return "nothing"
    method = SavedMethod.objects.of_customer(invoice.customer_id)
    if method is None or not is_configured():
        _send_link(invoice, now)
        return "no method"
    checkout = _attempt(invoice, method, cents, now, today)
    if checkout.state == Checkout.State.FAILED:
        _send_link(invoice, now)
        return "refused"
    if not checkout.is_settled:
        schedule_look(checkout, now=now, due_at=now + LOOKED_AT_AFTER)
    return str(checkout.state)


def _attempt(invoice: Invoice, method: SavedMethod, cents: int, now: datetime, today: date) -> Checkout:
    """Return the attempt, followed to what the provider says; one we lost before is found by its name."""
    key = uuid5(invoice.id, "charge on the saved method")
    checkout, made = Checkout.objects.get_or_create(
        pk=key,
        defaults={
            "invoice": invoice,
            "method": method,
            "amount_cents": cents,
            "currency": invoice.currency,
            "started_at": now,
        },
    )
    if made:
        log_action(
            "checkout.started",
            by=None,
            on=invoice,
            at=now,
            facts={"amount_cents": cents, "number": invoice.number},
        )
    intent_id = checkout.intent_id or charge_saved(
        key=str(key),
        customer_id=method.provider_customer_id,
        method_id=method.provider_method_id,
        cents=cents,
        currency=invoice.currency,
        names={"invoice": str(invoice.id), "method": str(method.id)},
        label=invoice.number,
        back_url=portal_url("portal_invoice", invoice.id),
    )
    if not intent_id:
        checkout.move(state=Checkout.State.FAILED, at=now, intent_id=None)
        return checkout
    standing = fetch_provider_payment(session_id=None, intent_id=intent_id, unattended=True)
    apply_provider_payment(checkout, standing, now=now, today=today)
    return checkout


def _send_link(invoice: Invoice, now: datetime) -> None:
    """Write to the client, once, that they pay this invoice themselves."""
    enqueue_message(
        "billing/charge_refused", ids={"invoice": invoice.id}, now=now, key=f"charge-refused:{invoice.id}"
    )
    wake_worker()
