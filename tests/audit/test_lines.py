"""An entry in words: no internal id, moments in the reader's time, labels in their language."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import translation

from audit.actions import log_action
from audit.queries import history, lines, trail, verbs
from audit.registry import _LABELS


def test_details_are_words(in_school, now):
    on = uuid4()
    facts = {
        "role": str(uuid4()),
        "undo_until": "2026-11-16T09:00:00+00:00",
        "reason": "unpaid",
        "to": ["a", "b"],
    }
    log_action("role.given", by=None, on=on, at=now, facts=facts)
    with translation.override("fr"):
        (line,) = history(on=on)
    assert sorted(line.details) == [
        ("annulable jusqu’au", "16/11/2026 10:00"),
        ("motif", "unpaid"),
        ("à", "a → b"),
    ]
    assert line.words == "rôle donné"
    assert line.by_name == ""


def test_the_trail_is_narrowed_by_verb_and_by_words(in_school, now):
    log_action("role.given", by=None, on=uuid4(), at=now, personal={"name": "Zoé Béraud"})
    log_action("role.ended", by=None, on=uuid4(), at=now)
    assert [line.words for line in lines(trail(verb="role.ended"))] == [str(dict(verbs())["role.ended"])]
    assert trail(search="Béraud").count() == 1
    assert trail(search="nobody like this").count() == 0


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "student"}, ("nature", "élève")),
        ({"kind": "school"}, ("nature", "Tout l’établissement")),
        ({"state": "requested"}, ("état", "accès fermé, annulable")),
        ({"reason": "leaving"}, ("motif", "une personne qui y figure est en cours de suppression")),
        ({"right": "audit.read"}, ("droit", "Lire le journal")),
        (
            {"rights": ["audit.read", "licences.read"]},
            ("droits", "Lire le journal, Voir les licences"),
        ),
        ({"fields": ["birth_on", "level"]}, ("champs", "date de naissance, niveau")),
        ({"may_write": True}, ("peut écrire", "oui")),
    ],
)
def test_values_are_words_too(in_school, now, facts, said):
    on = uuid4()
    log_action("role.given", by=None, on=on, at=now, facts=facts)
    with translation.override("fr"):
        (line,) = history(on=on)
    assert line.details == [said]


def test_every_detail_of_a_tenants_trail_has_its_words():
    found = set()
    for room in ("audit", "classrooms", "dpa", "exports", "learning", "people", "tenants"):
        for path in (Path(settings.BASE_DIR) / "src" / room / "actions").glob("*.py"):
            text = path.read_text(encoding="utf-8")
            for written in re.findall(r"facts ?(?:=|\|=) ?\{([^{}]*)\}", text):
                found |= set(re.findall(r"\"(\w+)\":", written))
    assert len(found) > 30
    ids = {"role", "token", "version", "tenant", "confirmed_by"}  # their values are ids, never shown
    assert {name for name in found - ids if name not in _LABELS} == set()


@pytest.mark.parametrize(
    "name",
    ["2024-13-45T99:99:99", "2024-01-01T00:00:00", "2024-01-01T00:00:00zzz", "0001-01-01T00:00:00+14:00"],
)
def test_a_name_that_looks_like_a_moment_is_a_name(in_school, now, name):
    on = uuid4()
    log_action("person.changed", by=None, on=on, at=now, personal={"after": {"first_name": name}})
    (line,) = history(on=on)
    assert name in dict(line.details).popitem()[1]


def test_a_history_is_read_a_page_at_a_time(in_school, now, django_assert_num_queries):
    on = uuid4()
    for n in range(60):
        log_action("person.changed", by=None, on=on, at=now, facts={"reason": f"r{n}"})
    found = history(on=on)
    with django_assert_num_queries(1):
        assert len(found) == 60
    with django_assert_num_queries(1):
        page = found[50:60]
    assert [dict(line.details)["motif"] for line in page] == [f"r{n}" for n in range(9, -1, -1)]
    assert found[59] == page[-1]
    assert list(found)[50:] == page
