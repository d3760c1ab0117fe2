"""The facts from which it is drawn what should be so about a debt, and that answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from agenda.models import Obligation, OutboxMessage
from billing.collections.models import Dispute, Suspension
from billing.collections.policy.standing import Debt, DebtStanding, LateRules, debt_standing
from billing.collections.policy.suspension import SuspensionNotice
from billing.collections.queries.rules import rules_of
from billing.collections.queries.suspensions import Concerned, concerned_by
from billing.invoicing.models import Invoice
from billing.invoicing.policy.pauses import due_after_pauses
from billing.invoicing.queries.balances import falls_due_on, payments_of, with_balance
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.money.gateways.holidays import customer_holidays
from billing.money.policy.days import paris_day
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Profile
from tenants.models import Customer


@dataclass(frozen=True, slots=True)
class Case:
    """What stands about an invoice in one tenant: the row of its last warning, and what should be so."""

    concerned: Concerned
    row: Suspension | None
    standing: DebtStanding


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands about an invoice: the debt, what is owed of reminders, and each tenant it may close."""

    debt: Debt
    reminders: tuple[date, ...] = ()
    cases: Sequence[Case] = field(default=())

    @property
    def warning_days(self) -> set[date]:
        """Return the days on which a warning is to leave."""
        return {case.standing.warn_on for case in self.cases if case.standing.warn_on}


def debt_of(invoice: Invoice) -> Debt:
    """Return what is left of an invoice, when it falls due, and what holds it back."""
    row = with_balance(Invoice.objects.filter(pk=invoice.pk)).get()
    pauses = pauses_by_invoice([invoice.pk]).get(invoice.pk, ())
    return Debt(
        left_cents=row.balance_cents,
        due_on=due_after_pauses(row.falls_due_on, pauses),
        is_disputed=Dispute.objects.active().filter(invoice=invoice).exists(),
        pauses=tuple(pauses),
    )


@keeps("LG-S20.3s")
def was_overdue(invoice: Invoice, *, on: date) -> bool:
    """Return whether something of an invoice was overdue on a day, by all that is known of that day now."""
    pauses = pauses_by_invoice([invoice.pk]).get(invoice.pk, ())
    due_on = due_after_pauses(falls_due_on(invoice, as_of=on), pauses)
    paid = sum(each.amount_cents for each in payments_of([invoice.pk])[invoice.pk] if each.paid_on < on)
    return Debt(invoice.gross_cents - paid, due_on, pauses=tuple(pauses)).is_overdue(on)


def stands(invoice: Invoice, *, today: date) -> Stands:
    """Return what stands about an invoice today: nothing follows from what isn't overdue."""
    debt = debt_of(invoice)
    if not debt.is_overdue(today):
        return Stands(debt)
    concerned = concerned_by(invoice)
    rules = late_rules_in(rules_of(invoice, concerned, on=today), invoice.customer, today)
    told = debt_standing(debt, rules=rules, today=today, reminded=_reminded(invoice)).reminders
    return Stands(debt, told, [_case(invoice, debt, each, today) for each in concerned])


def _case(invoice: Invoice, debt: Debt, concerned: Concerned, today: date) -> Case:
    rows = Suspension.objects.filter(invoice=invoice, tenant_id=concerned.tenant_id, lifted_at=None)
    row = rows.filter(bounced_at=None).first()
    failed = max((each.bounced_at for each in rows if each.bounced_at), default=None)
    found = debt_standing(
        debt,
        rules=late_rules_in(concerned.profile, invoice.customer, since(row) or today),
        today=today,
        notice=notice_of(row) if row else None,
        failed_on=paris_day(failed) if failed else None,
    )
    return Case(concerned, row, found)


def late_rules_in(rules: Profile, customer: Customer, on: date) -> LateRules:
    """Return what a profile says of a late payer, with the holidays of their place from a day on."""
    return LateRules(
        when=rules.suspension.when,
        business_days=rules.suspension.business_days,
        notice_after_days=rules.suspension.notice_after_days,
        reminder_days=(rules.late.first_reminder_days, rules.late.second_reminder_days),
        holidays=customer_holidays(customer, on),
    )


def mail_of(row: Suspension) -> OutboxMessage | None:
    """Return the warning of a suspension as it lies in the outbox."""
    return OutboxMessage.objects.filter(key=row.notice_key).first()


def notice_of(row: Suspension) -> SuspensionNotice:
    """Return a warning as the policy reads it: what is written isn't sent, what nobody got was not either."""
    mail = mail_of(row)
    sent_on = paris_day(mail.sent_at) if mail and mail.state == "sent" and mail.sent_at else None
    return SuspensionNotice(
        sent_on, bounced=row.bounced_at is not None or bool(mail and mail.state == "moot")
    )


def since(row: Suspension | None) -> date | None:
    """Return the day from which a warning's business days may be counted."""
    return paris_day(row.notified_at) if row and row.notified_at else None


def _reminded(invoice: Invoice) -> set[date]:
    """Return the days whose reminder was kept."""
    rows = Obligation.objects.filter(subject_id=invoice.pk, kind="reminder", state=Obligation.State.KEPT)
    return {date.fromisoformat(each.split(" ")[0]) for each in rows.values_list("occurrence", flat=True)}
