"""LG-S20.3m: over 30 days either side may terminate; what was not served is refunded pro rata."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import InterestClaim, Invoice, Payment, Refund
from billing.subscriptions.policy.periods import ServicePeriod, period_paid
from billing.subscriptions.policy.termination import (
    force_majeure_may_end_on,
    is_within_contract,
    refund_pro_rata,
)
from demo.factories.billing import quote_sent
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, mails, plain, read, sign, subscribed, visitor
from tests.clauses.test_mc_7_told_first import state_of

CLAUSE = "LG-S20.3m"
YEAR = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 9, 1)}


def test_more_than_thirty_days():
    assert force_majeure_may_end_on(date(2026, 10, 1), days=30) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("unserved", "cents"),
    [
        ([(date(2026, 9, 1), date(2027, 9, 1))], 365_00),
        ([(date(2026, 10, 1), date(2026, 11, 1))], 31_00),
        (
            [(date(2026, 10, 1), date(2026, 11, 1)), (date(2026, 10, 15), date(2026, 11, 1))],
            31_00,
        ),  # counted once
        ([(date(2026, 8, 1), date(2026, 9, 1)), (date(2027, 9, 1), date(2028, 1, 1))], 0),  # outside the term
    ],
)
def test_days_not_served_are_refunded(unserved, cents):
    assert refund_pro_rata(365_00, unserved=unserved, **YEAR) == cents


@given(st.integers(0, 10**9), st.lists(st.tuples(st.dates(), st.dates()), max_size=5))
def test_never_more_than_was_paid(net, unserved):
    assert 0 <= refund_pro_rata(net, unserved=unserved, **YEAR) <= net


def test_a_term_without_days_is_an_error():
    with pytest.raises(ValueError, match="at least one day"):
        refund_pro_rata(1, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 1), unserved=[])


@pytest.mark.parametrize(
    ("started", "ended", "within"),
    [
        (date(2026, 9, 1), None, True),
        (date(2026, 8, 31), None, False),
        (date(2027, 9, 1), None, False),
        (date(2026, 10, 1), date(2026, 10, 1), False),
        (date(2026, 10, 1), date(2027, 10, 1), True),
    ],
)
def test_an_event_is_dated_within_its_contract(started, ended, within):
    contract = (date(2026, 9, 1), date(2027, 9, 1))
    assert is_within_contract(started, ended, contract=contract) is within


FIRST = ServicePeriod(date(2026, 9, 1), date(2027, 9, 1))
SECOND = ServicePeriod(date(2027, 9, 1), date(2028, 9, 1))


@pytest.mark.parametrize(
    ("ordered", "own", "added", "period"),
    [
        (date(2026, 9, 1), FIRST, False, FIRST),
        (date(2027, 9, 1), SECOND, False, SECOND),
        (date(2027, 3, 1), None, True, ServicePeriod(date(2027, 3, 1), date(2027, 9, 1))),
        (date(2027, 9, 1), None, True, SECOND),
        (date(2026, 8, 20), None, True, FIRST),  # added while it was tried
        (date(2028, 9, 1), None, True, None),
        (date(2027, 3, 1), None, False, None),
    ],
)
def test_each_line_paid_for_days_of_one_term(ordered, own, added, period):
    found = period_paid(ordered_on=ordered, terms=[FIRST, SECOND], own=own, is_added=added)
    assert found == period


def begin(browse, now, school, day, *suspends):
    """Record an event at the console."""
    form = {"event-on": str(day), "event-reason": "inondation", "event-suspends": suspends}
    return desk(browse, now).post(url("force_majeure_start", school.pk), form)


def bounced(browse, now, school):
    """Let the bank take back what a school paid."""
    with inside_operator():
        payment = Payment.objects.get(customer=school.customer_id)
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S19",
    door="agenda",
    fr="L’école inondée ne peut pas payer : ni relance ni avertissement tant que l’événement dure, l’accès "
    "arrêté revient ; la fin lui est dite, et l’avertissement d’après ouvre un délai neuf.",
)
def test_an_event_that_suspends_the_payment_holds_back_warnings(browse, clock, now):
    """A flooded school can't pay: neither reminder nor warning while the event lasts, and access that had
    stopped is back; its end is told, and the warning after it opens a new delay.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2026, 12, 20), date(2027, 1, 2), date(2027, 1, 15), date(2027, 1, 18), date(2027, 1, 28))
    assert state_of(school) == "suspended"
    assert begin(browse, now, school, date(2027, 1, 28), "service", "payment").status_code == 302
    assert state_of(school) == "open"
    live(clock, date(2027, 2, 10), date(2027, 2, 20))
    assert len(mails("un événement")) == 1
    assert len(mails("l’accès s’arrêtera")) == 1
    with inside_operator():
        event = school.events.get()
    over = {"end-on": "2027-02-20"}
    assert desk(browse, now).post(url("force_majeure_end", event.pk), over).status_code == 302
    live(clock, date(2027, 2, 22), date(2027, 3, 3))
    assert len(mails("l’événement est terminé")) == 1
    assert len(mails("l’accès s’arrêtera")) == 2
    assert state_of(school) == "open"
    live(clock, date(2027, 3, 5))
    assert state_of(school) == "suspended"


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="L’événement ne suspend que le service : la facture reste à payer, relances et avertissement partent.",
)
def test_an_event_that_suspends_the_service_only_holds_back_no_warning(browse, clock, now):
    """The event suspends the service only: the invoice is to be paid, reminders and the warning leave."""
    school = subscribed(now)
    bounced(browse, now, school)
    assert begin(browse, now, school, date(2026, 11, 16), "service").status_code == 302
    live(clock, date(2026, 12, 20), date(2027, 1, 15))
    assert len(mails("l’accès s’arrêtera")) == 1


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Un événement daté d’avant le contrat est refusé ; son jour se corrige, le client est prévenu de "
    "nouveau, et le jour où chacun peut résilier suit.",
)
def test_an_event_is_dated_within_the_contract_and_can_be_corrected(browse, clock, now):
    """An event dated before the contract is refused; its day can be corrected, the client is told again, and
    the day from which either side may terminate follows.
    """
    school = subscribed(now)
    assert begin(browse, now, school, date(2026, 11, 1), "service").status_code == 422
    live(clock, date(2026, 12, 10))
    assert begin(browse, now, school, date(2026, 12, 10), "service").status_code == 302
    with inside_operator():
        event = school.events.get()
    right = {"event-on": "2026-12-01", "event-reason": "inondation", "event-suspends": ["service"]}
    assert desk(browse, now).post(url("force_majeure_correct", event.pk), right).status_code == 302
    live(clock, date(2026, 12, 11))
    assert len(mails("un événement")) == 2
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "S’il dure encore le 1er janvier 2027" in page


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="L’école a déjà dit qu’elle ne renouvelle pas ; l’événement dure, elle voit son bouton au trente et "
    "unième jour et résilie : ce qui n’est pas servi lui est rendu.",
)
def test_the_client_ends_it_for_an_event_whatever_was_said_before(browse, clock, now):
    """The school said already that it won't renew; the event lasts, it sees its button on the 31st day and
    ends the subscription: what isn't served is given back.
    """
    school = subscribed(now)
    live(clock, date(2026, 12, 1))
    assert begin(browse, now, school, date(2026, 12, 1), "service").status_code == 302
    word = {"word-reason": ""}
    client = visitor(browse, school.contact)
    assert client.post(url("portal_terminate", school.pk), word).status_code == 302
    end = url("portal_force_majeure_terminate", school.pk)
    live(clock, date(2026, 12, 31))
    visitor(browse, school.contact).post(end)
    assert state_of(school) == "open"
    live(clock, date(2027, 1, 1))
    client = visitor(browse, school.contact)
    assert "Résilier pour cet événement" in read(client.get(url("portal_subscription", school.pk)))
    assert client.post(end).status_code == 302
    assert state_of(school) == "ended"
    with inside_operator():
        assert Refund.objects.get().reason == "force_majeure"


def credited(school):
    """Return what was credited to a school, in cents without VAT."""
    with inside_operator():
        notes = Invoice.objects.filter(customer=school.customer_id, kind=Invoice.Kind.CREDIT_NOTE)
        return sum(abs(note.net_cents) for note in notes)


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Dix jours n’ont pas été servis la première année ; un second événement fait résilier la deuxième : "
    "les jours des deux années sont rendus, chacun au prix de son terme.",
)
def test_the_days_of_an_earlier_term_are_given_back_too(browse, clock, now):
    """Ten days were not served in the first year; a second event ends the subscription in the second: the
    days of both years are given back, each at the price of its term.
    """
    school = subscribed(now)
    live(clock, date(2027, 1, 11))
    assert begin(browse, now, school, date(2027, 1, 1), "service").status_code == 302
    with inside_operator():
        first = school.events.get()
    over = {"end-on": "2027-01-11"}
    assert desk(browse, now).post(url("force_majeure_end", first.pk), over).status_code == 302
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2028, 1, 1))
    assert begin(browse, now, school, date(2028, 1, 1), "service").status_code == 302
    with inside_operator():
        second = school.events.exclude(pk=first.pk).get()
    live(clock, date(2028, 2, 1))
    assert "963,22" in read(desk(browse, now).get(url("subscription", school.pk)))
    desk(browse, now).post(url("force_majeure_terminate", second.pk))
    assert credited(school) == 29_27 + 933_95  # 10 of 365 days, 320 of 366, of 1,068.20


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="L’événement n’empêche que l’école de payer, et dure : résilié pour lui, les jours d’après la "
    "résiliation, qui ne seront pas servis, sont rendus.",
)
def test_ended_for_an_event_that_stopped_the_payment_the_days_after_are_given_back(browse, clock, now):
    """The event keeps the school from paying only, and lasts: ended for it, the days after the termination,
    which won't be served, are given back.
    """
    school = subscribed(now)
    live(clock, date(2026, 12, 1))
    assert begin(browse, now, school, date(2026, 12, 1), "payment").status_code == 302
    with inside_operator():
        event = school.events.get()
    live(clock, date(2027, 1, 1))
    desk(browse, now).post(url("force_majeure_terminate", event.pk))
    assert credited(school) == 933_58  # 319 of 365 days of 1,068.20


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S6.3p",
    door="page",
    fr="Un décompte d’intérêts a compté les jours d’une inondation notée après lui : ces jours sont retirés, "
    "l’école l’apprend ; un nouveau décompte ne les compte pas.",
)
def test_no_interest_runs_while_an_event_suspends_the_payment(browse, clock, now):
    """A claim counted the days of a flood that was recorded after it: they are taken off, the school is told;
    a new claim doesn't count them either.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    live(clock, date(2026, 12, 20), date(2027, 1, 15))  # due on 16 December
    finance = desk(browse, now)
    assert finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"}).status_code == 302
    (claim,) = rows_of(InterestClaim.objects.filter(corrects=None))
    live(clock, date(2027, 1, 16))
    assert begin(browse, now, school, date(2027, 1, 6), "payment").status_code == 302
    (fixed,) = rows_of(InterestClaim.objects.filter(corrects=claim))
    days = [(each["starts_on"], each["ends_on"]) for each in fixed.worksheet["segments"]]
    assert days == [("2026-12-16", "2027-01-05")]
    assert (claim.flat_fee_cents, fixed.flat_fee_cents) == (4000, 0)  # late before the event
    live(clock, date(2027, 1, 26))
    with inside_operator():
        event = school.events.get()
    over = {"end-on": "2027-01-26"}
    assert desk(browse, now).post(url("force_majeure_end", event.pk), over).status_code == 302
    live(clock, date(2027, 1, 31))
    assert desk(browse, now).post(url("late_draw", invoice.pk), {"on": "2027-01-31"}).status_code == 302
    (last,) = [
        row for row in rows_of(InterestClaim.objects.filter(corrects=None)) if row.number != claim.number
    ]
    days = [(each["starts_on"], each["ends_on"]) for each in last.worksheet["segments"]]
    assert days == [("2026-12-16", "2027-01-05"), ("2027-01-25", "2027-01-31")]


@pytest.mark.usefixtures("rates_ahead")
@pytest.mark.story(
    "LG-S20.3m",
    "LG-S6.3p",
    door="page",
    fr="L’échéance tombe pendant l’événement : elle passe au premier jour d’après, un paiement de ce jour "
    "n’est pas en retard.",
)
def test_what_falls_due_during_an_event_is_due_after_it(browse, clock, now):
    """The due day falls into the event: it moves to the first day after, a payment of that day isn't late."""
    school = subscribed(now)
    bounced(browse, now, school)
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    live(clock, date(2026, 12, 10))
    assert begin(browse, now, school, date(2026, 12, 10), "payment").status_code == 302
    with inside_operator():
        event = school.events.get()
    live(clock, date(2027, 1, 8))
    over = {"end-on": "2027-01-08"}
    assert desk(browse, now).post(url("force_majeure_end", event.pk), over).status_code == 302
    live(clock, date(2027, 1, 9), date(2027, 1, 10))
    assert desk(browse, now).post(url("late_draw", invoice.pk), {"on": "2027-01-10"}).status_code == 302
    (claim,) = rows_of(InterestClaim.objects.all())
    days = [(each["starts_on"], each["ends_on"]) for each in claim.worksheet["segments"]]
    assert days == [("2027-01-08", "2027-01-10")]
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
    money |= {"received_on": "2027-01-08", "credited_on": "2027-01-08"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    with inside_operator():
        assert sum(each.total_cents for each in InterestClaim.objects.all()) == 0


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S6.3x",
    door="page",
    fr="L’échéance tombe pendant l’événement : la facture n’est en retard nulle part, et l’école peut signer "
    "un nouveau devis ; l’événement passé, elle l’est de nouveau.",
)
def test_nothing_is_overdue_while_an_event_suspends_the_payment(browse, clock, now):
    """The due day falls into the event: the invoice is late nowhere, and the school may sign a new quote; the
    event over, it is late again.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2026, 12, 10))
    assert begin(browse, now, school, date(2026, 12, 10), "payment").status_code == 302
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    live(clock, date(2026, 12, 20))
    finance = desk(browse, now)
    assert invoice.number not in read(finance.get(url("late")))
    assert "échue" not in read(visitor(browse, school.contact).get(url("portal_invoices")))
    with inside_operator():
        version = quote_sent(school.contact, now=at(date(2026, 12, 20)))
    assert "en retard" not in read(sign(visitor(browse, school.contact), version))
    with inside_operator():
        assert version.quote.versions.get().state == "signed"
        event = school.events.get()
    over = {"end-on": "2026-12-28"}
    live(clock, date(2026, 12, 28))
    assert desk(browse, now).post(url("force_majeure_end", event.pk), over).status_code == 302
    live(clock, date(2026, 12, 30))
    finance = desk(browse, now)
    assert invoice.number in read(finance.get(url("late")))
    notice = finance.post(url("formal_notice_new", invoice.pk), {"notice-on": "2026-12-22"})
    assert "Ce jour-là, un événement suspendait le paiement de la facture" in plain(notice.text)


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S20.3e",
    door="page",
    fr="Résilié pour l’événement qui suspendait le paiement, ce qui reste impayé est dû aussitôt : "
    "l’événement ne le suspend plus.",
)
def test_ended_for_an_event_what_is_unpaid_is_due(browse, clock, now):
    """Ended for the event that suspended the payment, what is unpaid is due at once: the event holds it back
    no longer.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2026, 12, 20), date(2027, 1, 10))
    assert begin(browse, now, school, date(2027, 1, 10), "service", "payment").status_code == 302
    live(clock, date(2027, 2, 10))
    with inside_operator():
        event = school.events.get()
    desk(browse, now).post(url("force_majeure_terminate", event.pk))
    assert state_of(school) == "ended"
    live(clock, date(2027, 2, 12))
    (invoice,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    assert invoice.number in read(desk(browse, now).get(url("late")))


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Résilié pour un événement qui durait, l’abonnement ne peut plus perdre ce motif : une correction qui "
    "le raccourcit est refusée, en disant pourquoi ; une qui l’allonge passe.",
)
def test_what_an_end_stands_on_is_not_corrected_away(browse, clock, now):
    """Ended for an event that lasted, a subscription can't lose that ground: a correction that shortens it is
    refused, with why; one that makes it longer is kept.
    """
    school = subscribed(now)
    live(clock, date(2026, 12, 1))
    begin(browse, now, school, date(2026, 12, 1), "service")
    with inside_operator():
        event = school.events.get()
    live(clock, date(2027, 1, 2))
    assert desk(browse, now).post(url("force_majeure_terminate", event.pk)).status_code == 302
    corrected = {"event-reason": "inondation", "event-suspends": ["service"]}
    page = url("force_majeure_correct", event.pk)
    refused = desk(browse, now).post(page, corrected | {"event-on": "2026-12-10"}, follow=True)
    assert "2 janvier 2027 parce que" in plain(refused.text)
    over = {"end-on": "2026-12-20"}
    refused = desk(browse, now).post(url("force_majeure_end", event.pk), over, follow=True)
    assert "2 janvier 2027 parce que" in plain(refused.text)
    assert desk(browse, now).post(page, corrected | {"event-on": "2026-11-28"}).status_code == 302
    with inside_operator():
        event.refresh_from_db()
        school.refresh_from_db()
    assert (event.started_on, school.ended_on) == (date(2026, 11, 28), date(2027, 1, 2))


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S20.3e",
    door="page",
    fr="Deux événements durent, dont l’un suspend le paiement : résilié pour l’autre, le contrat n’en a plus "
    "aucun, et ce qui reste à payer est dû aussitôt.",
)
def test_with_the_contract_every_event_is_over_for_it(browse, clock, now):
    """Two events last, one of which suspends the payment: ended for the other, the contract has none any
    more, and what is left to pay is due at once.
    """
    school = subscribed(now)
    contact = school.contact
    bounced(browse, now, school)
    live(clock, date(2026, 12, 1))
    begin(browse, now, school, date(2026, 12, 1), "service")
    begin(browse, now, school, date(2026, 12, 1), "payment")
    with inside_operator():
        event = school.events.get(suspends_payment=False)
    live(clock, date(2027, 1, 2))
    assert "paiement suspendu" in read(visitor(browse, contact).get(url("portal_invoices")))
    assert desk(browse, now).post(url("force_majeure_terminate", event.pk)).status_code == 302
    with inside_operator():
        assert not school.events.filter(ended_on=None).exists()
    invoices = read(visitor(browse, contact).get(url("portal_invoices")))
    assert "paiement suspendu" not in invoices
