"""A subscription from its activation to its end, and what a late payer lives through.

Time passes by the agenda.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agenda.models import Obligation
from billing.collections.actions.record_formal_notice import record_formal_notice
from billing.collections.actions.record_registered_letter import (
    DatesDisagree,
    record_registered_letter,
    update_letter_tracking,
)
from billing.collections.actions.render_formal_notice import NothingOverdue, formal_notice_pdf
from billing.collections.actions.suspend import lift, suspend_for
from billing.collections.actions.warn import note_bounce
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.models import Invoice, Payment, Price, Refund, RenewalNotice, Subscription, Suspension
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.reverse_payment import reverse_payment
from billing.subscriptions.actions.force_majeure import (
    EventFacts,
    start_force_majeure,
)
from billing.subscriptions.actions.terminate import (
    NotTerminable,
    terminate_for_breach,
    terminate_for_force_majeure,
    terminate_on_notice,
    terminate_suspended,
)
from billing.subscriptions.queries.forecast import forecast
from contracts.models import TermsVersion
from demo.factories.billing import invoice_of, order_signed
from demo.world import live_until
from tenants.actions.publish_version import publish_version
from tenants.models import Contract, Tenant

pytestmark = pytest.mark.usefixtures("as_operator")


def pay(invoice: Invoice, at: datetime, cents: int | None = None) -> None:
    """Pay by transfer, credited that day."""
    day = paris_day(at)
    record_transfer(
        invoice=invoice,
        amount_cents=cents or invoice.gross_cents,
        received_on=day,
        credited_on=day,
        reference="VIR",
        by=None,
        now=at,
        today=day,
    )


def opened(now: datetime, **chosen: Any) -> Subscription:
    """Return a paid subscription whose school is open."""
    chosen = {"method": "transfer", "renewal": "automatic"} | chosen
    order = order_signed(now=now, **chosen)
    pay(invoice_of(order), now)
    live_until(now)
    Obligation.objects.waiting().exclude(clause__startswith="LG-S").delete()  # what happens daily, elsewhere
    Obligation.objects.waiting().filter(clause="LG-S12l").delete()
    return Subscription.objects.get(order=order)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_opening_starts_the_subscription_and_promises_its_end(now):
    subscription = opened(now)
    assert (subscription.term.starts_on, subscription.term.ends_on) == (
        date(2026, 11, 16),
        date(2027, 11, 16),
    )
    owed = Obligation.objects.waiting().filter(subject_id=subscription.id)
    assert sorted(owed.values_list("clause", "kind")) == [
        ("LG-S14.2a", "term-end"),
        ("LG-S14.2n", "renewal-notice"),
    ]


def test_it_renews_at_the_price_that_was_told_in_time(now, mailoutbox):
    subscription = opened(now)
    Price.objects.filter(product=subscription.product).update(net_cents=600)
    live_until(at(date(2027, 10, 20)))
    notice = RenewalNotice.objects.get(subscription=subscription)
    assert (notice.renews_on, notice.unit_net_cents) == (date(2027, 11, 16), 600)
    assert notice.sent_on <= date(2027, 10, 17)
    assert any("16 novembre 2027" in mail.subject for mail in mailoutbox)
    live_until(at(date(2027, 11, 16)))
    subscription.refresh_from_db()
    term = subscription.term
    assert (term.position, term.starts_on, term.ends_on, term.unit_net_cents) == (
        2,
        date(2027, 11, 16),
        date(2028, 11, 16),
        600,
    )
    assert Contract.objects.get(subscription=subscription).ends_on == date(2028, 11, 16)
    invoice = Invoice.objects.get(order=term.order)
    assert invoice.net_cents == 600 * term.quantity
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "open"


def test_a_price_changed_after_the_notice_waits_a_year(now):
    subscription = opened(now)
    live_until(at(date(2027, 10, 20)))
    Price.objects.filter(product=subscription.product).update(net_cents=900)
    live_until(at(date(2027, 11, 16)))
    assert subscription.term.unit_net_cents == 490


def test_a_month_renews_every_month_and_each_is_announced(now):
    subscription = opened(now, term_months=1)
    live_until(at(date(2027, 2, 20)))
    assert [str(term.starts_on) for term in subscription.terms.all()] == [
        "2026-11-16",
        "2026-12-16",
        "2027-01-16",
        "2027-02-16",
    ]
    details = {notice.renews_on: notice.sent_on for notice in subscription.notices.all()}
    for renews_on in (date(2026, 12, 16), date(2027, 1, 16), date(2027, 2, 16)):
        assert renews_on in details, details
        assert details[renews_on] <= renews_on - timedelta(days=30)


def test_a_fixed_term_ends_by_itself_and_the_school_with_it(now, mailoutbox):
    subscription = opened(now, renewal="fixed")
    live_until(at(date(2027, 11, 17)))
    subscription.refresh_from_db()
    assert (subscription.ended_on, subscription.end_reason) == (date(2027, 11, 16), "term")
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "ended"
    assert any("est terminé" in mail.subject for mail in mailoutbox)


def test_the_button_stops_the_renewal_and_nothing_is_announced_any_more(now):
    subscription = opened(now)
    word = terminate_on_notice(
        subscription_id=subscription.id, how="button", received_at=now, by=None, now=now, reason="fermeture"
    )
    assert word.effective_on == date(2027, 11, 16)
    with pytest.raises(NotTerminable, match="terminated"):
        terminate_on_notice(subscription_id=subscription.id, how="email", received_at=now, by=None, now=now)
    live_until(at(date(2027, 11, 16)))
    subscription.refresh_from_db()
    assert (subscription.ended_on, subscription.end_reason) == (date(2027, 11, 16), "button")
    assert not RenewalNotice.objects.filter(subscription=subscription).exists()


def test_a_fixed_term_has_no_button(now):
    subscription = opened(now, renewal="fixed")
    with pytest.raises(NotTerminable, match="fixed"):
        terminate_on_notice(subscription_id=subscription.id, how="button", received_at=now, by=None, now=now)


def late(now: datetime) -> tuple[Subscription, Invoice, datetime]:
    """Return a subscription whose renewal stayed unpaid for long enough to be warned."""
    subscription = opened(now)
    live_until(at(date(2027, 11, 16)))
    invoice = Invoice.objects.get(order=subscription.term.order)
    warned = at(falls_due_on(invoice) + timedelta(days=31))
    live_until(warned)
    return subscription, invoice, warned


def test_unpaid_it_is_reminded_warned_suspended_and_opens_again_when_all_is_paid(now, mailoutbox):
    subscription, invoice, warned = late(now)
    subjects = [mail.subject for mail in mailoutbox]
    assert sum("Rappel" in subject for subject in subjects) == 2
    tenant = Tenant.objects.get(pk=subscription.contract.tenant_id)
    row = Suspension.objects.get(invoice=invoice)
    assert tenant.state == "open"
    assert row.suspended_at is None
    live_until(warned + timedelta(days=16))
    tenant.refresh_from_db()
    assert tenant.state == "suspended"
    then = warned + timedelta(days=17)
    pay(invoice, then, cents=invoice.gross_cents - 1)
    tenant.refresh_from_db()
    assert tenant.state == "suspended"  # a part payment lifts nothing
    pay(invoice, then, cents=1)
    tenant.refresh_from_db()
    assert tenant.state == "open"


def test_paid_after_the_notice_nothing_is_suspended(now):
    subscription, invoice, warned = late(now)
    pay(invoice, warned)
    live_until(warned + timedelta(days=20))
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "open"


def test_money_taken_back_by_the_bank_is_warned_of_and_suspends_again(now):
    subscription, invoice, warned = late(now)
    pay(invoice, warned)
    payment = Payment.objects.get(allocations__invoice=invoice)
    then = warned + timedelta(days=2)
    reverse_payment(
        payment_id=payment.id, bounced_on=paris_day(then), reason="sans provision", by=None, now=then
    )
    live_until(then + timedelta(days=20))
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "suspended"


def test_a_notice_that_bounced_suspends_nobody(now):
    subscription, invoice, warned = late(now)
    note_bounce(suspension=Suspension.objects.get(invoice=invoice), by=None, now=warned)
    live_until(warned + timedelta(days=2))
    again = Suspension.objects.get(invoice=invoice, bounced_at=None)  # warned anew, with a new clock
    note_bounce(suspension=again, by=None, now=warned + timedelta(days=2))
    live_until(warned + timedelta(days=12))
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "open"


def test_suspended_for_fifteen_days_it_may_be_terminated_and_all_is_due(now):
    subscription, invoice, warned = late(now)
    live_until(warned + timedelta(days=16))
    stopped = Suspension.objects.get(invoice=invoice).suspended_at
    early = stopped + timedelta(days=10)
    with pytest.raises(NotTerminable, match="too-early"):
        terminate_suspended(subscription_id=subscription.id, by=None, now=early, today=paris_day(early))
    then = stopped + timedelta(days=16)
    terminate_suspended(subscription_id=subscription.id, by=None, now=then, today=paris_day(then))
    subscription.refresh_from_db()
    assert subscription.end_reason == "suspended"
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "ended"


def test_a_danger_stops_access_at_once_and_a_breach_only_once_told(now):
    subscription = opened(now)
    tenant = Tenant.objects.get(pk=subscription.contract.tenant_id)
    details = {"tenant": tenant, "customer": subscription.customer, "reason": "x", "by": None, "now": now}
    assert suspend_for(cause="breach", **details).suspended_at is None
    row = suspend_for(cause="danger", **details)
    tenant.refresh_from_db()
    assert (tenant.state, row.at_once) == ("suspended", True)
    assert lift(suspension=row, by=None, now=now)
    tenant.refresh_from_db()
    assert tenant.state == "open"


def test_a_breach_ends_fifteen_days_after_the_letter_was_presented(now):
    subscription = opened(now)
    letter = record_registered_letter(
        purpose="breach",
        number="1A 200",
        sent_on=date(2026, 11, 16),
        by=None,
        now=now,
        subscription_id=subscription.pk,
        reason="revente des accès",
    )
    details = {"received_on": None, "remedied_on": None, "scan": None, "by": None, "now": now}
    with pytest.raises(NotTerminable, match="not-presented"):
        terminate_for_breach(letter=letter, by=None, now=now, today=paris_day(now))
    with pytest.raises(DatesDisagree):
        update_letter_tracking(letter=letter, presented_on=date(2026, 11, 15), **details)
    update_letter_tracking(letter=letter, presented_on=date(2026, 11, 18), **details)
    then = at(date(2026, 12, 3))
    with pytest.raises(NotTerminable, match="too-early"):
        terminate_for_breach(letter=letter, by=None, now=then, today=paris_day(then))
    then = at(date(2026, 12, 4))
    terminate_for_breach(letter=letter, by=None, now=then, today=paris_day(then))
    subscription.refresh_from_db()
    assert subscription.end_reason == "breach"


def test_an_unpaid_invoice_is_due_at_once_when_its_subscription_is_terminated(now):
    subscription = opened(now)
    renewed = at(date(2027, 11, 16))
    live_until(renewed)
    invoice = Invoice.objects.get(order=subscription.term.order)
    letter = record_registered_letter(
        purpose="breach",
        number="1A 201",
        sent_on=date(2027, 10, 1),
        by=None,
        now=now,
        subscription_id=subscription.pk,
        reason="revente des accès",
    )
    details = {"received_on": None, "remedied_on": None, "scan": None, "by": None, "now": now}
    update_letter_tracking(letter=letter, presented_on=date(2027, 10, 4), **details)
    terminate_for_breach(letter=letter, by=None, now=renewed, today=date(2027, 11, 16))
    assert falls_due_on(invoice) == date(2027, 11, 16) < invoice.due_on
    assert balance_of(invoice.id) == invoice.gross_cents


def test_the_forecast_tells_what_the_agenda_then_does(now):
    subscription = opened(now)
    tenant = Tenant.objects.get(pk=subscription.contract.tenant_id)
    events = forecast(tenant, today=paris_day(now), until=date(2028, 1, 1))
    before = Obligation.objects.count()
    whats = [(str(event.on), event.what) for event in events]
    assert ("2027-10-12", "renewal_announced") in whats
    assert ("2027-11-16", "renewed") in whats
    assert Obligation.objects.count() == before


def test_a_formal_notice_goes_by_a_registered_letter_whose_days_are_kept(now):
    _subscription, invoice, warned = late(now)
    today = paris_day(warned)
    assert formal_notice_pdf(invoice, today=today).startswith(b"%PDF")
    notice = record_formal_notice(invoice=invoice, sent_on=today, letter="1A 300", by=None, now=warned)
    letter = update_letter_tracking(
        letter=notice.registered,
        presented_on=today + timedelta(days=2),
        received_on=None,
        remedied_on=None,
        scan=None,
        by=None,
        now=warned,
    )
    assert (letter.number, letter.presented_on) == ("1A 300", today + timedelta(days=2))
    pay(invoice, warned)
    with pytest.raises(NothingOverdue):
        formal_notice_pdf(invoice, today=today)


def test_an_event_that_ended_it_gives_back_the_days_not_served_with_their_vat(now):
    subscription = opened(now, renewal="fixed", quantity=100)
    invoice = invoice_of(subscription.order)
    start_force_majeure(
        subscription=subscription,
        facts=EventFacts("inondation", date(2027, 6, 1)),
        by=None,
        now=at(date(2027, 6, 1)),
    )
    day = date(2027, 7, 3)
    terminate_for_force_majeure(event=subscription.events.get(), by=None, now=at(day), today=day)
    note = invoice.corrections.get()
    assert note.net_cents == round(100 * 490 * 168 / 365)  # 1 June to 16 November
    assert note.gross_cents - note.net_cents == round(note.net_cents * 0.2)
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.reason) == (note.gross_cents, "force_majeure")
    assert balance_of(invoice.pk) == 0


def test_an_unpaid_invoice_is_owed_no_longer_for_those_days_and_nothing_is_given_back(now):
    subscription = opened(now, quantity=100)
    live_until(at(date(2027, 11, 16)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    invoice = Invoice.objects.get(order=subscription.term.order)
    begun = date(2027, 11, 16)
    start_force_majeure(subscription=subscription, facts=EventFacts("x", begun), by=None, now=at(begun))
    day = date(2027, 12, 18)
    terminate_for_force_majeure(event=subscription.events.get(), by=None, now=at(day), today=day)
    assert balance_of(invoice.pk) == 0  # nothing of the term was served
    assert not Refund.objects.exists()


def test_a_promotion_and_a_new_price_reach_what_runs_at_the_end_of_its_initial_period_only(now):
    subscription = opened(now, product="preau-campus", quantity=20)
    Price.objects.filter(product=subscription.product).update(net_cents=2500)
    live_until(at(date(2027, 11, 15)))
    assert subscription.term.unit_net_cents == 1900
    live_until(at(date(2027, 11, 16)))
    assert Subscription.objects.get(pk=subscription.pk).term.unit_net_cents == 2500
    assert subscription.terms.first().unit_net_cents == 1900


def test_where_terms_change_for_new_orders_only_a_renewal_keeps_those_it_was_taken_under(now):
    terms = TermsVersion.objects.of("sale", "campus", "fr").first()
    subscription = opened(now, product="preau-campus", quantity=20, terms=terms.pk)
    version, told = publish_version(
        kind="sale",
        profile="campus",
        language="fr",
        version="2027",
        text="Autres conditions.",
        in_force_on=date(2026, 11, 20),
        is_substantial=True,
        by=None,
        now=now,
        today=paris_day(now),
    )
    assert told == 0
    live_until(at(date(2027, 11, 16)))
    renewed = Subscription.objects.get(pk=subscription.pk).term
    assert (renewed.position, renewed.terms_version) == (2, terms.pk)
    assert version.pk != terms.pk
