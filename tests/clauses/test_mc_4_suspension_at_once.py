"""MC-4: one unpaid invoice suspends, until fully remedied."""

from datetime import date

import pytest

from billing.collections.policy.suspension import SuspensionNotice, is_lifted, suspended_from
from billing.models import Invoice, Payment
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live, subscribed

CLAUSE = "MC-4"
TODAY = date(2026, 12, 1)


def test_one_unpaid_invoice_is_enough_and_waits_for_no_notice():
    rule = {"when": "at_once", "today": TODAY, "business_days": 0, "holidays": frozenset()}
    assert suspended_from(None, cause="unpaid", **rule) == TODAY
    assert suspended_from(None, cause="breach", **rule) is None  # a breach is told first (MC-7)
    assert suspended_from(SuspensionNotice(TODAY), cause="breach", **rule) == TODAY


def test_only_full_payment_lifts_it():
    assert not is_lifted([1])
    assert is_lifted([0])


@pytest.mark.story(
    "MC-4",
    door="agenda",
    fr="La banque reprend le paiement d’un campus : sa facture est due le 16 décembre, et son accès "
    "s’arrête dès le 17, sans attendre ; un versement presque complet ne le rouvre pas, le dernier "
    "centime si.",
)
def test_a_campus_stops_the_day_after_its_due_date_until_the_last_cent(browse, clock, now):
    """The bank takes back a campus's payment: its invoice is due on 16 December, and its access stops on the
    17th, without waiting; a payment of almost all opens nothing, the last cent does.
    """
    campus = subscribed(now, product="preau-campus", quantity=100).contract.tenant
    with inside(campus):
        teacher = person_with("teacher", now=now, email="tuteur@campus.example")
    with inside_operator():
        payment, invoice = Payment.objects.get(), Invoice.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2026, 12, 16), hour=22)  # 23:00 in Paris: not overdue yet
    assert comes_in(browse, campus, teacher)
    live(clock, date(2026, 12, 17))
    assert not comes_in(browse, campus, teacher)
    money = {"invoice": str(invoice.pk), "method": "transfer"}
    money |= {"received_on": "2026-12-17", "credited_on": "2026-12-17"}
    finance = desk(browse, now)
    finance.post(url("payment_new"), money | {"amount": "2279,99"})  # of 100 x 19.00 + 20 %
    assert not comes_in(browse, campus, teacher)
    finance.post(url("payment_new"), money | {"amount": "0,01"})
    assert comes_in(browse, campus, teacher)


def comes_in(browse, tenant, who):
    """Return whether somebody reaches their home page's work."""
    return "classes.read" in browse(tenant, who).get("/").wsgi_request.permissions
