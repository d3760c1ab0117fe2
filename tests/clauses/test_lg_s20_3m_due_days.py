"""LG-S20.3m: what falls due during an event that suspends its payment is due on the first day after it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoicing.queries.balances import falls_due_on, with_due_day
from billing.models import ForceMajeure, InterestClaim, Invoice
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, mails, plain, read, subscribed, visitor
from tests.clauses.test_lg_s20_3m_force_majeure import bounced

CLAUSE = "LG-S20.3m"
ISSUED = date(2026, 11, 16)


def flooded(browse, school, day):
    """Record at the console an event that suspends the payment from a day on."""
    form = {"event-on": str(day), "event-reason": "inondation", "event-suspends": ["payment"]}
    assert desk(browse, at(day)).post(url("force_majeure_start", school.pk), form).status_code == 302


def over(browse, school, day):
    """Record at the console the end of the last event."""
    with inside_operator():
        event = school.events.first()
    said = {"end-on": str(day)}
    assert desk(browse, at(day)).post(url("force_majeure_end", event.pk), said).status_code == 302


@pytest.mark.usefixtures("rates_ahead")
@pytest.mark.story(
    "LG-S20.3m",
    "LG-S6.3x",
    door="page",
    fr="L’échéance du 16 décembre, puis celle du décompte d’intérêts, tombent chacune dans un événement : "
    "l’événement passé, le portail, les retards, la balance âgée, le compte et la journée de travail "
    "montrent le jour qui compte, celui d’après.",
)
def test_every_page_shows_the_day_after_the_event(browse, clock, now):
    """The due day of 16 December, then that of the claim for interest, fall each into an event: the event
    over, portal, late payers, ageing, account and the day's work show the day that counts, the one after it.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    live(clock, date(2026, 12, 10))
    flooded(browse, school, date(2026, 12, 10))
    live(clock, date(2027, 1, 8))
    over(browse, school, date(2027, 1, 8))
    live(clock, date(2027, 1, 8))
    home = visitor(browse, school.contact)
    for address in (url("portal_invoices"), url("portal_invoice", invoice.pk)):
        assert "8 janvier 2027" in read(home.get(address))
        assert "échue" not in read(home.get(address))
    assert invoice.number not in read(desk(browse, now).get(url("late")))
    live(clock, date(2027, 1, 10))
    finance = desk(browse, now)
    late, work = read(finance.get(url("late"))), read(finance.get(url("todo")))
    assert "08/01/2027" in late
    assert "2 jours de retard" in work

    assert finance.post(url("late_draw", invoice.pk), {"on": "2027-01-10"}).status_code == 302
    (claim,) = rows_of(InterestClaim.objects.all())
    assert claim.due_on == date(2027, 2, 9)
    live(clock, date(2027, 2, 5))
    flooded(browse, school, date(2027, 2, 5))
    live(clock, date(2027, 3, 1))
    home = visitor(browse, school.contact)
    assert "échue" not in read(home.get(url("portal_claim", claim.pk)))
    over(browse, school, date(2027, 3, 1))
    live(clock, date(2027, 3, 1))
    told = read(visitor(browse, school.contact).get(url("portal_claim", claim.pk)))
    assert "à régler au plus tard le 1er mars 2027" in told
    live(clock, date(2027, 3, 3))
    finance = desk(browse, now)
    assert "1er mars 2027" in read(finance.get(url("interest_claim", claim.pk)))
    row = read(finance.get(url("todo"))).split(claim.number)[1]
    assert "2 jours de retard" in row[:200]
    assert "1er mars 2027" in read(finance.get(url("customer_statement", school.customer_id)))


EVENTS = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(1, 30)), st.booleans()), max_size=4
)


@pytest.mark.usefixtures("as_operator")
def test_sql_and_the_rule_say_the_same_day(now):
    """Whatever events there were, the day of lists is the day the rule counts."""
    school = subscribed(now)
    invoice = Invoice.objects.get(order=school.order)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(EVENTS)
    def check(events):
        ForceMajeure.objects.all().delete()
        for after, days, suspends in events:
            began = ISSUED + timedelta(days=after)
            ended = began + timedelta(days=days) if days else None
            ForceMajeure.objects.create(
                subscription=school,
                reason="x",
                started_on=began,
                ended_on=ended,
                suspends_payment=suspends,
                notified_at=now,
                created_at=now,
            )
        (row,) = with_due_day(Invoice.objects.filter(pk=invoice.pk))
        assert row.falls_due_on == falls_due_on(invoice)

    check()


@pytest.mark.usefixtures("rates_ahead")
def test_while_it_lasts_nothing_is_asked_and_corrected_afterwards_it_is_told_as_over(browse, clock, now):
    """While an event suspends the payment no figure counts it late, and a credit note asks for nothing by a
    day; its start corrected once it is over, the mail says that it is over.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    live(clock, date(2026, 12, 10))
    flooded(browse, school, date(2026, 12, 10))
    live(clock, date(2027, 1, 10))
    finance = desk(browse, now)
    assert "1 281,84" not in read(finance.get(url("late")))
    credit = {"reason": "Geste", "since": "start", "line_1": "10,00"}
    assert finance.post(url("invoice_credit", invoice.pk), credit).status_code == 302
    live(clock, date(2027, 1, 11))
    (mail,) = mails("Avoir ")
    assert "son paiement est suspendu tant que dure un événement" in plain(mail.body)
    shown = read(visitor(browse, school.contact).get(url("portal_invoice", invoice.pk)))
    assert "son paiement est suspendu" in shown
    over(browse, school, date(2027, 1, 11))
    with inside_operator():
        event = school.events.get()
    said = {"event-on": "2026-12-05", "event-reason": "inondation"}
    said["event-suspends"] = ["payment"]
    assert desk(browse, now).post(url("force_majeure_correct", event.pk), said).status_code == 302
    live(clock, date(2027, 1, 13))
    assert len(mails("un événement suspend")) == 1
    last = mails("l’événement est terminé")[-1]
    assert "depuis le 5 décembre 2026 est terminé" in plain(last.body)
    shown = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "suspendu jusque-là" in shown
    assert "tant qu’il dure" not in shown
    shown = read(visitor(browse, school.contact).get(url("portal_invoice", invoice.pk)))
    assert "échu depuis le 11 janvier 2027" in shown
