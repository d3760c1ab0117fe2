"""MC-4: one unpaid invoice suspends, until fully remedied."""

from datetime import date

import pytest

from billing.collections.policy.suspension import SuspensionNotice, is_lifted, suspended_from
from billing.models import Invoice, Payment
from demo.factories.billing import quote_sent
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live, mails, plain, read, sign, subscribed, visitor
from tests.clauses.test_mc_7_told_first import state_of

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


@pytest.mark.story(
    "MC-4",
    door="page",
    fr="Un campus demande la pro forma d’une seconde licence : tant que le devis n’est pas signé, rien n’est "
    "dû et tout reste ouvert ; signé et impayé, tout s’arrête le lendemain de l’échéance.",
)
def test_a_pro_forma_suspends_once_its_quote_is_signed(browse, clock, now):
    """A campus asks for the pro forma of a second licence: while the quote isn't signed nothing is owed and
    all stays open; signed and unpaid, all of it stops the day after the due date.
    """
    running = subscribed(now, product="preau-campus", quantity=100)
    campus = running.contract.tenant
    with inside(campus):
        teacher = person_with("teacher", now=now, email="tuteur@campus.example")
    with inside_operator():
        version = quote_sent(running.contact, now=now, product="preau-campus", quantity=10, method="transfer")
    assert desk(browse, now).post(url("pro_forma_issue", version.pk)).status_code == 200
    live(clock, date(2026, 12, 15))
    assert comes_in(browse, campus, teacher)
    assert sign(visitor(browse, running.contact), version).status_code == 200
    with inside_operator():
        due_on = Invoice.objects.latest("created_at").due_on
    assert due_on == date(2027, 1, 14)
    live(clock, due_on)
    assert comes_in(browse, campus, teacher)
    live(clock, date(2027, 1, 15))
    assert not comes_in(browse, campus, teacher)


@pytest.mark.story(
    "MC-4",
    "LG-S20.3s",
    door="page",
    fr="Un client a deux campus, dont l’un n’est plus payé : les deux s’arrêtent, mais seul celui qui doit "
    "peut être résilié, et le courriel de l’autre n’en menace pas ; la dette payée, l’autre reprend.",
)
def test_a_paid_campus_stops_with_the_other_and_is_not_ended_for_it(browse, clock, now):
    """A client has two campuses, one of which is paid no more: both stop, but only the one that owes can be
    ended, and the other's mail threatens nothing; the debt paid, the other opens again.
    """
    paid = subscribed(now, product="preau-campus", quantity=100)
    owing = subscribed(now, paid.contact, product="preau-campus", quantity=10, site_slug="annexe")
    assert paid.contract.tenant_id != owing.contract.tenant_id
    with inside_operator():
        invoice = Invoice.objects.get(order=owing.order)
        payment = Payment.objects.get(allocations__invoice=invoice)
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2026, 12, 17))
    assert [state_of(paid), state_of(owing)] == ["suspended", "suspended"]
    told = [plain(each.body) for each in mails("est suspendu")]
    assert sorted("pourra être résilié" in words for words in told) == [False, True]

    # fifteen days and more after it the paid one runs on
    live(clock, date(2027, 1, 20))
    assert "celui-ci ne peut pas être résilié pour cela" in read(
        desk(browse, now).get(url("subscription", paid.pk))
    )
    refused = desk(browse, now).post(url("end_suspended", paid.pk), follow=True)
    assert "celui-ci ne doit rien" in read(refused)
    assert state_of(paid) == "suspended"
    assert desk(browse, now).post(url("end_suspended", owing.pk)).status_code == 302
    assert [state_of(paid), state_of(owing)] == ["suspended", "ended"]
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "228"}
    money |= {"received_on": "2027-01-20", "credited_on": "2027-01-20"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    assert [state_of(paid), state_of(owing)] == ["open", "ended"]


@pytest.mark.story(
    "MC-4",
    "LG-S20.3m",
    door="page",
    fr="Un campus suspendu obtient qu’un événement, noté après coup, ait suspendu son paiement : l’accès "
    "revient ; l’événement fini, la facture redevient due et l’accès s’arrête le lendemain.",
)
def test_an_event_recorded_late_gives_access_back_until_it_is_over(browse, clock, now):
    """A suspended campus has an event that held its payment, recorded afterwards: access is back; the event
    over, the invoice is due again and access stops the day after.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    with inside_operator():
        payment, invoice = Payment.objects.get(), Invoice.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    desk(browse, now).post(url("payment_bounce", payment.pk), back)
    more = {"new_due_on": "2027-01-31", "document": "Lettre"}
    assert desk(browse, now).post(url("invoice_extension", invoice.pk), more).status_code == 302
    live(clock, date(2027, 2, 2))
    assert state_of(campus) == "suspended"
    event = {"event-on": "2027-01-25", "event-reason": "inondation", "event-suspends": ["payment"]}
    assert desk(browse, now).post(url("force_majeure_start", campus.pk), event).status_code == 302
    assert state_of(campus) == "open"
    live(clock, date(2027, 2, 10))
    with inside_operator():
        lasting = campus.events.get()
    desk(browse, now).post(url("force_majeure_end", lasting.pk), {"end-on": "2027-02-10"})
    assert state_of(campus) == "open"
    live(clock, date(2027, 2, 12))
    assert state_of(campus) == "suspended"
