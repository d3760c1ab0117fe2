"""LG-S19: suspended 8 business days after an e-mail without effect.

Lifted when the cause is fully remedied.
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse

from billing.collections.policy.suspension import SuspensionNotice, is_lifted, standing_since, suspended_from
from billing.models import Invoice, Payment, Subscription, Suspension
from contracts.gateways.holidays import public_holidays
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import credit_whole, desk, live, mails, plain, read, subscribed
from tests.clauses.test_lg_s20_3m_force_majeure import bounced

CLAUSE = "LG-S19"
SENT = date(2026, 11, 2)
FRANCE = public_holidays("FR", None, (2026, 2027))
RULE = {"when": "after_notice", "today": date(2026, 12, 1), "business_days": 8, "holidays": FRANCE}


def test_eight_business_days_run_from_the_notice_and_11_november_is_none():
    assert suspended_from(SuspensionNotice(SENT), cause="unpaid", **RULE) == date(2026, 11, 14)


@pytest.mark.parametrize("notice", [None, SuspensionNotice(None), SuspensionNotice(SENT, bounced=True)])
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


def _day(day):
    return datetime(2027, 1, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spans", "since"),
    [
        ([], None),
        ([(3, 5)], None),
        ([(3, None)], 3),
        ([(3, None), (1, 4), (5, 6)], 1),  # one cause followed another without a break
        ([(3, None), (1, 2)], 3),
        ([(3, None), (1, None)], 1),
        ([(5, None), (3, 6), (1, 4)], 1),
    ],
)
def test_access_is_stopped_since_the_first_cause_without_a_break(spans, since):
    days = [(_day(began), ended and _day(ended)) for began, ended in spans]
    assert standing_since(days) == (since and _day(since))


def test_a_cause_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="no such cause"):
        suspended_from(None, cause="mood", **RULE)


@pytest.fixture
def owing(browse, clock, now, db):
    """Return a school whose bank took its payment back, reminded twice."""
    tenant = subscribed(now).contract.tenant
    with inside(tenant):
        head = person_with("administrator", now=now, email="direction@erables.example")
        teacher = person_with("teacher", now=now, email="maitresse@erables.example")
    with inside_operator():
        invoice = Invoice.objects.get()
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2026, 12, 20), date(2027, 1, 2))
    return SimpleNamespace(tenant=tenant, head=head, teacher=teacher, invoice=invoice)


@pytest.fixture
def unpaid(clock, owing):
    """Return that school, warned on 15 January 2027 that access would stop."""
    live(clock, date(2027, 1, 15))
    assert len(mails("l’accès s’arrêtera")) == 1
    return owing


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


@pytest.mark.story(
    "LG-S19",
    "LG-S6.3d",
    door="agenda",
    fr="L’accès arrêté, l’école obtient un délai par écrit : elle travaille de nouveau sur-le-champ, on ne "
    "peut pas résilier pour cette suspension, et passé le délai il faut un nouvel avertissement.",
)
def test_an_extension_after_the_suspension_gives_access_back(browse, clock, now, unpaid):
    """Access stopped, a school gets an extension in writing: it works again at once, the subscription can't
    be terminated for that suspension, and once the day is over a new warning is needed.
    """
    live(clock, date(2027, 1, 20), date(2027, 1, 28))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    more = {"new_due_on": "2027-02-28", "document": "Lettre du 28 janvier 2027"}
    assert desk(browse, now).post(url("invoice_extension", unpaid.invoice.pk), more).status_code == 302
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 2, 20))
    with inside_operator():
        subscription = Subscription.objects.get(contract__tenant=unpaid.tenant)
    desk(browse, now).post(url("end_suspended", subscription.pk))
    with inside_operator():
        subscription.refresh_from_db()
    assert subscription.ended_on is None
    live(clock, date(2027, 3, 30), date(2027, 4, 9))
    assert len(mails("l’accès s’arrêtera")) == 2
    assert comes_in(browse, unpaid, unpaid.teacher)


@pytest.mark.story(
    "LG-S19",
    door="mail",
    fr="Le courrier de l’école refuse nos messages : l’avertissement attend cinq jours avant de partir, et "
    "les huit jours ouvrés ne courent que de là.",
)
def test_a_warning_counts_from_the_day_it_left(browse, clock, now, owing, monkeypatch):
    """Mails don't leave for five days: the warning waits, and its business days run from its leaving only."""
    with monkeypatch.context() as broken:
        broken.setattr("agenda.loop.rendered", _refuse)
        live(clock, date(2027, 1, 15), date(2027, 1, 16))
        assert mails("l’accès s’arrêtera") == []
    live(clock, date(2027, 1, 20), date(2027, 1, 21))
    assert len(mails("l’accès s’arrêtera")) == 1
    live(clock, date(2027, 2, 1))
    assert comes_in(browse, owing, owing.teacher)
    live(clock, date(2027, 2, 2))
    assert not comes_in(browse, owing, owing.teacher)


def _refuse(template, mail, *, key):
    raise OSError("the relay doesn't answer")


@pytest.mark.story(
    "LG-S19",
    door="page",
    fr="L’avertissement revient : aucun délai ne court plus, un nouveau part le lendemain, et l’accès ne "
    "s’arrête que huit jours ouvrés après lui ; la page dit sur quel courriel la suspension repose.",
)
def test_a_warning_that_bounced_is_written_again_with_a_new_clock(browse, clock, now, unpaid):
    """The warning bounces: no clock runs, a new one leaves the next day, and access stops eight business days
    after that one only; the page says on which e-mail the suspension stands.
    """
    live(clock, date(2027, 1, 20))
    with inside_operator():
        warning = Suspension.objects.get()
        subscription = Subscription.objects.get(contract__tenant=unpaid.tenant)
    assert desk(browse, now).post(url("suspension_bounce", warning.pk)).status_code == 302
    page = url("subscription", subscription.pk)
    assert "ce courriel n’est jamais arrivé" in read(desk(browse, now).get(page))
    live(clock, date(2027, 1, 21), date(2027, 1, 28))
    assert len(mails("l’accès s’arrêtera")) == 2
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 2, 3))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    assert "Elle repose sur le courriel parti le 21/01/2027" in read(desk(browse, now).get(page))


@pytest.mark.story(
    "LG-S19",
    door="page",
    fr="La facture impayée est annulée par un avoir : plus rien n’est en retard, l’accès revient aussitôt.",
)
def test_a_credit_that_leaves_nothing_gives_access_back(browse, clock, now, unpaid):
    """The unpaid invoice is credited in full: nothing is overdue, and access is back at once."""
    live(clock, date(2027, 1, 20), date(2027, 1, 28))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    form = {"line_1": "1068,20", "reason": "Facture annulée"}
    sent = desk(browse, now).post(url("invoice_credit", unpaid.invoice.pk), form)
    assert sent.status_code == 302
    assert comes_in(browse, unpaid, unpaid.teacher)


@pytest.mark.story(
    "LG-S19",
    door="agenda",
    fr="L’accès est rendu contre un virement que la banque reprend : l’école est avertie de nouveau, et "
    "l’accès s’arrête huit jours ouvrés après ce nouveau courriel.",
)
def test_money_taken_back_brings_it_all_back(browse, clock, now, unpaid):
    """Access is given back for a transfer that the bank takes back: the school is warned again, and access
    stops eight business days after that new e-mail.
    """
    live(clock, date(2027, 1, 20), date(2027, 1, 28))
    pay(browse, now, unpaid, "1281,84", "2027-01-28")
    assert comes_in(browse, unpaid, unpaid.teacher)
    with inside_operator():
        payment = Payment.objects.filter(bounced_on=None).get()
    back = {"bounce-on": "2027-01-28", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 29), date(2027, 2, 10))
    assert len(mails("l’accès s’arrêtera")) == 2
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 2, 11))
    assert not comes_in(browse, unpaid, unpaid.teacher)


@pytest.mark.story(
    "LG-S19",
    "LG-S20.3s",
    door="page",
    fr="L’accès arrêté, on apprend que l’avertissement n’était jamais arrivé : l’accès revient aussitôt, la "
    "résiliation est refusée, un nouvel avertissement part et rouvre huit jours ouvrés entiers.",
)
def test_a_bounce_known_after_access_stopped_undoes_the_suspension(browse, clock, now, unpaid):
    """Access stopped, it turns out that the warning never arrived: access is back at once, the termination is
    refused, a new warning leaves and opens eight whole business days.
    """
    live(clock, date(2027, 1, 20), date(2027, 1, 28))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    with inside_operator():
        warning = Suspension.objects.get()
        subscription = Subscription.objects.get(contract__tenant=unpaid.tenant)
    page = url("subscription", subscription.pk)
    assert url("suspension_bounce", warning.pk) in desk(browse, now).get(page).content.decode()
    assert desk(browse, now).post(url("suspension_bounce", warning.pk)).status_code == 302
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 1, 29))
    assert len(mails("l’accès s’arrêtera")) == 2
    live(clock, date(2027, 2, 10), hour=22)
    assert comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 2, 11))
    assert not comes_in(browse, unpaid, unpaid.teacher)
    live(clock, date(2027, 2, 20))
    desk(browse, now).post(url("end_suspended", subscription.pk))
    with inside_operator():
        subscription.refresh_from_db()
    assert subscription.ended_on is None  # 15 days from the second message, not from the first
    live(clock, date(2027, 2, 27))
    desk(browse, now).post(url("end_suspended", subscription.pk))
    with inside_operator():
        subscription.refresh_from_db()
    assert subscription.ended_on == date(2027, 2, 27)


@pytest.mark.story(
    "LG-S19",
    "LG-S6.3d",
    door="mail",
    fr="L’accès revient parce que plus de temps est donné : personne n’est remercié de ce qui "
    "n’est pas payé.",
)
def test_access_that_is_back_for_an_extension_says_that_the_sum_is_still_owed(browse, clock, now):
    """Access comes back for an extension: nobody is thanked for what is not paid."""
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28))
    (invoice,) = rows_of(Invoice.objects)
    more = {"new_due_on": "2027-03-01", "document": "courriel du 28"}
    assert desk(browse, now).post(url("invoice_extension", invoice.pk), more).status_code == 302
    live(clock, date(2027, 1, 28), hour=14)
    (told,) = mails("rouvert") or mails("ouvert")
    assert "Merci" not in plain(told.body)
    assert "réglé" not in plain(told.body)


def test_nobody_is_thanked_for_an_invoice_that_was_credited(browse, clock, now):
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28))
    (invoice,) = rows_of(Invoice.objects)
    credit_whole(browse, now, invoice)
    live(clock, date(2027, 1, 28), hour=14)
    (told,) = mails("rouvert") or mails("ouvert")
    assert "Merci" not in plain(told.body)
