"""LG-D8: sub-processors are public and dated; a change waits until the last tenant in scope could object."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agenda.models import Obligation
from contracts.gateways.holidays import public_holidays
from dpa.models import ChangeObjection, ProcessorVersion
from dpa.policy.processors import (
    ChangeKind,
    Concerned,
    ProcessorScope,
    ProcessorTerms,
    in_scope,
    is_told,
    kinds_of_change,
    objection_days,
    start_of,
)
from isolation.context import inside_operator
from tenants.models import Tenant
from tests.clauses.processors import (
    ROLE,
    announce,
    bounce,
    head,
    is_pending,
    objected,
    own,
    page,
    start,
    told,
)
from tests.clauses.stage import desk, later, live, mails, plain, read

FRENCH = public_holidays("FR", None, (2026, 2027))
SCHOOL = Concerned(uuid4(), frozenset({"school"}))
BY_GAR = Concerned(uuid4(), frozenset({"school"}), uses_gar=True)
FAMILY = Concerned(uuid4(), frozenset({"family"}), is_controller=False)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
BASE = ProcessorTerms("A", "1", "FR", categories=frozenset({"contact"}))


@pytest.mark.parametrize(
    ("received_on", "last_on"),
    [
        (date(2026, 11, 16), date(2026, 11, 25)),  # a Monday
        (date(2026, 11, 14), date(2026, 11, 24)),  # a Saturday
        (date(2026, 11, 6), date(2026, 11, 18)),  # over 11 November
        (date(2026, 12, 24), date(2027, 1, 6)),  # over Christmas and the New Year
        (
            date(2027, 5, 5),
            date(2027, 5, 18),
        ),  # Ascension, Whit Monday; a bridge of the operator counts
    ],
)
def test_seven_business_days_after_the_day_of_receipt(received_on, last_on):
    assert objection_days(received_on, holidays=FRENCH) == last_on


def test_scope_is_offers_tenants_and_gar():
    assert in_scope(ProcessorScope(), SCHOOL)
    assert in_scope(ProcessorScope(profiles=frozenset({"school", "nursery"})), SCHOOL)
    assert not in_scope(ProcessorScope(profiles=frozenset({"nursery"})), SCHOOL)
    assert not in_scope(ProcessorScope(tenants=frozenset({uuid4()})), SCHOOL)
    assert in_scope(ProcessorScope(tenants=frozenset({SCHOOL.tenant_id})), SCHOOL)
    assert not in_scope(ProcessorScope(gar="without"), BY_GAR)
    assert in_scope(ProcessorScope(gar="only"), BY_GAR)
    assert not in_scope(ProcessorScope(gar="only"), SCHOOL)


def test_who_is_not_the_controller_is_in_no_scope():
    assert not in_scope(ProcessorScope(), FAMILY)


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (BASE, set()),
        (ProcessorTerms("B", "2", "FR", categories=BASE.categories), {ChangeKind.REPLACED}),
        (ProcessorTerms("A", "1", "BE", categories=BASE.categories), {ChangeKind.MOVED}),
        (
            ProcessorTerms("A", "1", "FR", categories=frozenset({"contact", "learning"})),
            {ChangeKind.MORE_DATA},
        ),
        (ProcessorTerms("A", "1", "FR"), set()),
    ],
)
def test_what_counts_as_a_change(after, kinds):
    assert kinds_of_change(BASE, after) == kinds
    assert kinds_of_change(None, after) == {ChangeKind.ADDED}


def test_a_wider_scope_is_told_to_who_comes_into_it_alone():
    before = ProcessorTerms("A", "1", "FR", scope=ProcessorScope(gar="without"))
    after = ProcessorTerms("A", "1", "FR")
    assert kinds_of_change(before, after) == {ChangeKind.WIDENED}
    assert is_told(before, after, BY_GAR)
    assert not is_told(before, after, SCHOOL)
    assert kinds_of_change(after, before) == set()
    assert not is_told(after, before, SCHOOL)


moments = st.integers(0, 9000).map(lambda hours: NOON + timedelta(hours=hours))


@given(st.lists(st.none() | moments, max_size=6), moments, moments)
def test_nothing_starts_before_the_last_clock_ends(clocks, planned_at, now):
    found = start_of(clocks, planned_at=planned_at, now=now)
    if found.may_start:
        assert now >= planned_at
        assert all(end is not None and now >= end for end in clocks)
    if None in clocks:
        assert found.not_before is None
        assert found.not_received == clocks.count(None)


def test_with_nobody_told_the_planned_day_counts():
    assert start_of([], planned_at=NOON, now=NOON).may_start
    assert not start_of([], planned_at=NOON + timedelta(days=1), now=NOON).may_start


def public(on: str = "") -> str:
    """Return the public list as a visitor reads it."""
    query = {"on": on} if on else {}
    return read(Client(HTTP_HOST="localhost").get(page("sub_processors"), query))


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Un nouveau sous-traitant est annoncé aux deux établissements ; le courriel de l’un revient le "
    "cinquième jour : un autre part, avec un délai neuf, et rien ne commence avant la fin de celui-ci.",
)
def test_a_notice_that_came_back_has_a_clock_of_its_own(browse, clock, now, school, nursery):
    """A new sub-processor is announced to both; the mail of one comes back on the fifth day: another leaves
    with a new time to object, and nothing starts before that is over.
    """
    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now)
    told(clock)
    assert len(mails("Courrier Exemple")) == 2
    assert "25 novembre 2026" in plain(mails("Courrier Exemple")[0].body)
    assert "Courrier Exemple" in read(head(browse, school, now).get(own("processors")))
    assert "26 novembre 2026" in start(browse, now, change)
    live(clock, date(2026, 11, 20))
    bounce(browse, now, change, nursery)
    told(clock)
    assert len(mails("Courrier Exemple")) == 3
    live(clock, date(2026, 11, 26), date(2026, 11, 27))
    assert is_pending(change)
    assert "2 décembre 2026" in start(browse, now, change)
    assert "Courrier Exemple" not in public()
    live(clock, date(2026, 12, 2))
    assert not is_pending(change)
    assert "Courrier Exemple" in public()
    assert "Courrier Exemple" not in public("2026-12-01")
    with inside_operator():
        silent = Obligation.objects.filter(clause="LG-D8", kind="processor-silence", state="kept")
        assert {row.evidence["last_on"] for row in silent} == {"2026-11-25", "2026-12-01"}


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Une école s’oppose le dernier jour à 23 h 59 : c’est à temps, le changement commence sans elle ; la "
    "crèche s’y prend à minuit une : trop tard.",
)
def test_one_minute_to_midnight_is_in_time(browse, clock, now, school, nursery):
    """A school objects on the last day at 23:59: in time, the change starts without it; the nursery objects
    a minute after midnight: too late.
    """
    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now)
    told(clock)
    clock.move_to(datetime(2026, 11, 25, 22, 59, tzinfo=UTC))  # 23:59 in Paris
    assert "Votre opposition est enregistrée" in objected(head(browse, school, now), change)
    clock.move_to(datetime(2026, 11, 25, 23, 1, tzinfo=UTC))
    assert "Trop tard" in objected(head(browse, nursery, now), change)
    live(clock, date(2026, 11, 26), date(2026, 11, 27))
    assert not is_pending(change)
    table = "Travaillent pour nous sur vos données aujourd’hui"
    assert "Courrier Exemple" not in read(head(browse, school, now).get(own("processors"))).split(table)[1]
    assert "Courrier Exemple" in read(head(browse, nursery, now).get(own("processors"))).split(table)[1]
    said = read(desk(browse, now, ROLE).get(page("processor_change", change.pk)))
    assert "Accès et fin" in said
    answer = head(browse, school, now).post(own("change_accept", change.pk), follow=True)
    assert "Courrier Exemple" in read(answer).split(table)[1]


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Une lettre datée du dernier jour est saisie deux jours plus tard : elle compte ; une lettre du "
    "lendemain est refusée, avec le jour qui était le dernier.",
)
def test_a_letter_counts_by_its_day(browse, clock, now, school, nursery):
    """A letter of the last day is recorded two days later and counts; one of the day after is refused, with
    the day that was the last.
    """
    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now)
    told(clock)
    live(clock, date(2026, 11, 27))
    browser = desk(browse, now, ROLE)
    letter = {"reason": "Par délibération.", "tenant": str(nursery.pk), "objected_on": "2026-11-26"}
    answer = browser.post(page("objection_record", change.pk), letter)
    assert answer.status_code == 400
    assert "25 novembre 2026" in plain(answer.content.decode())
    letter |= {"tenant": str(school.pk), "objected_on": "2026-11-25"}
    assert browser.post(page("objection_record", change.pk), letter).status_code == 302
    with inside_operator():
        objection = ChangeObjection.objects.get()
    assert (objection.tenant_id, objection.origin) == (school.pk, "letter")


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Le changement ne vise qu’une crèche : l’école n’en sait rien ; la crèche part entre-temps, et plus "
    "aucun délai ne retient le changement.",
)
def test_who_left_holds_nothing_back(browse, clock, now, school, nursery):
    """The change is for one nursery alone: the school hears nothing of it; the nursery leaves meanwhile, and
    no clock holds the change back any more.
    """
    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now, tenants=[str(nursery.pk)], profiles=["nursery"])
    told(clock)
    (notice,) = mails("Courrier Exemple")
    assert notice.to == ["cheffe@coquelicots.example"]
    assert "26 novembre 2026" in start(browse, now, change)
    with inside_operator():
        Tenant.objects.filter(pk=nursery.pk).update(state="ended", ended_at=now)
    live(clock, date(2026, 11, 18))
    assert not is_pending(change)
    with inside_operator():
        assert not Obligation.objects.filter(clause="LG-D8", kind="processor-silence", state="kept").exists()


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Une école vient au GAR pendant le délai et entre dans le périmètre : elle est prévenue à son tour et "
    "le changement attend son délai ; puis il est retiré, chacun l’apprend, rien ne commence.",
)
def test_who_comes_into_scope_is_told_and_a_withdrawn_change_never_starts(
    browse, clock, now, school, nursery
):
    """A school comes to GAR during the clock and is told in its turn; then the change is withdrawn: both are
    told, and nothing starts.
    """
    head(browse, school, now)
    head(browse, nursery, now)
    assert desk(browse, now, ROLE).post(page("gar_set"), {"tenant": str(nursery.pk)}).status_code == 302
    change = announce(browse, now, gar="only")
    told(clock)
    assert len(mails("Courrier Exemple")) == 1
    live(clock, date(2026, 11, 23))
    assert desk(browse, now, ROLE).post(page("gar_set"), {"tenant": str(school.pk)}).status_code == 302
    told(clock)
    assert len(mails("Courrier Exemple")) == 2
    live(clock, date(2026, 11, 26))
    assert is_pending(change)
    assert "3 décembre 2026" in start(browse, now, change)
    assert desk(browse, now, ROLE).post(page("change_withdraw", change.pk)).status_code == 302
    told(clock)
    assert len(mails("Retiré")) == 2
    live(clock, date(2026, 12, 3), date(2026, 12, 4))
    assert "Courrier Exemple" not in public()
    assert "Courrier Exemple" not in read(head(browse, school, now).get(own("processors")))


@pytest.mark.story(
    "LG-D8",
    door="page",
    fr="Un sous-traitant en remplace un autre : l’école qui s’y oppose garde l’ancien jusqu’au règlement, et "
    "la liste publique reste lisible à chaque date.",
)
def test_an_objection_keeps_the_one_before(browse, clock, now, school, nursery):
    """One sub-processor replaces another: the school that objects keeps the former until that is settled,
    and the public list can be read as of each day.
    """
    with inside_operator():
        before = ProcessorVersion.objects.create(
            processor=UUID(int=7),
            name="Ancien Exemple",
            registration="00000000000001",
            activity="Envoi des courriels",
            categories=["contact"],
            country="FR",
            contract_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 10),
            created_at=now,
        )
    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now, before)
    told(clock)
    assert "Votre opposition est enregistrée" in objected(head(browse, school, now), change)
    live(clock, date(2026, 11, 26))
    assert not is_pending(change)
    table = "Travaillent pour nous sur vos données aujourd’hui"
    assert "Ancien Exemple" in read(head(browse, school, now).get(own("processors"))).split(table)[1]
    assert "Ancien Exemple" not in read(head(browse, nursery, now).get(own("processors"))).split(table)[1]
    assert "Ancien Exemple" in public("2026-11-25")
    assert "Ancien Exemple" not in public("2026-11-26")


def test_mails_that_wait_start_no_clock(browse, clock, now, school, nursery, monkeypatch):
    def broken(*_more, **_named):
        raise OSError("the mail server is away")

    head(browse, school, now)
    head(browse, nursery, now)
    change = announce(browse, now)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
    live(clock, date(2026, 11, 27))
    assert is_pending(change)
    assert "2 établissements" in start(browse, now, change)
    monkeypatch.undo()
    later(clock, days=1)
    assert len(mail.outbox) >= 2
