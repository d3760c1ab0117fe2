"""The audit trail: a chain that shows any change, and that outlives an erasure."""

from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import registry
from audit.actions import log_action, verify
from audit.models import Entry, Head, PersonalPart
from audit.personal_data import forget, parts_of
from audit.policy.chain import START, Link, link_hash, personal_digest

module = import_module("audit.actions.verify")  # the package names its function alike


def link(**changed):
    values = {
        "seq": 1,
        "at": "2026-11-16T09:00:00",
        "verb": "student.created",
        "actor_id": "",
        "subject_type": "x",
        "subject_id": "y",
        "facts": {},
        "about": [],
        "personal_digest": "",
    }
    return Link(**(values | changed))


@given(
    st.sampled_from(["seq", "at", "verb", "actor_id", "facts", "about", "personal_digest"]),
    st.integers(2, 99),
)
def test_any_change_changes_the_hash(field, value):
    changed = {"facts": {"n": value}, "about": [str(value)]}.get(field, value)
    assert link_hash(START, link(**{field: changed})) != link_hash(START, link())


def test_a_hash_covers_the_one_before():
    assert link_hash(START, link()) != link_hash("1" * 64, link())


def test_the_digest_of_a_name_cannot_be_guessed_without_its_salt():
    assert personal_digest(b"a", {"name": "Zoé"}) != personal_digest(b"b", {"name": "Zoé"})
    assert personal_digest(b"a", {}) == ""


def test_a_chain_of_entries_is_whole(in_school, now):
    before = verify().entries
    for number in range(5):
        log_action(
            "student.changed",
            by=None,
            on=uuid4(),
            at=now,
            facts={"n": number},
            personal={"old": "a", "new": "b"},
        )
    verdict = verify()
    assert verdict.is_whole
    assert verdict.entries == before + 5


def test_a_changed_entry_is_found(in_school, now, monkeypatch):
    entry = log_action("student.created", by=None, on=uuid4(), at=now)
    real = Entry.from_db.__func__

    def forged(cls, db, names, values):
        row = real(cls, db, names, values)
        if row.pk == entry.pk:
            row.facts = {"forged": True}
        return row

    monkeypatch.setattr(Entry, "from_db", classmethod(forged))
    verdict = verify()
    assert (verdict.is_whole, verdict.broken_at) == (False, entry.seq)
    assert "changed" in verdict.reason


def test_an_erased_part_is_accepted_only_when_the_ledger_names_its_person(in_school, now, monkeypatch):
    gone = uuid4()
    other = uuid4()
    log_action("student.created", by=None, on=gone, at=now, personal={"name": "Zoé Béraud"}, about=[gone])
    log_action("student.created", by=None, on=other, at=now, personal={"name": "Élan Calvet"}, about=[other])
    assert forget(parts_of(PersonalPart.objects.all(), [gone])) == 1
    monkeypatch.setattr(registry, "_LEDGERS", [])
    assert not verify().is_whole
    monkeypatch.setattr(registry, "_LEDGERS", [lambda: {gone}])
    verdict = verify()
    assert verdict.is_whole
    assert verdict.erased_parts == 1
    assert not PersonalPart.objects.filter(part__name="Zoé Béraud").exists()
    assert PersonalPart.objects.filter(part__name="Élan Calvet").exists()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_missing_last_entry_or_head_is_found(in_school, now, monkeypatch, is_there):
    last = log_action("student.created", by=None, on=uuid4(), at=now)
    head = Head(seq=last.seq + 1, hash="1" * 64) if is_there else None
    monkeypatch.setattr(module, "Head", SimpleNamespace(objects=SimpleNamespace(first=lambda: head)))
    verdict = verify()
    assert not verdict.is_whole
    assert "missing" in verdict.reason


def test_entries_say_who_and_when(in_school, now):
    entry = log_action("class.created", by=None, on=uuid4(), at=now, facts={"level": "CE1"})
    assert Entry.objects.latest("seq") == entry
    assert (entry.at, entry.facts, entry.actor_id) == (now, {"level": "CE1"}, None)
