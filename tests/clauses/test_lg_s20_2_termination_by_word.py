"""LG-S20.2: automatic renewal stops by the button or an e-mail, at the next due date, by the time of
receipt.
"""

from datetime import date

import pytest

from billing.models import InterestClaim, Invoice, Refund
from billing.subscriptions.policy.termination import comes_first, notice_ends_on
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, read, subscribed, visitor

CLAUSE = "LG-S20.2"
ENDS = date(2027, 9, 1)
AFTER = date(2028, 9, 1)


@pytest.mark.parametrize(
    ("received", "effective"),
    [
        (date(2026, 12, 1), ENDS),
        (date(2027, 8, 31), ENDS),
        (ENDS, AFTER),  # on the renewal day itself it stops the next one
        (AFTER, None),
    ],
)
def test_it_takes_effect_on_the_first_due_date_that_had_not_come(received, effective):
    assert notice_ends_on("automatic", received_on=received, due_days=[ENDS, AFTER]) == effective
    assert notice_ends_on("automatic", received_on=received, due_days=[AFTER, ENDS]) == effective


@pytest.mark.parametrize(
    ("effective", "standing", "first"),
    [(ENDS, [], True), (ENDS, [AFTER], True), (ENDS, [ENDS], False), (AFTER, [ENDS], False)],
)
def test_the_word_that_takes_effect_first_ends_it(effective, standing, first):
    assert comes_first(effective, standing=standing) is first


@pytest.mark.story(
    "LG-S20.2",
    door="page",
    fr="L’école écrit le 14 novembre qu’elle arrête ; on ne l’enregistre que le 20, après la "
    "reconduction du 16 : c’est la réception qui compte, la reconduction est défaite et sa facture "
    "annulée par un avoir.",
)
def test_an_email_recorded_after_the_renewal_undoes_it_and_credits_its_invoice(browse, clock, now):
    """A school writes on 14 November that it stops; it is recorded only on the 20th, after the renewal of the
    16th: receipt counts, the renewal is undone and its invoice credited.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2027, 11, 20))
    assert "1 281,84 € 1 281,84 € à payer" in read(
        visitor(browse, school.contact).get(url("portal_invoices"))
    )
    late = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    assert desk(browse, now).post(url("termination_record", school.pk), late).status_code == 302
    live(clock, date(2027, 11, 21))
    client = visitor(browse, school.contact)
    assert "terminé" in read(client.get(url("portal_subscription", school.pk)))[:90]
    invoices = read(client.get(url("portal_invoices")))
    assert "AV-2027-000001" in invoices
    assert "1 281,84 € à payer" not in invoices
    assert "0,00 € annulée par avoir" in invoices


@pytest.mark.story(
    "LG-S20.2",
    door="page",
    fr="La reconduction est annoncée ; l’école écrit le dimanche, on l’enregistre le lundi, veille de "
    "l’échéance : rien n’est reconduit, rien n’est dû, et l’accès court jusqu’au bout du terme.",
)
def test_an_email_received_before_the_renewal_stops_it_without_penalty(browse, clock, now):
    """The renewal was announced; the school writes on the Sunday and it is recorded on the Monday, the eve of
    the due date: nothing renews, nothing is owed, and access runs to the end of the term.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 11, 15))
    word = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    assert desk(browse, now).post(url("termination_record", school.pk), word).status_code == 302
    page = url("portal_subscription", school.pk)
    eve = read(visitor(browse, school.contact).get(page))
    assert "cela prend effet le 16 novembre 2027" in eve
    assert "en cours" in eve[:90]
    live(clock, date(2027, 11, 16))
    client = visitor(browse, school.contact)
    assert "terminé" in read(client.get(page))[:90]
    assert "FA-2027" not in read(client.get(url("portal_invoices")))
    assert mails("est renouvelé") == []


@pytest.mark.story(
    "LG-S20.2",
    door="page",
    fr="La reconduction était déjà payée quand on enregistre le courriel reçu avant elle : elle est défaite, "
    "l’avoir établi et l’argent rendu.",
)
def test_a_renewal_that_was_paid_is_undone_and_paid_back(browse, clock, now):
    """The renewal was paid already when the e-mail that came before it is recorded: it is undone, credited,
    and the money given back.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2027, 11, 18))
    (invoice,) = rows_of(Invoice.objects.filter(order=last_order(school)))
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
    money |= {"received_on": "2027-11-18", "credited_on": "2027-11-18"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, date(2027, 11, 20))
    late = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    assert desk(browse, now).post(url("termination_record", school.pk), late).status_code == 302
    (refund,) = rows_of(Refund.objects.all())
    assert refund.amount_cents == 128_184
    client = visitor(browse, school.contact)
    assert "terminé" in read(client.get(url("portal_subscription", school.pk)))[:90]


def last_order(school):
    """Return the order of the last term."""
    with inside_operator():
        return school.term.order


@pytest.mark.story(
    "LG-S20.2",
    door="page",
    fr="Reconduite, l’école arrête par le bouton pour l’année suivante ; on retrouve ensuite le courriel "
    "reçu avant la reconduction : c’est lui qui compte, la reconduction est défaite et créditée.",
)
@pytest.mark.parametrize("ended", [False, True])
def test_an_earlier_email_found_after_the_button_was_used_wins(browse, clock, now, ended):
    """Renewed, a school stops by the button for the next year; then the e-mail is found that came before the
    renewal: it counts, the renewal is undone and credited, be the subscription ended meanwhile.
    """
    school = subscribed(now)
    contact = school.contact
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2027, 11, 20))
    client = visitor(browse, contact)
    assert client.post(url("portal_terminate", school.pk), {"word-reason": ""}).status_code == 302
    if ended:
        live(clock, date(2028, 11, 16))
    else:
        live(clock, date(2027, 11, 21))
    late = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    page = url("subscription", school.pk)
    assert url("termination_record", school.pk) in desk(browse, now).get(page).content.decode()
    assert desk(browse, now).post(url("termination_record", school.pk), late).status_code == 302
    with inside_operator():
        school.refresh_from_db()
    assert str(school.ended_on) == "2027-11-16"
    invoices = read(visitor(browse, contact).get(url("portal_invoices")))
    assert "0,00 € annulée par avoir" in invoices


@pytest.mark.story(
    "LG-S20.2",
    door="page",
    fr="L’école a écrit deux fois : le second courriel enregistré est le premier reçu, et c’est lui qui "
    "compte ; un troisième, reçu plus tard, ne change plus rien.",
)
def test_of_two_emails_the_first_received_counts(browse, clock, now):
    """A school wrote twice: the second e-mail recorded is the first received, and counts; a third, received
    later, changes nothing.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2027, 11, 20))
    record = url("termination_record", school.pk)
    second = {"word-received_at": "2027-11-19T09:00", "word-reason": "Relance"}
    assert desk(browse, now).post(record, second).status_code == 302
    first = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    assert desk(browse, now).post(record, first).status_code == 302
    with inside_operator():
        school.refresh_from_db()
        word = school.terminations.get()
    assert (str(school.ended_on), str(word.effective_on), word.reason) == (
        "2027-11-16",
        "2027-11-16",
        "Fermeture",
    )
    desk(browse, now).post(record, second)
    with inside_operator():
        assert school.terminations.get().reason == "Fermeture"


@pytest.mark.usefixtures("rates_ahead")
@pytest.mark.parametrize("paid", [False, True], ids=["unpaid", "paid late"])
@pytest.mark.story(
    "LG-S20.2",
    "LG-S6.3p",
    door="page",
    fr="La reconduction, impayée, a fait l’objet d’un décompte d’intérêts ; on enregistre le courriel reçu "
    "avant elle : rien n’en était dû, le décompte est repris en entier, frais compris.",
)
def test_no_interest_was_due_on_a_renewal_that_is_undone(browse, clock, now, paid):
    """Interest was claimed on the unpaid renewal; the e-mail is recorded that came before it: nothing of it
    was ever owed, the claim is taken back whole with its flat fee, be the invoice paid meanwhile.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 11, 16), date(2028, 1, 20))
    (invoice,) = rows_of(Invoice.objects.filter(order=last_order(school)))
    finance = desk(browse, now)
    assert finance.post(url("late_draw", invoice.pk), {"on": "2028-01-20"}).status_code == 302
    if paid:
        money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
        money |= {"received_on": "2028-01-20", "credited_on": "2028-01-20"}
        assert finance.post(url("payment_new"), money).status_code == 302
    late = {"word-received_at": "2027-11-14T18:30", "word-reason": "Fermeture"}
    assert finance.post(url("termination_record", school.pk), late).status_code == 302
    claims = rows_of(InterestClaim.objects.filter(invoice=invoice))
    assert len(claims) == 2
    assert sum(each.total_cents for each in claims) == 0
    assert "Rien n’est en retard" in read(finance.get(url("late"))) or "0,00" in read(
        finance.get(url("late"))
    )
    live(clock, date(2028, 1, 21))
    assert len(mails("corrigé")) + len(mails("Correction")) >= 1
