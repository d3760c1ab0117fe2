"""LG-S19: suspended 8 business days after an e-mail without effect.

Lifted when the cause is fully remedied.
"""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from billing.collections.policy.suspension import SuspensionNotice, is_lifted, suspended_from
from billing.models import Invoice, Payment
from contracts.gateways.holidays import public_holidays
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live, mails, read, subscribed

CLAUSE = "LG-S19"
SENT = date(2026, 11, 2)
FRANCE = public_holidays("FR", None, (2026, 2027))
RULE = {"when": "after_notice", "today": date(2026, 12, 1), "business_days": 8, "holidays": FRANCE}


def test_eight_business_days_run_from_the_notice_and_11_november_is_none():
    assert suspended_from(SuspensionNotice(SENT), cause="unpaid", **RULE) == date(2026, 11, 14)


@pytest.mark.parametrize("notice", [None, SuspensionNotice(SENT, bounced=True)])
def test_a_notice_that_never_arrived_starts_no_clock(notice):
    assert suspended_from(notice, cause="unpaid", **RULE) is None


@pytest.mark.parametrize("cause", ["serious_breach", "repeated_breach", "danger", "injunction"])
def test_some_causes_stop_access_at_once(cause):
    assert suspended_from(None, cause=cause, **RULE) == date(2026, 12, 1)


def test_a_profile_may_never_suspend_for_what_is_unpaid():
    assert suspended_from(SuspensionNotice(SENT), cause="unpaid", **(RULE | {"when": "never"})) is None


@pytest.mark.parametrize(
    ("unpaid", "others", "lifted"),
    [
        ([0, 0], 0, True),
        ([0, 1], 0, False),
        ([0], 1, False),
        ([], 0, True),
    ],
)
def test_a_part_payment_lifts_nothing(unpaid, others, lifted):
    assert is_lifted(unpaid, other_causes=others) is lifted


def test_a_cause_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="no such cause"):
        suspended_from(None, cause="mood", **RULE)


@pytest.fixture
def unpaid(browse, clock, now, db):
    """Return a school whose bank took its payment back: warned on 15 January 2027 that access would stop."""
    tenant = subscribed(now).contract.tenant
    with inside(tenant):
        head = person_with("administrator", now=now, email="direction@erables.example")
        teacher = person_with("teacher", now=now, email="maitresse@erables.example")
    with inside_operator():
        invoice = Invoice.objects.get()
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2026, 12, 20), date(2027, 1, 2), date(2027, 1, 15))
    assert len(mails("l’accès s’arrêtera")) == 1
    return SimpleNamespace(tenant=tenant, head=head, teacher=teacher, invoice=invoice)


def comes_in(browse, school, who):
    """Return whether somebody reaches their work."""
    return browse(school.tenant, who).get(reverse("classrooms:classes")).status_code == 200


def pay(browse, now, school, amount, day):
    """Write down in the console that money came."""
    money = {"invoice": str(school.invoice.pk), "method": "transfer", "amount": amount}
    money |= {"received_on": day, "credited_on": day}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302


@pytest.mark.story(
    "LG-S19",
    door="agenda",
    fr="Prévenue un vendredi, l’école ne paie que 1 000 € : le huitième jour ouvré passé, l’accès "
    "s’arrête ; la direction garde ses factures et la confidentialité, et seul le dernier centime "
    "rouvre tout.",
)
def test_eight_business_days_after_the_warning_access_stops_until_the_last_cent(browse, clock, now, unpaid):
    """Warned on a Friday, a school pays 1,000 EUR only: once the eighth business day is over access stops;
    the head keeps invoices and the privacy centre, and only the last cent opens everything again.
    """
    live(clock, date(2027, 1, 20))
    pay(browse, now, unpaid, "1000", "2027-01-20")
    live(clock, date(2027, 1, 27), hour=22)
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 1, 28))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    head = browse(unpaid.tenant, unpaid.head)
    assert unpaid.invoice.number in read(head.get(reverse("billing:tenant_invoices")))
    assert head.get(reverse("dpa:home")).status_code == 200
    pay(browse, now, unpaid, "281,83", "2027-01-28")
    assert not comes_in(browse, unpaid, unpaid.teacher)
    pay(browse, now, unpaid, "0,01", "2027-01-28")
    assert comes_in(browse, unpaid, unpaid.teacher)


@pytest.mark.story(
    "LG-S19",
    door="agenda",
    fr="Prévenue, l’école obtient par écrit un délai au 28 février : rien n’est plus en retard et "
    "l’accès ne s’arrête pas ; passé ce jour, un nouvel avertissement part, avec huit nouveaux jours "
    "ouvrés.",
)
@pytest.mark.xfail(
    strict=True, reason="billing.collections.actions.suspend.suspend_unpaid overlooks the time granted"
)
def test_an_extension_ends_the_warning_and_the_next_one_starts_anew(browse, clock, now, unpaid):
    """Warned, a school gets an extension in writing to 28 February: nothing is overdue any more and access
    doesn't stop; once that day is over a new warning leaves, with eight new business days.
    """
    live(clock, date(2027, 1, 20))
    more = {"new_due_on": "2027-02-28", "document": "Lettre du 20 janvier 2027"}
    assert desk(browse, now).post(url("invoice_extension", unpaid.invoice.pk), more).status_code == 302
    live(clock, date(2027, 1, 28), date(2027, 2, 10))
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 3, 30), date(2027, 4, 9))
    assert len(mails("l’accès s’arrêtera")) == 2
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 4, 10))
    assert not comes_in(browse, unpaid, unpaid.teacher)
