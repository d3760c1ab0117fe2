"""Warn that access will stop, and keep what became of the warning."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.access import reopen_access
from billing.collections.actions.apply_debt_standing import apply_debt_standing, stop_on_its_day
from billing.collections.models import Suspension
from billing.collections.policy.standing import stops_on
from billing.collections.queries.standing import Case, late_rules_in, notice_of, since
from billing.collections.queries.suspensions import rules_in
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day, within_day
from billing.registry import announce
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S19", "MC-4")
def send_suspension_notice(*, invoice_id: UUID, now: datetime) -> list[Suspension]:
    """Return the warnings that stand about an overdue invoice, those that were due written now.

    Its e-mail starts the profile's business days when it leaves; a profile that waits for nothing stops
    access now. Called again it warns nobody twice.
    """
    found = apply_debt_standing(invoice_id=invoice_id, now=now)
    today = paris_day(now)
    invoice = Invoice.objects.select_related("customer").get(pk=invoice_id)
    for case in found.cases:
        if case.standing.warn_on is not None and case.standing.warn_on <= today:
            _warn(invoice, case, now)
    apply_debt_standing(invoice_id=invoice_id, now=now)
    return list(Suspension.objects.filter(invoice_id=invoice_id, lifted_at=None, bounced_at=None))


def _warn(invoice: Invoice, case: Case, now: datetime) -> None:
    at_once = case.concerned.profile.suspension.when == "at_once"
    row = Suspension.objects.create(
        tenant_id=case.concerned.tenant_id,
        invoice=invoice,
        customer=invoice.customer,
        notified_at=now,
        created_at=now,
        at_once=at_once,
    )
    log_action("suspension.noticed", by=None, on=invoice, at=now, facts={"tenant": str(row.tenant_id)})
    if not at_once:
        _write("billing/suspension_notice", row, now, key=row.notice_key)


def _write(template: str, row: Suspension, now: datetime, *, key: str) -> None:
    enqueue_message(template, ids={"suspension": row.id}, now=now, key=key)
    wake_worker()


@keeps("LG-S19", "MC-7")
def warn_of_breach(row: Suspension, *, by: Actor | None, now: datetime) -> None:
    """Write the e-mail that says what is wrong, and promise to see to it that it leaves."""
    log_action("suspension.noticed", by=by, on=row, at=now, facts={"tenant": str(row.tenant_id)})
    _write("billing/breach_notice", row, now, key=row.notice_key)
    today = paris_day(now)
    clause = "MC-7" if rules_in(row).suspension.when == "at_once" else "LG-S19"
    open_obligation(
        clause, kind="breach-notice", subject=row.id, **within_day(today, now=now), now=now,
        tenant_id=row.tenant_id,
    )  # fmt: off


@transaction.atomic
@keeps("LG-S19", "MC-7")
def apply_breach(*, suspension_id: UUID, now: datetime) -> Suspension:
    """Return a breach as it stands now: access stops on the first day its e-mail and the profile allow."""
    row = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension_id)
    if row.bounced_at is None and not row.at_once and notice_of(row).bounced:
        row.mark_bounced(at=now)
    if row.lifted_at is None and row.bounced_at is None and row.suspended_at is None:
        today = paris_day(now)
        rules = late_rules_in(rules_in(row), row.customer, since(row) or today)
        stop_on_its_day(row, stops_on(notice_of(row), rules=rules, today=today, cause=row.cause), now=now)
    return row


def announce_message_lost(suspension: Suspension, *, by: Actor, now: datetime) -> None:
    """Tell that a message about a suspension never arrived: what was founded on it alone is undone."""
    announce("suspension_message_lost", suspension=suspension, by=by, now=now)


@transaction.atomic
@keeps("LG-S20.3s")
def note_told_bounce(*, suspension: Suspension, by: Actor, now: datetime) -> None:
    """Keep that the message that access has been suspended came back: it leaves anew.

    The days after which the contract may be terminated run from the new one. Access stays as it is: the
    warning before it arrived. Of what was remedied since nothing is told anew.
    """
    suspension.mark_told_again(at=now)
    log_action("suspension.message_bounced", by=by, on=suspension, at=now)
    announce_message_lost(suspension, by=by, now=now)
    if suspension.lifted_at is None:
        _write("billing/access_suspended", suspension, now, key=suspension.told_key)


@transaction.atomic
@keeps("LG-S19", "MC-7", "LG-S20.3s")
def note_bounce(*, suspension: Suspension, by: Actor, now: datetime) -> None:
    """Keep that the notice bounced: no clock ran from it; what is still overdue is warned of anew.

    Access that was stopped on its strength is back. A breach is told again by a person, once the address is
    mended.
    """
    suspension.mark_bounced(at=now)
    close_obligation("LG-S19", kind="suspend", subject=suspension.id, now=now, evidence={"bounced": True})
    log_action("suspension.notice_bounced", by=by, on=suspension, at=now)
    announce_message_lost(suspension, by=by, now=now)
    if suspension.suspended_at is not None and suspension.lifted_at is None:
        reopen_access(lifted=suspension, by=by, now=now)
    if suspension.invoice_id is not None:
        apply_debt_standing(invoice_id=suspension.invoice_id, now=now)
