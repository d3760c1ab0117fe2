"""LG-S20.3s: 15 calendar days after the message that says access is suspended, by e-mail, without a new
notice.
"""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.models import Acceleration, Invoice, Payment, Suspension
from billing.subscriptions.policy.termination import founds_termination, suspended_may_end_on
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, plain, read, receive, subscribed
from tests.clauses.test_lg_s20_3m_force_majeure import bounced
from tests.clauses.test_mc_7_told_first import state_of

CLAUSE = "LG-S20.3s"


def test_fifteen_days_after_the_message_not_after_the_notice():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=False, days=15) == date(2026, 11, 18)


def test_at_once_after_an_immediate_suspension():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=True, days=15) == date(2026, 11, 2)


def _refuse(template, mail, *, key):
    raise OSError("the relay doesn't answer")


@pytest.mark.story(
    "LG-S20.3s",
    door="mail",
    fr="L’accès s’arrête le 28 janvier, mais le message qui l’annonce ne part que le 30 : les quinze jours "
    "courent de là, la résiliation est refusée le 14 février et acceptée le 15.",
)
def test_fifteen_days_run_from_the_leaving_of_the_message(browse, clock, now, monkeypatch):
    """Access stops on 28 January, but the message that says so leaves on the 30th only: the fifteen days run
    from there; the termination is refused on 14 February and taken on the 15th.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20))
    end = url("end_suspended", school.pk)
    with monkeypatch.context() as broken:
        broken.setattr("agenda.loop.rendered", _refuse)
        live(clock, date(2027, 1, 28))
        assert state_of(school) == "suspended"
        answer = desk(browse, now).post(end, follow=True)
        assert "n’est pas encore parti" in read(answer)
    live(clock, date(2027, 1, 30), date(2027, 2, 14))
    desk(browse, now).post(end)
    assert state_of(school) == "suspended"
    live(clock, date(2027, 2, 15))
    assert desk(browse, now).post(end).status_code == 302
    assert state_of(school) == "ended"


@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Le message qui dit l’accès suspendu est revenu : il repart, et les quinze jours courent de ce "
    "nouveau départ ; la résiliation est refusée le seizième jour d’après le premier.",
)
def test_fifteen_days_begin_again_when_the_message_came_back(browse, clock, now):
    """The message that access is suspended came back: it leaves anew, and the fifteen days run from there."""
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28))
    assert state_of(school) == "suspended"
    live(clock, date(2027, 2, 5))
    (row,) = rows_of(Suspension.objects.closing())
    again = url("suspension_message_bounce", row.pk)
    assert again in desk(browse, now).get(url("subscription", school.pk)).content.decode()
    assert desk(browse, now).post(again).status_code == 302
    later(clock, minutes=1)
    live(clock, date(2027, 2, 14))
    end = url("end_suspended", school.pk)
    desk(browse, now).post(end)
    assert state_of(school) == "suspended"
    assert len(mails("est suspendu")) == 2
    live(clock, date(2027, 2, 21))
    assert desk(browse, now).post(end).status_code == 302
    assert state_of(school) == "ended"


@pytest.mark.parametrize("lost", ["suspension_bounce", "suspension_message_bounce"])
@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Résiliée pour suspension, l’école se trouve n’avoir jamais reçu l’avertissement, ou le message de "
    "suspension : la résiliation est défaite, ses données restent, rien n’est dû d’avance.",
)
def test_a_termination_on_a_message_nobody_got_is_undone(browse, clock, now, lost):
    """Ended as suspended, a school turns out never to have got the warning, or the message of suspension: the
    termination is undone, its data stay, what had become due at once is due on its day.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28), date(2027, 2, 20))
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    assert state_of(school) == "ended"
    live(clock, date(2027, 2, 22))
    (row,) = rows_of(Suspension.objects.closing())
    bounce = url(lost, row.pk)
    assert bounce in desk(browse, now).get(url("subscription", school.pk)).content.decode()
    assert desk(browse, now).post(bounce).status_code == 302
    later(clock, minutes=1)
    assert len(mails("continue")) == 1
    assert state_of(school) == ("open" if lost == "suspension_bounce" else "suspended")
    with inside_operator():
        school.refresh_from_db()
        assert (school.ended_on, school.terminations.count()) == (None, 0)
        assert Obligation.objects.waiting().filter(subject_id=school.pk, kind="term-end").count() == 1
        assert not Acceleration.objects.exists()
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    with inside_operator():
        assert school.terms.count() == 2


@pytest.mark.parametrize("why", ["paid before", "an event"])
@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Résiliée pour suspension, l’école avait payé avant, ou un événement suspendait sa dette : on le note "
    "après coup, et la résiliation est défaite.",
)
def test_a_termination_for_no_debt_is_undone(browse, clock, now, why):
    """Ended as suspended, a school had paid before, or an event suspended its debt, as is known only later:
    the termination is undone.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
        invoice = payment.allocations.get().invoice
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28), date(2027, 2, 20))
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    live(clock, date(2027, 2, 25))
    finance = desk(browse, now)
    if why == "an event":
        form = {"event-on": "2026-12-10", "event-reason": "inondation", "event-suspends": ["payment"]}
        assert finance.post(url("force_majeure_start", school.pk), form).status_code == 302
    else:
        money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
        money |= {"received_on": "2027-01-20", "credited_on": "2027-01-20"}
        assert finance.post(url("payment_new"), money).status_code == 302
    later(clock, minutes=1)
    assert state_of(school) == "open"
    assert len(mails("continue")) == 1


@pytest.mark.story(
    "LG-S20.3s",
    "LG-S14.2n",
    door="page",
    fr="On apprend après le bout du terme que l’avertissement n’était pas arrivé : rien n’est reconduit, "
    "l’abonnement a pris fin avec son terme ; le courriel que l’école avait écrit entre-temps est gardé.",
)
def test_what_was_ended_for_nothing_is_not_renewed_behind_its_back(browse, clock, now):
    """It is known after the end of the term that the warning never arrived: nothing renews, the subscription
    ended with its term; the e-mail that the school wrote meanwhile is kept.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28), date(2027, 2, 20))
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    live(clock, date(2027, 3, 1))
    word = {"word-received_at": "2027-02-28T18:30", "word-reason": "Fermeture"}
    assert desk(browse, now).post(url("termination_record", school.pk), word).status_code == 302
    live(clock, date(2027, 12, 5))
    (row,) = rows_of(Suspension.objects.closing())
    assert desk(browse, now).post(url("suspension_bounce", row.pk)).status_code == 302
    live(clock, date(2027, 12, 6))
    with inside_operator():
        school.refresh_from_db()
        assert str(school.ended_on) == "2027-11-16"
        assert school.terms.count() == 1
        assert school.terminations.filter(how="email").exists()


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("debt", [True, False])
@pytest.mark.parametrize("owes", [True, False])
def test_a_debt_founds_the_end_of_what_owes_it_alone(own, debt, owes):
    assert founds_termination(is_own=own, is_debt=debt, owes=owes) == (own and (owes or not debt))


@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Résilié alors que deux factures étaient impayées depuis assez longtemps, l’abonnement le reste quand "
    "on apprend que l’une avait été payée ; quand on l’apprend de l’autre aussi, il continue.",
)
def test_two_debts_found_one_end_and_each_is_enough(browse, clock, now):
    """Ended while two invoices had been unpaid for long enough, a subscription stays so when one turns out to
    have been paid; when the other does too, it runs on.
    """
    school = subscribed(now, term_months=1)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    for day in ("2026-12-16", "2027-01-15", "2027-01-16", "2027-01-28", "2027-02-14", "2027-02-25"):
        live(clock, date.fromisoformat(day))
    live(clock, date(2027, 3, 14))
    first, second = rows_of(Invoice.objects.filter(due_on__lt=date(2027, 2, 1)).order_by("issued_on"))
    assert len(rows_of(Suspension.objects.closing())) == 2
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    assert state_of(school) == "ended"

    def was_paid(invoice):
        """Write down in March that an invoice was paid in January."""
        money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
        money |= {"received_on": "2027-01-10", "credited_on": "2027-01-10"}
        assert desk(browse, now).post(url("payment_new"), money).status_code == 302
        later(clock, minutes=1)

    live(clock, date(2027, 3, 15))
    was_paid(first)
    assert state_of(school) == "ended"
    assert mails("continue") == []
    was_paid(second)
    assert len(mails("continue")) == 1
    assert state_of(school) == "open"


@pytest.mark.usefixtures("rates_ahead")
@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Résiliée puis payée, l’école découvre que rien ne fondait la résiliation : l’avertissement ou le "
    "message n’était jamais arrivé, ou un événement suspendait le paiement ; elle reprend tout de même.",
)
@pytest.mark.parametrize("why", ["event", "suspension_bounce", "suspension_message_bounce"])
def test_a_termination_nothing_founded_is_undone_even_once_the_debt_is_paid(browse, clock, now, why):
    """Ended, then paid, the school learns that nothing founded the end: the warning or the message had never
    arrived, or an event suspended the payment; it runs on all the same.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get(customer=school.customer_id)
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28), date(2027, 2, 20))
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    live(clock, date(2027, 2, 22))
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{invoice.gross_cents / 100:.2f}"}
    money |= {"received_on": "2027-02-22", "credited_on": "2027-02-22"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    later(clock, minutes=1)
    assert state_of(school) == "ended"
    live(clock, date(2027, 2, 25))
    finance = desk(browse, now)
    if why == "event":
        form = {"event-on": "2026-12-10", "event-reason": "inondation", "event-suspends": ["payment"]}
        assert finance.post(url("force_majeure_start", school.pk), form).status_code == 302
    else:
        (row,) = rows_of(Suspension.objects)
        assert url(why, row.pk) in finance.get(url("subscription", school.pk)).text
        assert finance.post(url(why, row.pk)).status_code == 302
    later(clock, minutes=1)
    assert state_of(school) == "open"


@pytest.mark.story(
    "LG-S20.3s",
    "LG-S19",
    door="mail",
    fr="Résilié comme suspendu trop longtemps, puis repris parce que c’était payé avant : le "
    "courriel ne dit pas qu’un message s’est perdu.",
)
def test_no_message_is_said_to_be_lost_that_arrived(browse, clock, now):
    """Ended as suspended too long, and taken back because it had been paid before: the mail says no message
    went astray.
    """
    school = subscribed(now)
    bounced(browse, now, school)
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28), date(2027, 2, 15))
    assert desk(browse, now).post(url("end_suspended", school.pk)).status_code == 302
    live(clock, date(2027, 2, 16))
    (invoice,) = rows_of(Invoice.objects)
    receive(browse, now, invoice, date(2027, 1, 10))
    live(clock, date(2027, 2, 16), hour=14)
    (told,) = mails("continue")
    assert "parvenu" not in plain(told.body)
