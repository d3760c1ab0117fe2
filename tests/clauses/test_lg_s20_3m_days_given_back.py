"""LG-S20.3m: days not served of an event of more than 30 days are given back once it is over, and once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Invoice, Refund
from billing.subscriptions.policy.periods import (
    ServicePeriod,
    interruption_began_on,
    still_unserved,
    unserved_periods,
)
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, plain, read, subscribed, visitor
from tests.clauses.test_lg_s20_3m_force_majeure import begin, credited
from tests.clauses.test_mc_7_told_first import state_of

CLAUSE = "LG-S20.3m"

ENDS_ON = date(2028, 9, 1)
TERM = ServicePeriod(date(2027, 9, 1), ENDS_ON)


def days(*periods):
    """Return periods of a number of days each, as (first day, number of days) tells them."""
    return [(starts_on, starts_on + timedelta(days=count)) for starts_on, count in periods]


FIRST, SECOND = date(2027, 10, 1), date(2027, 12, 1)


@pytest.mark.parametrize(
    ("events", "ended_on", "found"),
    [
        (days((FIRST, 31)), None, days((FIRST, 31))),
        (days((FIRST, 30)), None, []),  # 30 days are not more than 30
        ([(FIRST, None)], None, []),  # it lasts: how many days is not known yet
        ([*days((FIRST, 40)), (SECOND, None)], None, days((FIRST, 40))),
        (days((FIRST, 20), (date(2027, 10, 15), 20)), None, days((FIRST, 34))),  # one interruption of 34 days
        (days((FIRST, 20), (date(2027, 10, 21), 11)), None, days((FIRST, 31))),
        (days((FIRST, 20), (date(2027, 10, 22), 20)), None, []),  # served for a day in between
        (days((FIRST, 40), (date(2027, 10, 5), 2)), None, days((FIRST, 40))),
        (days((FIRST, 60)), date(2027, 11, 10), days((FIRST, 40))),  # nothing was to be served after its end
        (days((FIRST, 60)), date(2027, 10, 20), []),
        (days((SECOND, 60)), FIRST, []),
    ],
)
def test_which_days_go_back_once_the_service_is_back(events, ended_on, found):
    assert unserved_periods(events, days=30, ends_on=ENDS_ON, ended_on=ended_on) == found


@pytest.mark.parametrize(
    ("events", "began_on"),
    [
        ([], SECOND),
        (days((FIRST, 61)), FIRST),  # until the day on which it begins
        (days((FIRST, 60)), SECOND),  # served for a day in between
        (days((FIRST, 30), (date(2027, 10, 31), 31)), FIRST),
        (days((FIRST, 20), (date(2027, 10, 31), 31)), date(2027, 10, 31)),
        ([(FIRST, None)], FIRST),
        (days((FIRST, 200)), FIRST),
        (days((date(2027, 12, 15), 10)), SECOND),  # after it began
    ],
)
def test_events_that_touch_are_one_interruption(events, began_on):
    assert interruption_began_on(SECOND, events) == began_on


def test_ended_for_an_event_the_days_of_every_event_go_back_and_what_follows():
    events = [(date(2026, 10, 1), date(2026, 10, 11)), (SECOND, None)]
    ended_on = date(2028, 1, 1)
    found = unserved_periods(events, days=30, ends_on=ENDS_ON, ended_on=ended_on, is_for_event=True)
    assert found == [events[0], (SECOND, ENDS_ON), (ended_on, ENDS_ON)]


SOME_DAY = st.dates(date(2027, 8, 1), date(2028, 10, 1))
EVENT = st.tuples(SOME_DAY, st.none() | st.integers(1, 200)).map(
    lambda each: (each[0], each[1] and each[0] + timedelta(days=each[1]))
)
FACTS = st.tuples(st.lists(EVENT, max_size=4), st.none() | SOME_DAY, st.booleans())


def day_set(periods):
    """Return the days of a term that some periods hold."""
    return {
        day
        for starts_on, until in periods
        for day in range(starts_on.toordinal(), until.toordinal())
        if TERM.starts_on.toordinal() <= day < TERM.ends_on.toordinal()
    }


def unserved_in(facts):
    """Return the days that go back by what is known of events and of the end."""
    events, ended_on, is_for_event = facts
    return unserved_periods(
        events,
        days=30,
        ends_on=ENDS_ON,
        ended_on=ended_on,
        is_for_event=is_for_event and ended_on is not None,
    )


@given(st.integers(0, 10**7), st.lists(FACTS, min_size=1, max_size=6))
def test_no_day_is_credited_twice_whatever_is_recorded_corrected_or_ended(net, history):
    """Whatever was said, in whatever order: what is credited in all is the price of the most days that ever
    stood at a time, each once; so never more than the price of all days ever said, nor than the whole price.
    """
    term_days = (TERM.ends_on - TERM.starts_on).days
    credited_cents, ever, most = 0, set(), 0
    for facts in history:
        unserved = unserved_in(facts)
        for _again in range(2):  # asked twice, it gives nothing the second time
            before = credited_cents
            credited_cents += still_unserved(net, credited_cents, period=TERM, unserved=unserved)
        assert credited_cents == before
        ever |= day_set(unserved)
        most = max(most, len(day_set(unserved)))
    assert abs(credited_cents - net * most / term_days) <= 0.5
    assert credited_cents <= net * len(ever) / term_days + 0.5
    assert credited_cents <= net


@given(st.lists(EVENT, max_size=6))
def test_only_days_of_events_that_are_over_go_back_while_it_runs(events):
    found = unserved_periods(events, days=30, ends_on=ENDS_ON)
    over = day_set((starts_on, until) for starts_on, until in events if until)
    assert day_set(found) <= over
    assert all((until - starts_on).days > 30 and until <= ENDS_ON for starts_on, until in found)
    assert sum((until - starts_on).days for starts_on, until in found) == len(
        {day for starts_on, until in found for day in range(starts_on.toordinal(), until.toordinal())}
    )


@given(st.integers(1, 10**7), st.lists(EVENT, max_size=3), SOME_DAY)
def test_ended_for_an_event_after_its_days_went_back_only_the_rest_does(net, events, ended_on):
    first = still_unserved(net, 0, period=TERM, unserved=unserved_in((events, None, False)))
    after = unserved_in((events, ended_on, True))
    rest = still_unserved(net, first, period=TERM, unserved=after)
    assert first + rest == still_unserved(net, 0, period=TERM, unserved=after)


def over(browse, clock, school, event, day, *, on=None):
    """Record at the console that an event is over since a day, on that day or a later one; return the page.

    What is told leaves.
    """
    now = live(clock, on or day)
    told = desk(browse, now).post(url("force_majeure_end", event.pk), {"end-on": str(day)}, follow=True)
    live(clock, (on or day) + timedelta(days=1))
    return read(told)


def lasting(browse, clock, now, day, *suspends):
    """Return a school whose service an event stops since a day, and the event."""
    school = subscribed(now)
    live(clock, day)
    assert begin(browse, now, school, day, *(suspends or ("service",))).status_code == 302
    with inside_operator():
        return school, school.events.get()


def notes():
    """Return the credit notes, the first first."""
    return rows_of(Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).order_by("number"))


def refunded():
    """Return what is given back, in cents."""
    return [each.amount_cents for each in rows_of(Refund.objects.order_by("asked_at"))]


DECEMBER = date(2026, 12, 1)


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Quarante jours n’ont pas été servis, personne ne résilie, le service revient : leur prix est crédité "
    "et rendu, l’avoir part par courriel ; la fin corrigée de cinq jours ajoute ces cinq jours, ramenée de "
    "dix n’ajoute rien.",
)
def test_days_not_served_are_given_back_when_the_event_is_over(browse, clock, now):
    """Forty days were not served, nobody ends it, the service is back: their price is credited and given
    back, the note leaves by mail; the end corrected by five days adds those five, brought back by ten it adds
    nothing.
    """
    school, event = lasting(browse, clock, now, DECEMBER)
    live(clock, date(2027, 1, 10))
    page = read(desk(browse, now).get(url("subscription", school.pk)))
    assert "Terminé aujourd’hui, hors TVA : 117,06 €" in page
    page = over(browse, clock, school, event, date(2027, 1, 10))
    (note,) = notes()
    assert (note.net_cents, note.gross_cents) == (117_06, 140_47)  # 40 of 365 days of 1,068.20
    assert note.number in page
    assert "Encore dû" not in page
    assert refunded() == [140_47]
    (told,) = mails("les jours non servis sont crédités")
    assert [name for name, _file, _type in told.attachments] == [f"{note.number}.pdf"]
    assert "140,47 €" in plain(told.body)
    client = visitor(browse, school.contact)
    mine = read(client.get(url("portal_subscription", school.pk)))
    assert note.number in mine
    assert "140,47 €" in mine
    assert state_of(school) == "open"

    over(browse, clock, school, event, date(2027, 1, 15), on=date(2027, 1, 20))
    assert [each.net_cents for each in notes()] == [117_06, 14_64]  # 45 days are worth 131.70
    page = over(browse, clock, school, event, date(2027, 1, 5), on=date(2027, 1, 25))
    assert credited(school) == 131_70
    assert "crédités" not in page.split("Périodes")[0]
    assert len(mails("les jours non servis sont crédités")) == 2
    assert len(refunded()) == 2


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Vingt jours d’un événement, puis trente : rien n’est rendu ; un second événement qui le prolonge "
    "fait plus de trente jours sans service : tous sont rendus.",
)
def test_nothing_is_given_back_of_thirty_days_or_less(browse, clock, now):
    """Twenty days of an event, then thirty: nothing is given back; a second event that goes on from it makes
    more than thirty days without service: all are given back.
    """
    school, event = lasting(browse, clock, now, DECEMBER)
    over(browse, clock, school, event, date(2026, 12, 21))
    over(browse, clock, school, event, date(2026, 12, 31), on=date(2027, 1, 3))
    assert not notes()
    assert not mails("les jours non servis")
    assert begin(browse, now, school, date(2026, 12, 31), "service").status_code == 302
    with inside_operator():
        second = school.events.exclude(pk=event.pk).get()
    over(browse, clock, school, second, date(2027, 1, 10))
    assert credited(school) == 117_06


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Quarante jours rendus, un autre événement dure, l’école résilie pour lui : seul le reste est rendu.",
)
def test_ended_for_a_second_event_only_the_rest_is_given_back(browse, clock, now):
    """Forty days given back, another event lasts, the school ends it for that one: only the rest is given
    back.
    """
    school, event = lasting(browse, clock, now, DECEMBER)
    over(browse, clock, school, event, date(2027, 1, 10))
    live(clock, date(2027, 6, 1))
    assert begin(browse, now, school, date(2027, 6, 1), "service").status_code == 302
    assert credited(school) == 117_06
    live(clock, date(2027, 7, 2))
    client = visitor(browse, school.contact)
    assert client.post(url("portal_force_majeure_terminate", school.pk)).status_code == 302
    live(clock, date(2027, 7, 3))
    assert state_of(school) == "ended"
    assert credited(school) == 608_73  # 208 of 365 days of 1,068.20, of which 40 were credited
    assert [each.net_cents for each in notes()] == [117_06, 608_73 - 117_06]
    (ended,) = (each for each in mails("est terminé") if "événement" not in each.subject)
    assert ended.attachments == []
    last = mails("les jours non servis sont crédités")[-1]
    assert [name for name, _file, _type in last.attachments] == [f"{notes()[-1].number}.pdf"]


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Vingt jours d’inondation, puis l’école reste fermée pour une autre raison : au trente et unième jour "
    "en tout, elle peut résilier, et la page l’a dit dès le second événement.",
)
def test_two_events_that_touch_give_the_right_to_end_together(browse, clock, now):
    """Twenty days of one event, then another without a day served between: thirty-one days give the right."""
    school, event = lasting(browse, clock, now, DECEMBER)
    over(browse, clock, school, event, date(2026, 12, 21))
    assert begin(browse, now, school, date(2026, 12, 21), "service").status_code == 302
    client = visitor(browse, school.contact)
    assert "1er janvier 2027" in read(client.get(url("portal_subscription", school.pk)))
    terminate = url("portal_force_majeure_terminate", school.pk)
    live(clock, date(2026, 12, 31))
    refused = read(visitor(browse, school.contact).post(terminate, follow=True))
    assert "1er janvier 2027" in refused
    live(clock, date(2027, 1, 1))
    assert state_of(school) == "open"
    assert visitor(browse, school.contact).post(terminate).status_code == 302
    live(clock, date(2027, 1, 2))
    assert state_of(school) == "ended"


@pytest.mark.story(
    "LG-S20.3m",
    "LG-S20.2",
    door="page",
    fr="L’école a résilié à l’échéance, l’événement durait encore : il finit avec le contrat, et les jours "
    "d’avant l’échéance sont rendus, pas un de plus, quoi qu’on note ensuite.",
)
def test_ended_by_its_notice_meanwhile_the_days_until_then_are_given_back(browse, clock, now):
    """The school had ended it at its due date, the event still lasted: it is over with the contract, and the
    days until the due date are given back and not one more, whatever is recorded later.
    """
    start = date(2027, 10, 7)
    school, event = lasting(browse, clock, now, start)
    client = visitor(browse, school.contact)
    assert client.post(url("portal_terminate", school.pk), {"word-reason": ""}).status_code == 302
    live(clock, date(2027, 11, 16), date(2027, 11, 17))
    assert state_of(school) == "ended"
    assert credited(school) == 117_06  # 7 October to 16 November
    over(browse, clock, school, event, date(2027, 12, 20))
    assert credited(school) == 117_06
