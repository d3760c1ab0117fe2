"""Who decides on deletions holds the trail's signed head every month, and so is its witness."""

import json
from datetime import date

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from agenda.models import Obligation
from audit.data import verify_preau
from demo.factories.people import person_with
from isolation.context import inside
from tests.clauses.stage import archive_of, fetched, later, live

pytestmark = pytest.mark.django_db

ALL = reverse("exports:ask", urlconf="config.urls_tenant", args=["trail"])


def rewritten(lines):
    """Return a history in which the second entry says something else, every hash made anew."""
    entries = [json.loads(line) for line in lines]
    entries[1]["facts"] = {"rewritten": True}
    for before, entry in zip(entries, entries[1:], strict=False):
        entry |= {"previous_hash": before["hash"], "hash": verify_preau.link_hash(before["hash"], entry)}
    return [json.dumps(entry) for entry in entries]


def test_who_holds_a_head_finds_what_was_rewritten(browse, clock, now, school, tmp_path):
    """On the first of the month the head of the school gets the signed head of the trail; the trail taken
    along later is verified by it without us, and a rewritten history departs from it.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
    live(clock, date(2026, 11, 17), date(2026, 11, 30))
    live(clock, date(2026, 12, 1))
    later(clock, minutes=2)
    (told,) = [each for each in mail.outbox if "tête signée" in each.subject]
    assert "décembre 2026" in told.subject
    assert told.to == [head.email]
    ((name, note, _kind),) = told.attachments
    assert name == "head-2026-12.txt"
    with inside(school):
        sent = Obligation.objects.get(kind="heads-sent", occurrence="2026-12")
        assert sent.state == "kept"
        assert Obligation.objects.waiting().filter(kind="heads-sent", occurrence="2027-01").exists()
    live(clock, date(2026, 12, 2))
    office = browse(school, head)
    keys = verify_preau.keys_told(office.get("/.well-known/preau-keys.txt").content.decode())
    files = archive_of(fetched(office, office.post(ALL).url, clock))
    lines = files["trail.jsonl"].decode().splitlines()
    assert "unbroken from the first, and as 1 heads tell" in verify_preau.verify_trail(lines, [note], keys)
    with pytest.raises(verify_preau.Wrong, match="departs from the head signed at 2026-1"):
        verify_preau.verify_trail(rewritten(lines), [note], keys)


def test_a_head_that_has_not_left_is_not_kept(clock, now, school, monkeypatch):
    """The mail server is down on the first of the month: the promise is due as long as nothing has left."""
    with inside(school):
        person_with("administrator", now=now, email="direction@ecole.example")
    live(clock, date(2026, 11, 17), date(2026, 11, 30))

    def down(*_args, **_named):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", down)
    live(clock, date(2026, 12, 1))
    with inside(school):
        assert Obligation.objects.waiting().filter(kind="heads-sent", occurrence="2026-12").exists()
