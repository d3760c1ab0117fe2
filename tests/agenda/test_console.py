"""The operator's agenda: of which school, found by its name, and what to do about each failure."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agenda.actions import open_obligation
from agenda.labels import ADVICE, PROMISES
from agenda.policy.advice import advice_for
from agenda.registry import keepers
from demo.factories.people import person_with
from isolation.context import inside
from tests.clauses.stage import desk, plain

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        ("SMTPServerDisconnected: Connection unexpectedly closed", "mail"),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "mail"),
        ("UnknownRate: 2027H1", "rates"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("NoKeeper: no keeper for T-9", "worker"),
        ("KeyError: […]", "report"),
    ],
)
def test_each_failure_says_what_to_do(failure, advice):
    assert advice_for(failure) == advice
    assert ADVICE[advice]


def test_a_failure_names_its_school_and_what_to_do_and_is_found_by_the_name(browse, school, nursery, now):
    for tenant, failure in ((school, "UnknownRate: 2027H1"), (nursery, "KeyError: […]")):
        with inside(tenant):
            later = now + timedelta(days=1)
            row = open_obligation("T-1", subject=uuid4(), run_at=now, due_at=later, now=now)
            row.failure, row.failed_at = failure, now
            row.save()
    console = desk(browse, now, "operator_administrator")
    page = plain(console.get("/console/agenda/", {"view": "failed"}).content.decode())
    assert "École des Tilleuls" in page
    assert "Crèche des Coquelicots" in page
    assert "import_rates, puis relancez" in page
    found = plain(console.get("/console/agenda/", {"view": "failed", "q": "ecole des till"}).content.decode())
    assert "École des Tilleuls" in found
    assert "Crèche des Coquelicots" not in found


def test_every_promise_has_its_words():
    ours = {key for key, known in keepers().items() if not known.keep.__module__.startswith("tests.")}
    assert ours == set(PROMISES)


def test_a_place_reads_what_is_done_and_no_id_of_ours(browse, school, now):
    with inside(school):
        open_obligation(
            "LG-DCa", kind="review", subject=uuid4(), run_at=now, due_at=now + timedelta(days=1), now=now
        )
        administrator = person_with("administrator", now=now)
    client = browse(school, administrator)
    page = plain(client.get("/timeline/", {"q": "revoir qui"}).content.decode())
    assert "Demander de revoir qui a quels droits" in page
    assert "LG-DCa" not in page
    assert "review" not in page
    assert "Demander de revoir" not in plain(client.get("/timeline/", {"q": "export"}).content.decode())
