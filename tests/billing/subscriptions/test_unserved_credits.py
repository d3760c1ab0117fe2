"""Credit notes of days not served are known by their row: neither by their words, nor once more."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from billing.models import ForceMajeure, Invoice, Refund, Subscription, UnservedCredit
from billing.orders.actions.issue_invoice import final_invoice
from billing.subscriptions.actions import refund_unserved as verb
from demo.factories.billing import order_signed
from isolation.context import inside_operator
from tests.billing.invoicing.test_credit_order import told
from tests.billing.invoicing.test_credited_before import pay
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, later, live, read, subscribed
from tests.clauses.test_lg_s20_3m_days_given_back import DECEMBER, lasting, notes, over
from tests.clauses.test_lg_s20_3m_force_majeure import begin, credited

pytestmark = pytest.mark.django_db

LEGACY = (DECEMBER, date(2027, 1, 10))  # 40 of 365 days of 1,068.20


def over_before(school, now):
    """Keep an event that was over before its days went back by themselves."""
    with inside_operator():
        return ForceMajeure.objects.create(
            subscription=school,
            reason="inondation",
            started_on=LEGACY[0],
            ended_on=LEGACY[1],
            notified_at=now,
            created_at=now,
        )


def test_what_is_still_owed_is_credited_at_the_desk_once(browse, clock, now):
    school = subscribed(now)
    over_before(school, now)
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    page = read(finance.get(url("subscription", school.pk)))
    assert "Encore dû pour les jours non servis, hors TVA : 117,06 €" in page
    assert "Créditer et rendre" in page
    act = url("unserved_credit", school.pk)
    (first, again) = [read(finance.post(act, follow=True)) for _time in range(2)]
    assert notes()[0].number in first
    assert "Créditer et rendre" not in first
    assert "Rien d’autre n’est dû" in again
    assert credited(school) == 117_06
    assert len(rows_of(Refund.objects.all())) == 1


def test_words_can_change_and_money_does_not(browse, clock, now, monkeypatch):
    school, event = lasting(browse, clock, now, DECEMBER)
    over(browse, clock, school, event, date(2027, 1, 10))
    monkeypatch.setattr(verb, "_WHY", "Autrement dit.")
    over(browse, clock, school, event, date(2027, 1, 15), on=date(2027, 1, 20))
    assert [each.reason for each in notes()][1] == "Autrement dit."
    assert credited(school) == 131_70


@pytest.mark.parametrize("language", ["fr", "en"])
def test_notes_issued_before_have_their_row_by_their_words(browse, clock, now, language):
    school = subscribed(now, language=language)
    live(clock, DECEMBER)
    begin(browse, now, school, DECEMBER, "service")
    live(clock, date(2027, 1, 1))
    with inside_operator():
        event = school.events.get()
    desk(browse, now).post(url("force_majeure_terminate", event.pk))
    marked = import_module("billing.migrations.0046_unserved_credits").MARKED
    with inside_operator():
        invoice = Invoice.objects.get(kind="invoice")
        assert invoice.language == language
    credit = {"reason": "Remise", "since": "start", "line_1": "1,00"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), credit).status_code == 302
    with inside_operator():
        known = set(UnservedCredit.objects.values_list("note", "subscription"))
        UnservedCredit.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(marked)
        assert set(UnservedCredit.objects.values_list("note", "subscription")) == known != set()


def test_of_what_a_down_payment_paid_only_the_difference_goes_back_too(browse, clock, now):
    with inside_operator():
        order = order_signed(now=now, method="transfer", renewal="automatic", down_payment_pct=80)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    pay(browse, now, deposit)
    with inside_operator():
        final = final_invoice(order=order, **told(now))
    pay(browse, now, final)
    later(clock, minutes=2)
    (school,) = rows_of(Subscription.objects.select_related("contact__customer", "contract__tenant"))
    live(clock, DECEMBER)
    begin(browse, now, school, DECEMBER, "service")
    with inside_operator():
        event = school.events.get()
    over(browse, clock, school, event, date(2027, 1, 10), on=date(2027, 10, 1))
    assert credited(school) == 117_06
    for day, cents in ((date(2027, 4, 1), 354_12), (date(2027, 3, 1), 354_12), (date(2027, 9, 27), 877_97)):
        over(browse, clock, school, event, day, on=date(2027, 10, 2))
        assert credited(school) == cents  # 121, then 300 of 365 days of 1,068.20
    assert desk(browse, at(date(2027, 10, 3))).post(url("unserved_credit", school.pk)).status_code == 302
    assert credited(school) == 877_97


def test_an_event_that_stops_the_payment_only_gives_nothing_back(browse, clock, now):
    school, event = lasting(browse, clock, now, DECEMBER, "payment")
    over(browse, clock, school, event, date(2027, 2, 10))
    assert not notes()
    form = {"event-on": str(DECEMBER), "event-reason": "inondation", "event-suspends": ["service"]}
    assert desk(browse, now).post(url("force_majeure_correct", event.pk), form).status_code == 302
    assert credited(school) == 207_79  # it stopped the service as well: 71 days
