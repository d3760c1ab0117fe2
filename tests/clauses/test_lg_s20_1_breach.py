"""LG-S20.1: a fixed term ends early only for a breach unremedied 15 calendar days after the letter's
presentation.
"""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.collections.policy.letters import breach_ends_on
from billing.models import RegisteredLetter
from billing.subscriptions.policy.termination import notice_ends_on
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, ended_for_breach, live, mails, plain, read, subscribed, visitor
from tests.clauses.test_lg_s20_3m_force_majeure import begin, bounced

CLAUSE = "LG-S20.1"
PRESENTED = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("remedied", "ends"),
    [
        (None, date(2026, 11, 18)),
        (date(2026, 11, 17), None),  # the last day is in time
        (date(2026, 11, 18), date(2026, 11, 18)),
    ],
)
def test_fifteen_days_run_from_the_first_presentation(remedied, ends):
    assert breach_ends_on(first_presented_on=PRESENTED, remedied_on=remedied, days=15) == ends


def test_a_fixed_term_has_no_termination_by_word():
    assert notice_ends_on("fixed", received_on=date(2026, 11, 2), due_days=[date(2027, 9, 1)]) is None


@pytest.mark.story(
    "LG-S20.1",
    door="page",
    fr="L’école a dit qu’elle ne renouvelle pas : cela n’empêche pas de résilier pour un manquement que la "
    "lettre n’a pas fait cesser.",
)
def test_a_word_for_the_term_keeps_nobody_from_ending_for_a_breach(browse, clock, now):
    """A school said that it won't renew: that keeps nobody from terminating for a breach that the letter
    didn't put an end to.
    """
    school = subscribed(now)
    client = visitor(browse, school.contact)
    assert client.post(url("portal_terminate", school.pk), {"word-reason": ""}).status_code == 302
    letter = {"letter-purpose": "breach", "letter-number": "1A 201", "letter-on": "2026-11-16"}
    letter |= {"letter-reason": "revente des accès"}
    assert desk(browse, now).post(url("letter_write", school.pk), letter).status_code == 302
    with inside_operator():
        posted = RegisteredLetter.objects.get()
    live(clock, date(2026, 11, 20))
    presented = {"follow-presented_on": "2026-11-18"}
    assert desk(browse, now).post(url("letter_follow", posted.pk), presented).status_code == 302
    live(clock, date(2026, 12, 4))
    assert desk(browse, now).post(url("letter_end", posted.pk)).status_code == 302
    with inside_operator():
        school.refresh_from_db()
        assert (str(school.ended_on), school.end_reason) == ("2026-12-04", "breach")


@pytest.mark.story(
    "LG-S20.1",
    door="page",
    fr="La résiliation pour manquement part en recommandé une fois l’abonnement fini : son numéro, écrit une "
    "seule fois, son envoi et sa présentation sont gardés sur la fiche.",
)
def test_the_letter_that_terminates_is_kept_with_its_number_and_days(browse, clock, now):
    """The termination for a breach is posted once the subscription has ended: its number, written once only,
    its posting and its presentation are kept on its page.
    """
    school = subscribed(now)
    write = url("letter_write", school.pk)
    days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    assert write in desk(browse, now).get(url("subscription", school.pk)).content.decode()
    ending = {"letter-purpose": "termination", "letter-number": "1A 201", "letter-on": "2026-12-04"}
    ending |= {"letter-reason": "manquement non réparé"}
    answer = desk(browse, now).post(write, ending)
    assert (answer.status_code, "déjà" in answer.content.decode()) == (422, True)
    assert desk(browse, now).post(write, ending | {"letter-number": "1A 202"}).status_code == 302
    with inside_operator():
        ended = RegisteredLetter.objects.get(purpose="termination")
    live(clock, date(2026, 12, 8))
    presented = {"follow-presented_on": "2026-12-07"}
    assert desk(browse, now).post(url("letter_follow", ended.pk), presented).status_code == 302
    words = read(desk(browse, now).get(url("subscription", school.pk)))
    assert "1A 202 résiliation pour manquement" in words
    with inside_operator():
        ended.refresh_from_db()
    assert (ended.sent_on, ended.presented_on) == (date(2026, 12, 4), date(2026, 12, 7))


def follow(browse, now, **said):
    """Correct what the post said of the letter of a breach."""
    with inside_operator():
        posted = RegisteredLetter.objects.get(purpose="breach")
    told = {f"follow-{name}": str(day) for name, day in said.items()}
    assert desk(browse, now).post(url("letter_follow", posted.pk), told).status_code == 302


def open_promises(school):
    """Return the promises to say from when a breach allows to end, that wait."""
    with inside_operator():
        letters = RegisteredLetter.objects.filter(subscription=school).values_list("pk", flat=True)
        rows = Obligation.objects.filter(clause="LG-S20.1", kind="terminable", subject_id__in=list(letters))
        return rows.filter(state="owed").count()


@pytest.mark.story(
    "LG-S20.1",
    door="page",
    fr="Résilié pour manquement, l’abonnement reprend quand la poste corrige le jour de présentation, ou "
    "quand on apprend que le manquement avait cessé à temps : le client le sait, l’accès revient, et la "
    "suite compte à neuf.",
)
@pytest.mark.parametrize(
    ("said", "promised"),
    [
        ({"presented_on": date(2026, 11, 20)}, 1),
        ({"presented_on": date(2026, 11, 18), "remedied_on": date(2026, 12, 1)}, 0),
    ],
)
def test_an_end_that_the_letter_did_not_allow_is_taken_back(browse, clock, now, said, promised):
    """Ended for a breach, a subscription runs on when the post corrects the day of presentation, or it turns
    out that the breach was remedied in time: the client knows, access is back, what follows counts anew.
    """
    school = subscribed(now)
    contact = school.contact
    days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    assert open_promises(school) == 0
    live(clock, date(2026, 12, 5))
    follow(browse, now, **said)
    live(clock, date(2026, 12, 5), hour=13)
    with inside_operator():
        school.refresh_from_db()
        assert (school.ended_on, school.end_reason, school.terminations.count()) == (None, "", 0)
        assert school.contract.tenant.state == "open"
    assert open_promises(school) == promised
    (told,) = mails("continue")
    assert "manquement" in plain(told.body)
    assert "en cours" in read(visitor(browse, contact).get(url("portal_subscription", school.pk)))[:90]


def test_a_correction_that_still_allows_the_end_changes_nothing(browse, clock, now):
    school = subscribed(now)
    days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    live(clock, date(2026, 12, 5))
    follow(browse, now, presented_on=date(2026, 11, 17), remedied_on=date(2026, 12, 4))
    with inside_operator():
        school.refresh_from_db()
        assert (str(school.ended_on), school.end_reason) == ("2026-12-04", "breach")
    assert open_promises(school) == 0
    follow(browse, now, presented_on=date(2026, 11, 18))
    assert open_promises(school) == 0


@pytest.mark.story(
    "LG-S20.1",
    door="mail",
    fr="Reprise puis résiliée de nouveau pour le même manquement, l’école en est prévenue chaque fois ; "
    "sa page dit que c’est nous qui y avons mis fin.",
)
def test_a_second_end_is_told_and_nobody_else_is_said_to_have_ended_it(browse, clock, now):
    """Taken back, then ended again for the same breach, a school is told each time; its page says that it was
    us who ended it.
    """
    school = subscribed(now)
    contact = school.contact
    days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    live(clock, date(2026, 12, 5))
    follow(browse, now, presented_on=date(2026, 11, 20))
    live(clock, date(2026, 12, 6))
    with inside_operator():
        posted = RegisteredLetter.objects.get()
    assert desk(browse, now).post(url("letter_end", posted.pk)).status_code == 302
    live(clock, date(2026, 12, 6), hour=13)
    assert len(mails("a pris fin")) == 2 or len(mails("terminé")) == 2
    page = read(visitor(browse, contact).get(url("portal_subscription", school.pk)))
    assert "a pris fin le 6 décembre 2026 : manquement non corrigé" in page
    assert "Vous avez mis fin" not in page
    assert "reconduit" not in page


@pytest.mark.story(
    "LG-S20.1",
    "LG-S20.2",
    door="page",
    fr="Tant que dure une résiliation pour manquement qui se révèle sans fondement, le courriel de l’école "
    "compte : l’abonnement reprend, et s’arrête à l’échéance.",
)
def test_a_word_received_while_an_unfounded_end_stands_counts(browse, clock, now):
    """While an end for a breach stands that turns out unfounded, the school's e-mail counts: the subscription
    runs on, and stops at its due date.
    """
    school = subscribed(now)
    days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
    ended_for_breach(browse, clock, now, school, *days)
    live(clock, date(2026, 12, 5))
    word = {"word-received_at": "2026-12-02T10:00", "word-reason": "Fermeture"}
    assert desk(browse, now).post(url("termination_record", school.pk), word).status_code == 302
    follow(browse, now, presented_on=date(2026, 11, 20), remedied_on=date(2026, 12, 1))
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    with inside_operator():
        school.refresh_from_db()
    assert (str(school.ended_on), school.end_reason) == ("2027-11-16", "email")


@pytest.mark.story(
    "LG-S20.1",
    "LG-S20.3e",
    "LG-S20.3m",
    door="page",
    fr="Un événement suspend le paiement quand l’abonnement est résilié pour manquement : il finit avec le "
    "contrat, et ce qui reste à payer est dû aussitôt ; reprise, il dure de nouveau.",
)
def test_an_event_is_over_with_a_contract_that_ends_and_lasts_where_it_runs_on(browse, clock, now):
    """An event suspends the payment when the subscription is ended for a breach: it is over with the
    contract, and what is unpaid is due at once; taken back, it lasts again.
    """
    school = subscribed(now)
    contact = school.contact
    bounced(browse, now, school)
    live(clock, date(2026, 11, 18))
    begin(browse, now, school, date(2026, 11, 18), "payment")
    days = (date(2026, 11, 19), date(2026, 11, 20), date(2026, 12, 8))
    ended_for_breach(browse, clock, now, school, *days)
    invoices = url("portal_invoices")
    assert "paiement suspendu" not in read(visitor(browse, contact).get(invoices))
    with inside_operator():
        assert school.events.get().ended_on == date(2026, 12, 8)
    follow(browse, now, presented_on=date(2026, 11, 20), remedied_on=date(2026, 12, 1))
    with inside_operator():
        assert school.events.get().ended_on is None
