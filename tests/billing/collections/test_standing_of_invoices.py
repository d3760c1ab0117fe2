"""What stands about an invoice: the rules of its profile, and rows that follow whatever is called twice."""

from datetime import timedelta

import pytest

from agenda.models import Obligation, OutboxMessage
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.collections.actions.dispute import close_dispute, open_dispute
from billing.collections.actions.grant_extension import grant_extension
from billing.collections.actions.remind import send_reminder
from billing.collections.queries.rules import client_profile, rules_of
from billing.collections.queries.suspensions import concerned_by
from billing.money.policy.days import paris_day
from billing.subscriptions.keepers.subscription_messages import payment_reminder
from demo.factories.billing import invoice_of, order_signed

pytestmark = pytest.mark.usefixtures("as_operator")


def promised(invoice, kind):
    """Return the days on which something is promised about an invoice."""
    rows = Obligation.objects.waiting().filter(subject_id=invoice.pk, kind=kind)
    return sorted(rows.values_list("occurrence", flat=True))


@pytest.fixture
def invoice(now):
    """An invoice nobody paid, of an order that opened nothing."""
    return invoice_of(order_signed(now=now, method="transfer"))


def test_before_its_day_nothing_is_promised_but_to_look(invoice, now):
    assert not apply_debt_standing(invoice_id=invoice.pk, now=now).reminders
    assert (promised(invoice, "reminder"), promised(invoice, "suspension-notice")) == ([], [])


def test_called_twice_it_promises_once(invoice, now):
    late = now + timedelta(days=32)
    days = [str(invoice.due_on + timedelta(days=each)) for each in (3, 15)]
    for _ in range(2):
        apply_debt_standing(invoice_id=invoice.pk, now=late)
        assert promised(invoice, "reminder") == sorted(days)


def test_reminders_follow_the_profile_of_what_was_sold(invoice, now):
    today = paris_day(now)
    assert rules_of(invoice, concerned_by(invoice), on=today).key == "school"
    assert client_profile("consumer", on=today).client == "consumer"
    assert client_profile("public_body", on=today).client == "professional"


def test_contested_it_is_not_reminded_of_until_that_is_settled(invoice, now):
    late = now + timedelta(days=32)
    apply_debt_standing(invoice_id=invoice.pk, now=late)
    open_dispute(about=invoice, reason="journée absente", by=None, now=late)
    assert promised(invoice, "reminder") == []
    close_dispute(about=invoice, outcome="donnée", by=None, now=late)
    assert len(promised(invoice, "reminder")) == 2


def test_a_reminder_that_waits_leaves_no_more_once_there_is_more_time(invoice, now):
    late = now + timedelta(days=34)
    ids = {"invoice": str(invoice.pk), "due_on": str(invoice.due_on)}
    assert send_reminder(invoice_id=invoice.pk, now=late, occurrence="first")
    assert OutboxMessage.objects.get(template="billing/payment_reminder").ids == ids
    assert payment_reminder(ids) is not None
    details = {"document": "lettre", "by": None, "now": late, "today": paris_day(late)}
    grant_extension(invoice=invoice, new_due_on=paris_day(late) + timedelta(days=20), **details)
    assert payment_reminder(ids) is None
