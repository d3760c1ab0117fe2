"""LG-S20.3e: termination makes every issued unpaid invoice due at once."""

from datetime import date, timedelta

import pytest

from billing.invoicing.policy.due import effective_due_on
from billing.models import Invoice, Order, Payment, RegisteredLetter
from demo.factories.billing import ContactFactory
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, ended_for_breach, live, mails, read, subscribed, visitor
from tests.clauses.test_mc_7_told_first import state_of

CLAUSE = "LG-S20.3e"
ENDED = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("due", "then"), [(date(2026, 12, 16), ENDED), (date(2026, 11, 1), date(2026, 11, 1))]
)
def test_it_is_never_due_later_than_it_was(due, then):
    assert effective_due_on(due, terminated_on=ENDED) == then


@pytest.mark.story(
    "LG-S20.3e",
    door="page",
    fr="Une école obtient par écrit un délai au 31 janvier pour sa facture de renouvellement ; son "
    "abonnement est résilié pour un manquement le 18 novembre : le délai ne compte plus, la facture "
    "est due ce jour-là et en retard le lendemain.",
)
def test_termination_makes_the_renewals_invoice_due_at_once_whatever_was_granted(browse, clock, now):
    """A school gets an extension in writing to 31 January for its renewal's invoice; its subscription is
    terminated for a breach on 18 November: the extension counts no more, the invoice is due that day and
    overdue the day after.
    """
    with inside_operator():
        contact = ContactFactory()
    subscription = subscribed(now, contact)
    live(clock, date(2027, 10, 1))
    letter = {"letter-purpose": "breach", "letter-number": "1A 201", "letter-on": "2027-10-01"}
    letter |= {"letter-reason": "revente des accès"}
    assert desk(browse, now).post(url("letter_write", subscription.pk), letter).status_code == 302
    live(clock, date(2027, 11, 16))
    with inside_operator():
        posted = RegisteredLetter.objects.get()
        renewed = Invoice.objects.order_by("-number").first()
    finance = desk(browse, now)
    presented = {"follow-presented_on": "2027-10-04"}
    assert finance.post(url("letter_follow", posted.pk), presented).status_code == 302
    more = {"new_due_on": "2028-01-31", "document": "Lettre du 16 novembre 2027"}
    assert finance.post(url("invoice_extension", renewed.pk), more).status_code == 302
    live(clock, date(2027, 11, 18))
    finance = desk(browse, now)
    assert "31 janvier 2028" in read(finance.get(url("invoice", renewed.pk)))
    assert finance.post(url("letter_end", posted.pk)).status_code == 302
    assert "18 novembre 2027" in read(visitor(browse, contact).get(url("portal_invoice", renewed.pk)))
    assert renewed.number not in read(finance.get(url("late")))
    live(clock, date(2027, 11, 19))
    assert renewed.number in read(desk(browse, now).get(url("late")))


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S19",
    door="agenda",
    fr="Des licences ajoutées restent impayées : l’école est avertie, son accès s’arrête, et la résiliation "
    "rend cette facture exigible ; un délai accordé ensuite compte encore.",
)
def test_added_licences_left_unpaid_stop_access_and_fall_due_at_once(browse, clock, now):
    """Added licences stay unpaid: the school is warned, its access stops, and a termination makes their
    invoice due at once; more time granted after that counts all the same.
    """
    school = subscribed(now)
    with inside_operator():
        Order.objects.filter(subscriptions=school).update(version=None)  # taken online, not quoted
    live(clock, date(2027, 6, 1))
    more = {"preau-ecole": "230", "confirm": "1", "method": "transfer", "terms": "on"}
    visitor(browse, school.contact).post(url("portal_plan", school.pk), more)
    with inside_operator():
        added = Invoice.objects.latest("created_at")
        assert added.order.lines.get().contract_id == school.contract_id
    for days in (1, 31, 32, 48):
        live(clock, added.due_on + timedelta(days=days))
    assert len(mails("l’accès s’arrêtera")) == 1
    assert state_of(school) == "suspended"
    live(clock, added.due_on + timedelta(days=70))
    finance = desk(browse, now)
    far = {"new_due_on": str(added.due_on + timedelta(days=300)), "document": "Lettre du jour"}
    assert finance.post(url("invoice_extension", added.pk), far).status_code == 302
    assert state_of(school) == "open"
    letter = {"letter-purpose": "breach", "letter-number": "1A 201", "letter-on": "2027-06-01"}
    letter |= {"letter-reason": "revente des accès"}
    assert finance.post(url("letter_write", school.pk), letter).status_code == 302
    with inside_operator():
        posted = RegisteredLetter.objects.get()
    finance.post(url("letter_follow", posted.pk), {"follow-presented_on": "2027-06-04"})
    assert finance.post(url("letter_end", posted.pk)).status_code == 302
    live(clock, added.due_on + timedelta(days=71))
    assert added.number in read(desk(browse, now).get(url("late")))
    later = {"new_due_on": str(added.due_on + timedelta(days=100)), "document": "Courriel du jour"}
    assert desk(browse, now).post(url("invoice_extension", added.pk), later).status_code == 302
    assert added.number not in read(desk(browse, now).get(url("late")))
    live(clock, added.due_on + timedelta(days=101))
    assert added.number in read(desk(browse, now).get(url("late")))


@pytest.mark.story(
    "LG-S20.3e",
    door="page",
    fr="Une école résilie par le bouton ; sa facture, reportée au 1er mars par écrit, est due le jour où "
    "l’abonnement prend fin.",
)
def test_the_clients_own_word_makes_what_is_unpaid_due_too(browse, clock, now):
    """A school ends its subscription by the button: its invoice, put off in writing to 1 March, is due on the
    day the subscription ends.
    """
    with inside_operator():
        contact = ContactFactory()
    school = subscribed(now, contact, term_months=1)
    live(clock, date(2026, 12, 16))
    with inside_operator():
        renewed = Invoice.objects.order_by("-number").first()
    live(clock, date(2026, 12, 20))
    more = {"new_due_on": "2027-03-01", "document": "Lettre du 20 décembre 2026"}
    assert desk(browse, now).post(url("invoice_extension", renewed.pk), more).status_code == 302
    assert (
        visitor(browse, contact).post(url("portal_terminate", school.pk), {"word-reason": ""}).status_code
        == 302
    )
    live(clock, date(2027, 1, 15), date(2027, 1, 16))
    assert state_of(school) == "ended"
    assert "16 janvier 2027" in read(visitor(browse, contact).get(url("portal_invoice", renewed.pk)))


@pytest.mark.story(
    "LG-S20.3e",
    door="page",
    fr="Payé, puis résilié pour un manquement, puis la banque reprend le paiement : la facture est due ce "
    "jour-là, en retard le lendemain, quoi qu’elle ait dit de son échéance.",
)
def test_what_is_unpaid_again_after_the_end_is_due_at_once(browse, clock, now):
    """Paid, then terminated for a breach, then the bank takes the payment back: the invoice is due that day
    and overdue the day after, whatever it said of its due day.
    """
    school = subscribed(now)
    with inside_operator():
        payment, invoice = Payment.objects.get(), Invoice.objects.get()
    days = (date(2026, 11, 17), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    assert state_of(school) == "ended"
    live(clock, date(2026, 12, 5))
    back = {"bounce-on": "2026-12-05", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    portal = visitor(browse, school.contact).get(url("portal_invoice", invoice.pk))
    assert "au plus tard le 5 décembre" in read(portal)
    live(clock, date(2026, 12, 7))
    assert invoice.number in read(desk(browse, now).get(url("late")))
