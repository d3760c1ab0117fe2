"""The loop keeps what is promised: once, in its tenant, and says why when it can't."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from agenda import loop, registry
from agenda.actions import close_obligation, enqueue_message, instant, open_obligation
from agenda.actions.retry import NothingToRetry, retry
from agenda.models import Obligation, OutboxMessage
from agenda.policy.backoff import wait_before_retry
from agenda.policy.reasons import reason_of
from agenda.queries import days_of, kept, late_messages, outcome_of_mail
from agenda.registry import Again, Kept, Mail, Moot, NoKeeper, keeper, keeper_of, message
from audit.actions import log_action
from audit.models import Entry
from contracts.policy.evidence import Day
from isolation.context import current_tenant_id, inside, inside_operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_registry(monkeypatch, school):
    monkeypatch.setattr(registry, "_KEEPERS", {})
    monkeypatch.setattr(registry, "_WRITERS", {})
    with inside_operator():
        Obligation.objects.all().update(state="dropped")
        OutboxMessage.objects.all().update(state="moot")


def state_of(row):
    with inside_operator():
        return Obligation.objects.get(pk=row.pk)


def test_a_promise_is_kept_inside_its_tenant_with_evidence(school, now):
    seen = []

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        seen.append((current_tenant_id(), obligation.subject))
        return Kept(rows=3)

    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), due_at=now + timedelta(hours=1), run_at=now, now=now)
    assert loop.tick(now) == 1
    assert seen == [(school.pk, row.subject)]
    kept = state_of(row)
    assert (kept.state, kept.evidence, kept.settled_at) == ("kept", {"rows": 3}, now)
    assert kept.margin == timedelta(hours=1)
    assert loop.tick(now) == 0


def test_nothing_runs_before_its_time(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Kept())
    with inside(school):
        open_obligation("T-1", subject=uuid4(), **instant(now + timedelta(minutes=5)), now=now)
    assert loop.tick(now) == 0
    assert loop.tick(now + timedelta(minutes=5)) == 1


def test_the_same_promise_is_owed_once(school, now):
    subject = uuid4()
    with inside(school):
        one = open_obligation("T-1", subject=subject, **instant(now), now=now)
        two = open_obligation("T-1", subject=subject, **instant(now + timedelta(days=9)), now=now)
        other = open_obligation("T-1", subject=subject, **instant(now), now=now, occurrence="2027")
    assert one.pk == two.pk != other.pk
    assert two.run_at == now


def test_a_failing_keeper_rolls_back_its_step_says_why_and_comes_back(school, now):
    broken = [True]

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        log_action("half.done", by=None, on=obligation.subject, at=now)
        if broken[0]:
            raise RuntimeError("the printer is on fire")
        return Kept()

    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now)
    failed = state_of(row)
    assert (failed.state, failed.attempts) == ("owed", 1)
    assert "printer" in failed.failure
    assert failed.run_at == now + timedelta(minutes=1)
    with inside(school):
        assert not Entry.objects.filter(verb="half.done").exists()
    broken[0] = False
    assert loop.tick(now + timedelta(minutes=1)) == 1
    assert state_of(row).state == "kept"
    with inside(school):
        assert Entry.objects.filter(verb="half.done").count() == 1


def test_one_failure_does_not_hold_up_the_next(school, now):
    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        if obligation.occurrence == "bad":
            raise ValueError
        return Kept()

    with inside(school):
        open_obligation(
            "T-1", subject=uuid4(), **instant(now - timedelta(hours=1)), now=now, occurrence="bad"
        )
        good = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now)
    assert state_of(good).state == "kept"


def test_long_work_goes_on_step_by_step(school, now):
    steps = []

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        steps.append(len(steps))
        return Kept(steps=len(steps)) if len(steps) == 4 else Again(run_at=now)

    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    assert loop.tick(now) == 4
    assert state_of(row).evidence == {"steps": 4}


def test_nothing_that_asks_for_it_any_more_is_moot_and_says_why(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Moot("nobody waits", asked=2))
    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now)
    closed = state_of(row)
    assert (closed.state, closed.evidence) == ("dropped", {"why": "nobody waits", "asked": 2})
    assert closed.missed_at is None


def test_what_is_kept_past_its_time_was_missed_and_stays_so(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Kept())
    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now + timedelta(hours=1))
    closed = state_of(row)
    assert (closed.state, closed.missed_at) == ("kept", row.due_at)


def test_what_waits_past_its_time_is_missed_even_when_it_is_closed_by_hand(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Again(now + timedelta(days=1)))
    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now + timedelta(minutes=5))
    assert state_of(row).missed_at is None
    loop.tick(now + timedelta(minutes=20))
    assert state_of(row).missed_at == row.due_at
    with inside(school):
        close_obligation("T-1", subject=row.subject_id, now=now + timedelta(hours=1))
    assert (state_of(row).state, state_of(row).missed_at) == ("dropped", row.due_at)


def test_a_promise_is_red_while_the_loop_stands_still(school, now):
    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
        assert kept(["T-1"], now)["T-1"].live == "none"
        behind = kept(["T-1"], now + timedelta(hours=1))["T-1"]
    assert (behind.live, behind.missed_since) == ("missed", row.due_at)


def test_thirty_days_later_a_miss_is_history(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Kept())
    with inside(school):
        open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now + timedelta(hours=1))
    with inside(school):
        assert kept(["T-1"], now + timedelta(days=29))["T-1"].live == "missed"
        assert kept(["T-1"], now + timedelta(days=31))["T-1"].live == "kept"


def test_the_days_of_a_promise_are_those_of_its_zone(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Kept())
    evening = now.replace(hour=23, minute=30)  # the day after, in Paris
    with inside(school):
        open_obligation("T-1", subject=uuid4(), **instant(evening), now=now)
    loop.tick(evening)
    with inside(school):
        days = days_of(["T-1"], evening, ZoneInfo("Europe/Paris"))
    assert days == {"T-1": {evening.date() + timedelta(days=1): Day(kept=1)}}


def test_work_outside_of_a_transaction_holds_a_lease(school, now):
    @keeper("T-1", where="outside")
    def keep(obligation, *, now):
        assert state_of(obligation).run_at == now + loop.LEASE
        return Kept()

    with inside_operator():
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    loop.tick(now)
    assert state_of(row).state == "kept"


def test_a_promise_without_a_keeper_is_shown_as_failed(school, now):
    with pytest.raises(NoKeeper):
        keeper_of("T-9", "")
    with inside(school):
        row = open_obligation("T-9", subject=uuid4(), **instant(now), now=now)
    loop.tick(now)
    assert "no keeper" in state_of(row).failure


def test_a_moot_promise_is_dropped_and_a_waiting_one_can_be_retried(school, now):
    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now + timedelta(days=1)), now=now)
    with inside_operator():
        assert retry(obligation_id=row.pk, now=now).run_at == now
    with inside(school):
        assert close_obligation("T-1", subject=row.subject, now=now) == 1
        assert close_obligation("T-1", subject=row.subject, now=now) == 0
    with inside_operator(), pytest.raises(NothingToRetry):
        retry(obligation_id=row.pk, now=now)


def test_a_tenant_sees_and_makes_only_its_own_promises(school, nursery, now):
    with inside(nursery):
        open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
    with inside(school):
        mine = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
        assert list(Obligation.objects.waiting()) == [mine]


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (500, 60)])
def test_retries_wait_longer_each_time_and_an_hour_at_most(attempts, minutes):
    assert wait_before_retry(attempts=attempts) == timedelta(minutes=minutes)


def test_there_is_no_wait_without_a_failure():
    with pytest.raises(ValueError, match="failure"):
        wait_before_retry(attempts=0)


def greet(ids):
    return Mail(to=["odile@example.test"], context={"name": ids["name"]}, language="fr")


@pytest.fixture
def letters(tmp_path, settings):
    folder = tmp_path / "agenda" / "mail"
    folder.mkdir(parents=True)
    (folder / "hello.subject.txt").write_text("Bonjour\n{{ name }}\n")
    (folder / "hello.txt").write_text("Bonjour {{ name }}.")
    templates = [dict(settings.TEMPLATES[0], DIRS=[tmp_path])]
    settings.TEMPLATES = templates
    message("agenda/hello")(greet)


def test_a_message_is_sent_once_after_the_commit_with_a_stable_id(school, now, letters):
    with inside(school):
        for _ in range(2):
            enqueue_message("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-1")
    assert loop.send_outbox(now) == 1
    assert loop.send_outbox(now) == 0
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == ("Bonjour Odile", "Bonjour Odile.")
    assert sent.extra_headers["Message-ID"].startswith("<")


def test_a_message_that_cannot_go_waits_and_says_why(school, now, letters, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("mailbox full")

    with inside(school):
        enqueue_message("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-2")
    monkeypatch.setattr(loop, "rendered", refuse)
    loop.send_outbox(now)
    with inside_operator():
        row = OutboxMessage.objects.get(key="hello-2")
    assert (row.state, row.attempts, row.send_at) == ("waiting", 1, now + timedelta(minutes=1))
    assert "mailbox full" in row.failure


def test_a_mail_that_waits_is_late_by_its_age_however_often_it_was_tried(school, now, letters, monkeypatch):
    monkeypatch.setattr(loop, "rendered", lambda *a, **k: (_ for _ in ()).throw(OSError("no server")))
    with inside(school):
        enqueue_message("agenda/hello", ids={"name": "Ada"}, now=now, key="late")
    for minutes in (0, 5, 20):
        loop.send_outbox(now + timedelta(minutes=minutes))
    with inside_operator():
        assert OutboxMessage.objects.late(now + timedelta(minutes=10)).count() == 0
        assert OutboxMessage.objects.late(now + timedelta(minutes=20)).count() == 1
        assert late_messages(now + timedelta(minutes=20)) == 1


@pytest.mark.usefixtures("letters")
def test_a_mail_counts_when_it_was_sent_not_when_it_was_written(school, now):
    message("agenda/hello")(lambda ids: greet(ids) if "name" in ids else None)
    with inside_operator():
        enqueue_message("agenda/hello", ids={"name": "Ada"}, now=now, key="one")
        enqueue_message("agenda/hello", ids={}, now=now, key="two")
        assert outcome_of_mail(["one"], now=now) == Again(now + timedelta(minutes=1))
    loop.send_outbox(now)
    with inside_operator():
        assert outcome_of_mail(["one"], now=now, n=1)["sent_at"] == now.isoformat()
        assert isinstance(outcome_of_mail(["two"], now=now), Moot)


def test_a_message_without_a_reader_any_more_is_moot(school, now):
    message("agenda/nobody")(lambda ids: None)
    with inside(school):
        enqueue_message("agenda/nobody", ids={}, now=now, key="nobody-1")
    loop.send_outbox(now)
    with inside_operator():
        assert OutboxMessage.objects.get(key="nobody-1").state == "moot"
    assert mail.outbox == []


def test_what_failed_is_kept_without_addresses_or_values(school, now, letters, monkeypatch):
    def refuse(*args, **kwargs):
        raise SMTPRecipientsRefused({"lise@famille.example": (550, b"no such user <lise@famille.example>")})

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Zoé Béraud'::int")

    with inside(school):
        row = open_obligation("T-1", subject=uuid4(), **instant(now), now=now)
        enqueue_message("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-3")
    monkeypatch.setattr(loop, "rendered", refuse)
    loop.tick(now)
    with inside_operator():
        message = OutboxMessage.objects.get(key="hello-3")
    assert message.failure.startswith("SMTPRecipientsRefused")
    assert "lise" not in message.failure
    failed = state_of(row)
    assert failed.failure.startswith("DataError")
    assert "Zoé" not in failed.failure


def test_a_reason_keeps_our_own_names_and_nobodys():
    text = (
        'duplicate key value violates unique constraint "people_person_email"\nDETAIL: '
        " Key (email)=(a@b.example)"
    )
    assert reason_of("IntegrityError", text) == f"IntegrityError: {text.splitlines()[0]}"
    assert reason_of("KeyError", "'Zoé'") == "KeyError: […]"
    assert reason_of("OSError", "550 <a.b@c.example> unknown") == "OSError: 550 <[…]> unknown"
