"""LG-DCb: each month a backup is brought back for a trial, and what came of it is written down."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from agenda.models import Obligation
from dpa.actions.record_drill import promise_drill
from dpa.gateways import backups
from dpa.policy.rotation import drill_clock
from isolation.context import inside_operator
from tests.clauses.stage import desk, later, live, mails, read
from tests.dpa.test_backups import place

__all__ = ["place"]
PAGE = reverse("dpa:backups", urlconf="config.urls_public")
RECORD = reverse("dpa:drill_record", urlconf="config.urls_public")


@pytest.mark.parametrize(
    ("on", "month", "due_at"),
    [
        (date(2026, 12, 31), "2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        (date(2028, 2, 29), "2028-02", datetime(2028, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_months_drill_is_done_by_its_end(on, month, due_at):
    clock = drill_clock(on)
    assert (clock.month, clock.due_at) == (month, due_at)
    assert (clock.due_at - clock.reminder_at).days == 7


def stand_in(place, now):
    """Return the name of what looks like a backup of two spaces."""
    path = place / "backups" / "2026-11-16T020000Z"
    path.mkdir(parents=True)
    told = {"made_at": now.isoformat(), "database": "preau", "tenants": [str(uuid4()), str(uuid4())]}
    told |= {"ledger_lines": 0, "ledger_last": "", "digests": {}}
    (path / backups.MANIFEST).write_text(json.dumps(told))
    return path.name


def drill():
    """Return how the drill of November stands."""
    with inside_operator():
        row = Obligation.objects.get(clause="LG-DCb", kind="drill", occurrence="2026-11")
    return (row.state, row.missed_at)


@pytest.mark.story(
    "LG-DCb",
    door="page",
    fr="L’exercice de novembre est fait, mais la sauvegarde ne revient pas entière : il reste dû, un rappel "
    "part une semaine avant la fin du mois ; refait et réussi, il est tenu, et le catalogue dit laquelle est "
    "prouvée.",
)
@pytest.mark.django_db
def test_a_drill_that_failed_is_still_owed(browse, clock, now, place):
    """November's drill is done, but the backup doesn't come back whole: it stays owed, a reminder leaves a
    week before the month ends; done again and well, it is kept, and the catalogue says which one is proven.
    """
    made = stand_in(place, now)
    promise_drill(now)
    office = desk(browse, now, "dpo")
    page = read(office.get(PAGE))
    assert made in page
    assert "Aucune n’a encore été restaurée" in page
    told = {"backup": made, "done_on": "2026-11-16", "worked": "no", "tenants": "0", "erased_again": "0"}
    assert office.post(RECORD, told).status_code == 302
    later(clock, minutes=1)
    assert drill() == ("owed", None)
    live(clock, *(date(2026, 11, day) for day in range(17, 26)))
    assert len(mails("L’exercice de restauration de novembre 2026")) == 1
    office = desk(browse, now, "dpo")
    ahead = office.post(RECORD, told | {"done_on": "2026-11-30"})
    assert ahead.status_code == 400
    told |= {"done_on": "2026-11-25", "worked": "yes", "tenants": "2", "erased_again": "1"}
    assert office.post(RECORD, told).status_code == 302
    later(clock, minutes=1)
    assert drill() == ("kept", None)
    assert f"{made} est revenue entière" in read(office.get(PAGE))
