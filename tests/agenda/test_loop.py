"""The loop keeps what is promised: once, in its tenant, and says why when it can't."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection

from agenda import loop, registry
from agenda.actions import owe, post, settle
from agenda.actions.retry import NothingToRetry, retry
from agenda.models import Obligation, OutboxMessage
from agenda.policy.backoff import wait_before_retry
from agenda.policy.reasons import reason_of
from agenda.registry import Again, Evidence, Mail, NoKeeper, keeper, keeper_of, message
from audit.actions import write
from audit.models import Entry
from isolation.context import inside, inside_operator, tenant_here

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
        seen.append((tenant_here(), obligation.subject))
        return Evidence(rows=3)

    with inside(school):
        row = owe("T-1", subject=uuid4(), due_at=now + timedelta(hours=1), run_at=now, now=now)
    assert loop.tick(now) == 1
    assert seen == [(school.pk, row.subject)]
    kept = state_of(row)
    assert (kept.state, kept.evidence, kept.settled_at) == ("kept", {"rows": 3}, now)
    assert kept.margin == timedelta(hours=1)
    assert loop.tick(now) == 0


def test_nothing_runs_before_its_time(school, now):
    keeper("T-1", where="tenant")(lambda obligation, *, now: Evidence())
    with inside(school):
        owe("T-1", subject=uuid4(), due_at=now + timedelta(minutes=5), now=now)
    assert loop.tick(now) == 0
    assert loop.tick(now + timedelta(minutes=5)) == 1


def test_the_same_promise_is_owed_once(school, now):
    subject = uuid4()
    with inside(school):
        one = owe("T-1", subject=subject, due_at=now, now=now)
        two = owe("T-1", subject=subject, due_at=now + timedelta(days=9), now=now)
        other = owe("T-1", subject=subject, due_at=now, now=now, occurrence="2027")
    assert one.pk == two.pk != other.pk
    assert two.due_at == now


def test_a_failing_keeper_rolls_back_its_step_says_why_and_comes_back(school, now):
    broken = [True]

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        write("half.done", by=None, on=obligation.subject, at=now)
        if broken[0]:
            raise RuntimeError("the printer is on fire")
        return Evidence()

    with inside(school):
        row = owe("T-1", subject=uuid4(), due_at=now, now=now)
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
        return Evidence()

    with inside(school):
        owe("T-1", subject=uuid4(), due_at=now - timedelta(hours=1), now=now, occurrence="bad")
        good = owe("T-1", subject=uuid4(), due_at=now, now=now)
    loop.tick(now)
    assert state_of(good).state == "kept"


def test_long_work_goes_on_step_by_step(school, now):
    steps = []

    @keeper("T-1", where="tenant")
    def keep(obligation, *, now):
        steps.append(len(steps))
        return Evidence(steps=len(steps)) if len(steps) == 4 else Again(run_at=now)

    with inside(school):
        row = owe("T-1", subject=uuid4(), due_at=now, now=now)
    assert loop.tick(now) == 4
    assert state_of(row).evidence == {"steps": 4}


def test_work_outside_of_a_transaction_holds_a_lease(school, now):
    @keeper("T-1", where="outside")
    def keep(obligation, *, now):
        assert state_of(obligation).run_at == now + loop.LEASE
        return Evidence()

    with inside_operator():
        row = owe("T-1", subject=uuid4(), due_at=now, now=now)
    loop.tick(now)
    assert state_of(row).state == "kept"


def test_a_promise_without_a_keeper_is_shown_as_failed(school, now):
    with pytest.raises(NoKeeper):
        keeper_of("T-9", "")
    with inside(school):
        row = owe("T-9", subject=uuid4(), due_at=now, now=now)
    loop.tick(now)
    assert "no keeper" in state_of(row).failure


def test_a_moot_promise_is_dropped_and_a_waiting_one_can_be_retried(school, now):
    with inside(school):
        row = owe("T-1", subject=uuid4(), due_at=now + timedelta(days=1), now=now)
    with inside_operator():
        assert retry(obligation_id=row.pk, now=now).run_at == now
    with inside(school):
        assert settle("T-1", subject=row.subject, now=now) == 1
        assert settle("T-1", subject=row.subject, now=now) == 0
    with inside_operator(), pytest.raises(NothingToRetry):
        retry(obligation_id=row.pk, now=now)


def test_a_tenant_sees_and_makes_only_its_own_promises(school, nursery, now):
    with inside(nursery):
        owe("T-1", subject=uuid4(), due_at=now, now=now)
    with inside(school):
        mine = owe("T-1", subject=uuid4(), due_at=now, now=now)
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
            post("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-1")
    assert loop.send_outbox(now) == 1
    assert loop.send_outbox(now) == 0
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == ("Bonjour Odile", "Bonjour Odile.")
    assert sent.extra_headers["Message-ID"].startswith("<")


def test_a_message_that_cannot_go_waits_and_says_why(school, now, letters, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("mailbox full")

    with inside(school):
        post("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-2")
    monkeypatch.setattr(loop, "send", refuse)
    loop.send_outbox(now)
    with inside_operator():
        row = OutboxMessage.objects.get(key="hello-2")
    assert (row.state, row.attempts, row.send_at) == ("waiting", 1, now + timedelta(minutes=1))
    assert "mailbox full" in row.failure


def test_a_message_without_a_reader_any_more_is_moot(school, now):
    message("agenda/nobody")(lambda ids: None)
    with inside(school):
        post("agenda/nobody", ids={}, now=now, key="nobody-1")
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
        row = owe("T-1", subject=uuid4(), due_at=now, now=now)
        post("agenda/hello", ids={"name": "Odile"}, now=now, key="hello-3")
    monkeypatch.setattr(loop, "send", refuse)
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
