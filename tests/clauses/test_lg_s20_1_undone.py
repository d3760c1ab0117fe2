"""LG-S20.1, LG-S20.3s: an end that is taken back leaves the contract as it was, and says what it doesn’t."""

from datetime import date

import pytest

from billing.models import QuoteVersion
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import (
    desk,
    ended_for_breach,
    live,
    mails,
    paid,
    plain,
    read,
    sign,
    subscribed,
    visitor,
)
from tests.clauses.test_lg_s20_1_breach import follow
from tests.clauses.test_lg_s20_3e_not_begun import balance, renewal_signed, state

BREACH = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))


@pytest.mark.story(
    "LG-S20.1",
    "LG-S15",
    door="page",
    fr="Résilié pour manquement puis repris, un contrat finit de nouveau à son jour : il s’étend "
    "par avenant, et sa page dit jusqu’à quand il court.",
)
def test_the_contract_runs_to_its_day_again(browse, clock, now):
    """Ended for a breach and taken back, a contract ends on its day again: it can be amended, and its page
    says until when it runs.
    """
    school = subscribed(now)
    ended_for_breach(browse, clock, now, school, *BREACH)
    live(clock, date(2026, 12, 5))
    follow(browse, now, presented_on=date(2026, 11, 20))
    with inside_operator():
        school.contract.refresh_from_db()
        assert school.contract.ends_on == school.term.ends_on
    page = read(desk(browse, now).get(url("amend", school.customer_id)))
    assert "Aucun contrat en cours" not in page
    assert "16 novembre 2026 – –" not in read(desk(browse, now).get(url("customer", school.customer_id)))


@pytest.mark.story(
    "LG-S20.1",
    "LG-S14.2f",
    door="mail",
    fr="Le renouvellement payé est reparti avec une fin qui est annulée : le courriel et "
    "l’espace client disent qu’il faut le commander de nouveau.",
)
def test_a_renewal_taken_back_with_the_end_is_to_be_ordered_again(browse, clock, now):
    """The paid renewal went back with an end that is undone: the mail and the portal say that it is to be
    ordered again.
    """
    school = subscribed(now, renewal="fixed")
    order = renewal_signed(browse, clock, now, school)
    paid(order, live(clock, date(2027, 10, 20)))
    ended_for_breach(browse, clock, now, school, date(2027, 10, 20), date(2027, 10, 21), date(2027, 11, 7))
    assert (balance(order), state(order)) == (0, "cancelled")
    page = read(visitor(browse, school.contact).get(url("portal_order", order.pk)))
    assert "Elle n’a pas été payée à temps" not in page
    live(clock, date(2027, 11, 8))
    follow(browse, now, presented_on=date(2027, 10, 25))
    live(clock, date(2027, 11, 8), hour=13)
    (told,) = mails("continue")
    assert order.number in plain(told.body)
    shown = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert f"commande {order.number}" in shown
    prepared = desk(browse, now).post(url("renewal_prepare", school.pk))
    desk(browse, now).post(f"{prepared.url}send/")
    (version,) = rows_of(QuoteVersion.objects.filter(state="sent"))
    sign(visitor(browse, school.contact), version)
    shown = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert f"commande {order.number}" not in shown


@pytest.mark.story(
    "LG-S20.2",
    "LG-S20.1",
    door="mail",
    fr="Résiliée pour manquement, une école écrit qu’elle arrête aussi : l’accusé dit quand "
    "l’abonnement avait pris fin, rien d’un jour à venir.",
)
def test_a_word_received_after_an_end_says_that_it_had_ended(browse, clock, now):
    """Ended for a breach, a school writes that it ends too: the receipt says when it had ended, nothing of a
    day to come.
    """
    school = subscribed(now)
    ended_for_breach(browse, clock, now, school, *BREACH)
    on = live(clock, date(2026, 12, 9))
    word = {
        "word-received_at": on.strftime("%Y-%m-%dT%H:%M"),
        "word-how": "email",
        "word-reason": "Fermeture",
    }
    answer = desk(browse, now).post(url("termination_record", school.pk), word, follow=True)
    assert "il avait pris fin le 4 décembre 2026" in read(answer)
    live(clock, date(2026, 12, 10))
    (told,) = [each for each in mails("") if "résiliation" in plain(each.body) and "reçu" in plain(each.body)]
    assert "4 décembre 2026" in plain(told.body)
    assert "pris effet le 16 novembre 2027" not in plain(told.body)
