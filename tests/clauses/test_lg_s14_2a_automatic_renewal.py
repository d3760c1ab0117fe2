"""LG-S14.2a: automatic renewal for an identical period, unless terminated before the renewal date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.policy.renewal import Term, next_term, renews_automatically
from tests.billing.support import url
from tests.clauses.stage import at, live, mails, read, subscribed, visitor

CLAUSE = "LG-S14.2a"
ENDS = date(2027, 1, 31)


def test_the_next_period_is_as_long_and_a_31st_stays_a_31st():
    activated = date(2027, 1, 31)
    first = Term(activated, date(2027, 2, 28))
    second = next_term(first, activated_on=activated, months=1)
    third = next_term(second, activated_on=activated, months=1)
    assert second == Term(date(2027, 2, 28), date(2027, 3, 31), 2)
    assert third == Term(date(2027, 3, 31), date(2027, 4, 30), 3)


@pytest.mark.parametrize(("terminated", "renewal"), [(None, True), (ENDS, False), (date(2028, 1, 31), True)])
def test_a_termination_for_the_renewal_day_stops_it(terminated, renewal):
    assert renews_automatically("automatic", terminated_on=terminated, ends_on=ENDS) is renewal


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([1, 3, 6, 10, 12, 24]))
def test_terms_follow_each_other_without_gap_or_overlap(activated, months):
    term = Term(
        activated, next_term(Term(activated, activated, 0), activated_on=activated, months=months).ends_on
    )
    for _each in range(6):
        after = next_term(term, activated_on=activated, months=months)
        assert after.starts_on == term.ends_on < after.ends_on
        term = after


@pytest.mark.story(
    "LG-S14.2a",
    door="page",
    fr="Un abonnement au mois pris un 31 janvier est reconduit le 28 février puis le 31 mars ; le "
    "bouton pressé la veille de minuit arrête la reconduction suivante, et plus rien n’est facturé.",
)
def test_the_button_on_the_last_evening_stops_a_month_begun_on_the_31st(browse, clock):
    """A monthly subscription begun on 31 January renews on 28 February, then on 31 March; the button pressed
    half an hour before the next renewal day stops it, and nothing more is invoiced.
    """
    school = subscribed(live(clock, date(2027, 1, 31)), term_months=1)
    page = url("portal_subscription", school.pk)
    live(clock, date(2027, 2, 28))
    february = read(visitor(browse, school.contact).get(page))
    assert "Commence le 28 février 2027 Premier jour après 31 mars 2027" in february
    live(clock, date(2027, 3, 31))
    march = read(visitor(browse, school.contact).get(page))
    assert "Commence le 31 mars 2027 Premier jour après 30 avril 2027" in march
    clock.move_to(at(date(2027, 4, 29), 21, 30))  # 23:30 in Paris
    answer = visitor(browse, school.contact).post(url("portal_terminate", school.pk), follow=True)
    assert "Elle prend effet le 30 avril 2027" in read(answer)
    live(clock, date(2027, 4, 30))
    assert "terminé" in read(visitor(browse, school.contact).get(page))[:90]
    invoices = read(visitor(browse, school.contact).get(url("portal_invoices")))
    assert [f"FA-2027-00000{n}" in invoices for n in (3, 4)] == [True, False]
    assert len(mails("est renouvelé")) == 2
    assert len(mails("est terminé")) == 1
