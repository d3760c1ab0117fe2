"""One customer with two schools: what may happen to their contract and their money, and what must hold."""

from contextlib import suppress
from datetime import date, timedelta

import holidays
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from agenda.models import OutboxMessage
from billing.catalogue.policy.methods import MethodRefused
from billing.collections.actions.grant_extension import grant_extension
from billing.collections.actions.suspend import lift, suspend_for
from billing.collections.actions.warn import note_bounce
from billing.collections.queries.blocks import DisputeOpen, OverdueOpen
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.queries.balances import with_balance
from billing.models import (
    Allocation,
    ForceMajeure,
    Invoice,
    Payment,
    PaymentExtension,
    Refund,
    Subscription,
    Suspension,
)
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.refund_payment import NothingUnallocated, refund_payment
from billing.payments.actions.reverse_payment import reverse_payment
from billing.subscriptions.actions.change_plan import NotChangeable, change_plan
from billing.subscriptions.actions.change_plan import PlanChangeRequest as PlanAsked
from billing.subscriptions.actions.force_majeure import EventFacts, end_force_majeure, start_force_majeure
from billing.subscriptions.actions.terminate import NotTerminable, terminate_on_notice
from billing.subscriptions.policy.amendment import TermOver
from tenants.models import Tenant
from tests.oracle.playing import Machine

FRANCE = holidays.country_holidays("FR", years=range(2026, 2032))
CLOSED = "suspended"


class Contract(Machine):
    """What a customer, finance and the bank do, in any order; the agenda runs at each moment that is due."""

    tenant_ids: list = []

    # what happens

    @rule(days=st.sampled_from([1, 2, 3, 8, 12, 12, 31]))
    def days_pass(self, days):
        self.count("days_pass")
        self.let_pass(days=days)

    @rule()
    def a_fortnight_passes(self):
        self.count("a_fortnight_passes")
        self.let_pass(days=14)

    @precondition(lambda self: self.owed())
    @rule(share=st.sampled_from([100, 50, 50, 1]), keep=st.booleans())
    def pay(self, share, keep):
        self.count("pay")
        invoice = self.owed()[0]
        cents = max(1, invoice.balance_cents * share // 100)
        payment = receive_cheque(
            invoice=invoice,
            amount_cents=cents,
            received_on=self.today,
            reference="",
            by=None,
            now=self.now,
            keep_surplus=keep,
        )
        clear_payment(payment_id=payment.pk, credited_on=self.today, today=self.today, by=None, now=self.now)

    @precondition(lambda self: self.owed())
    @rule()
    def overpay(self):
        self.count("overpay")
        invoice = self.owed()[0]
        payment = receive_cheque(
            invoice=invoice,
            amount_cents=invoice.balance_cents + 5000,
            received_on=self.today,
            reference="",
            by=None,
            now=self.now,
            keep_surplus=True,
        )
        clear_payment(payment_id=payment.pk, credited_on=self.today, today=self.today, by=None, now=self.now)

    @precondition(lambda self: self.credited())
    @rule()
    def the_bank_takes_back(self):
        self.count("the_bank_takes_back")
        payment = self.credited()[-1]
        reverse_payment(
            payment_id=payment.pk, bounced_on=self.today, reason="sans provision", by=None, now=self.now
        )

    @precondition(lambda self: self.credited())
    @rule(cents=st.sampled_from([100, 5000]))
    def refund(self, cents):
        self.count("refund")
        try:
            refund_payment(
                payment_id=self.credited()[-1].pk,
                amount_cents=cents,
                reason="trop perçu",
                today=self.today,
                by=None,
                now=self.now,
            )
        except NothingUnallocated:
            return

    @precondition(lambda self: self.owed())
    @rule()
    def credit_in_full(self):
        self.count("credit_in_full")
        credit_invoice(
            corrects=self.owed()[0], reason="Geste commercial", by=None, now=self.now, today=self.today
        )

    @precondition(lambda self: self.owed())
    @rule(days=st.sampled_from([5, 40, 90]))
    def extend(self, days):
        self.count("extend")
        invoice = self.owed()[0]
        later = max(invoice.falls_due_on, self.today) + timedelta(days=days)
        grant_extension(
            invoice=invoice,
            new_due_on=later,
            document="courriel du jour",
            by=None,
            now=self.now,
            today=self.today,
        )

    @precondition(lambda self: self.warned())
    @rule()
    def the_warning_bounces(self):
        self.count("the_warning_bounces")
        note_bounce(suspension=self.warned()[0], by=None, now=self.now)

    @precondition(lambda self: self.open_tenants())
    @rule(cause=st.sampled_from(["danger", "serious_breach", "injunction"]))
    def a_cause_at_once(self, cause):
        self.count("a_cause_at_once")
        tenant = self.open_tenants()[0]
        suspend_for(
            tenant=tenant,
            customer=self.customer,
            cause=cause,
            reason="faille",
            by=None,
            now=self.now,
        )

    @precondition(lambda self: self.causes_at_once())
    @rule()
    def the_cause_is_remedied(self):
        self.count("the_cause_is_remedied")
        lift(suspension=self.causes_at_once()[0], by=None, now=self.now)

    @precondition(lambda self: self.running() and not self.event())
    @rule(payment=st.booleans())
    def force_majeure_begins(self, payment):
        self.count("force_majeure_begins")
        start_force_majeure(
            subscription=self.running()[0],
            facts=EventFacts("inondation", self.today, suspends_payment=payment),
            by=None,
            now=self.now,
        )

    @precondition(lambda self: self.event())
    @rule()
    def force_majeure_ends(self):
        self.count("force_majeure_ends")
        end_force_majeure(
            event=self.event(),
            ended_on=self.today + timedelta(days=1),
            by=None,
            now=self.now,
            today=self.today,
        )

    @precondition(lambda self: self.running())
    @rule(how=st.sampled_from(["button", "email"]), ago=st.sampled_from([0, 0, 9]))
    def terminate(self, how, ago):
        self.count("terminate")
        received_at = self.now - timedelta(days=ago if how == "email" else 0)
        try:
            terminate_on_notice(
                subscription_id=self.running()[0].pk,
                how=how,
                received_at=received_at,
                by=None,
                now=self.now,
            )
        except NotTerminable:
            return

    @precondition(lambda self: self.running())
    @rule(change=st.sampled_from([1, 5, -3]), which=st.integers(0, 1))
    def more_or_fewer_licences(self, change, which):
        subscription = self.running()[which % len(self.running())]
        wanted = {"preau-ecole": self.licences_of(subscription) + change}
        kind = "refused"
        with suppress(NotChangeable, TermOver, OverdueOpen, DisputeOpen, MethodRefused):
            order = change_plan(
                subscription_id=subscription.pk,
                asked=PlanAsked(wanted, "cheque", self.order.terms_version),
                contact=subscription.contact,
                now=self.now,
                today=self.today,
            )
            kind = "ordered" if order else "put off"
        self.count("more_or_fewer_licences", kind)

    # what stands, read from the ledger

    @property
    def today(self) -> date:
        return paris_day(self.now)

    @property
    def customer(self):
        return self.order.customer

    def invoices(self):
        rows = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, customer=self.order.customer_id)
        return list(with_balance(rows).order_by("issued_on", "number"))

    def owed(self):
        return [row for row in self.invoices() if row.balance_cents > 0]

    def credited(self):
        rows = Payment.objects.filter(customer=self.order.customer_id, credited_on__isnull=False)
        return list(rows.filter(bounced_on=None).order_by("created_at", "amount_cents"))

    def tenants(self):
        return list(Tenant.objects.filter(pk__in=self.tenant_ids).order_by("slug"))

    def open_tenants(self):
        return [row for row in self.tenants() if row.state == "open"]

    def running(self):
        return list(
            Subscription.objects.alive()
            .filter(customer=self.order.customer_id)
            .order_by("contract__tenant__slug")
        )

    def licences_of(self, subscription):
        """Return how many licences a subscription's contract is for."""
        return max(4, subscription.contract.licences)

    def event(self):
        return (
            ForceMajeure.objects.filter(ended_on=None, subscription__in=self.running())
            .order_by("started_on")
            .first()
        )

    def warned(self):
        rows = Suspension.objects.filter(customer=self.order.customer_id, lifted_at=None, bounced_at=None)
        return list(
            rows.filter(invoice__isnull=False, suspended_at=None).order_by("created_at", "invoice__number")
        )

    def causes_at_once(self):
        rows = Suspension.objects.filter(customer=self.order.customer_id, lifted_at=None, invoice=None)
        return list(rows.order_by("created_at", "cause"))


class Money(Contract):
    """Every cent invoiced is paid, credited or owed, once; every refund has a payment."""

    @invariant()
    def every_cent_is_somewhere_once(self):
        for invoice in self.invoices():
            rows = Allocation.objects.filter(invoice=invoice, released_at=None)
            paid = sum(
                row.amount_cents
                for row in rows.select_related("payment")
                if row.payment_id is None or (row.payment.credited_on and not row.payment.bounced_on)
            )
            assert invoice.gross_cents - paid >= 0, f"{invoice.number} is paid more than it asks"
            assert invoice.balance_cents == invoice.gross_cents - paid
            credited = invoice.corrections.aggregate(total=Sum("gross_cents"))["total"] or 0
            assert abs(credited) <= invoice.gross_cents

    @invariant()
    def no_payment_is_used_or_given_back_beyond_itself(self):
        for payment in Payment.objects.filter(customer=self.order.customer_id):
            used = Allocation.objects.filter(payment=payment, released_at=None)
            used = used.aggregate(total=Sum("amount_cents"))["total"] or 0
            back = Refund.objects.active().filter(payment=payment)
            back = back.aggregate(total=Sum("amount_cents"))["total"] or 0
            if payment.bounced_on:
                assert used == 0
            else:
                assert used + back <= payment.amount_cents

    @invariant()
    def numbers_have_no_gap(self):
        numbers = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).values_list("number", flat=True)
        ranks: dict[str, list[int]] = {}
        for number in numbers:
            series, _dash, rank = number.rpartition("-")
            ranks.setdefault(series, []).append(int(rank))
        for series, found in ranks.items():
            assert sorted(found) == list(range(min(found), max(found) + 1)), series


class Access(Contract):
    """Access is closed if and only if a cause stands.

    A warning that was there while nothing was overdue is over: it was settled, or put off by more time.
    """

    def __init__(self):
        super().__init__()
        self.over = set()

    @invariant()
    def remember_which_warnings_are_over(self):
        clear = {row.pk for row in self.invoices()} - self.overdue()
        self.over |= set(Suspension.objects.filter(invoice__in=clear).values_list("pk", flat=True))

    @invariant()
    def closed_if_and_only_if_a_cause_stands(self):
        at_once = bool(self.causes_at_once())
        for tenant in self.tenants():
            if tenant.state not in {"open", CLOSED}:
                continue
            causes = [row for row in self.causes_at_once() if row.tenant_id == tenant.pk]
            warned = [row for row in self.ripe_warnings() if row.tenant_id == tenant.pk]
            wanted = CLOSED if causes or warned else "open"
            assert tenant.state == wanted, (
                f"{tenant.slug} is {tenant.state} on {self.today}: "
                f"{len(causes)} causes at once ({at_once}), {len(warned)} warnings whose days have run"
            )

    def overdue(self):
        """Return what should have been paid before today, unless an event suspends it."""
        return {
            row.pk
            for row in self.owed()
            if due_day(row) < self.today and not is_paused(row, self.today, self.now)
        }

    def ripe_warnings(self):
        """Return the warnings that left, arrived, and ran 8 business days on what is overdue today."""
        overdue = self.overdue()
        ripe = []
        for row in Suspension.objects.filter(customer=self.order.customer_id, bounced_at=None):
            mail = OutboxMessage.objects.filter(key=f"suspension-notice:{row.pk}").first()
            if row.invoice_id not in overdue or not mail or not mail.sent_at:
                continue
            if row.pk not in self.over and self.today > business_days_after(paris_day(mail.sent_at), 8):
                ripe.append(row)
        return ripe


class Reminders(Contract):
    """Nobody is reminded, warned or charged for what isn't overdue."""

    def __init__(self):
        super().__init__()
        self.seen = set(OutboxMessage.objects.values_list("pk", flat=True))

    @invariant()
    def no_reminder_of_what_is_not_overdue(self):
        rows = OutboxMessage.objects.filter(
            template__in=["billing/payment_reminder", "billing/suspension_notice"]
        )
        for mail in rows.exclude(pk__in=self.seen):
            self.seen.add(mail.pk)
            if mail.template == "billing/payment_reminder":
                invoice = Invoice.objects.get(pk=mail.ids["invoice"])
            else:
                invoice = Suspension.objects.get(pk=mail.ids["suspension"]).invoice
            day = paris_day(mail.created_at)
            assert due_on_day(invoice, mail.created_at) < day, f"{mail.template} of {invoice.number} on {day}"
            assert not is_paused(invoice, day, mail.created_at), f"{invoice.number} is suspended on {day}"


def due_day(invoice) -> date:
    """Return the day an invoice is due: what was agreed to in writing, or sooner once its contract ended."""
    agreed = [
        invoice.due_on,
        *PaymentExtension.objects.filter(invoice=invoice).values_list("new_due_on", flat=True),
    ]
    sooner = getattr(invoice, "acceleration", None)
    return min(max(agreed), sooner.due_on) if sooner else max(agreed)


def due_on_day(invoice, at) -> date:
    """Return the day an invoice was due as it stood at an instant."""
    rows = PaymentExtension.objects.filter(invoice=invoice, created_at__lte=at)
    agreed = max([invoice.due_on, *rows.values_list("new_due_on", flat=True)])
    sooner = getattr(invoice, "acceleration", None)
    return min(agreed, sooner.due_on) if sooner else agreed


def is_paused(invoice, day, at) -> bool:
    """Return whether an event known at an instant suspends the payment of what an invoice sold on a day."""
    sold = Subscription.objects.filter(terms__order=invoice.order_id)
    added = Subscription.objects.filter(contract_id__in=invoice.order.lines.values("contract_id"))
    events = ForceMajeure.objects.filter(suspends_payment=True, created_at__lte=at, started_on__lte=day)
    return events.filter(subscription__in=sold | added).exclude(ended_on__lte=day).exists()


def business_days_after(start: date, count: int) -> date:
    """Return the last of so many business days after a day, the first not counted."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in FRANCE
    return day
