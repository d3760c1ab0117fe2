"""Where a person's request and the agenda work on the same thing, the agenda lets go and comes again."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from agenda.loop import tick
from agenda.models import Obligation
from demo.factories.people import person_with
from exports.actions.ask_export import ask_export
from exports.actions.end_export import THROWN_AWAY, end_export
from exports.models import ExportJob
from isolation.context import inside
from tests.people.test_race import place

__all__ = ["place"]


@pytest.fixture
def job(place, now):
    """Return an export of the whole school that is to be built."""
    with inside(place):
        head = person_with("administrator", now=now, email="direction@course.example")
        return ask_export(kind="school", subject_id=None, by=head, now=now)


def thrown_away(place, job, now, has_it, told):
    """Throw an export away as a request does: the thing first, then what is promised about it."""
    try:
        with inside(place):
            ExportJob.objects.select_for_update().get(pk=job.pk)
            has_it.set()
            threading.Event().wait(0.3)  # the agenda is at it by now
            end_export(job_id=job.pk, reason=THROWN_AWAY, now=now)
        told.append("done")
    except Exception as wrong:
        told.append(repr(wrong))
    finally:
        connections.close_all()


@pytest.mark.parametrize("_again", range(3))
def test_nobody_is_told_no_because_the_agenda_is_at_work_on_the_same(place, job, now, _again):
    has_it, told = threading.Event(), []
    person = threading.Thread(target=thrown_away, args=(place, job, now, has_it, told))
    person.start()
    assert has_it.wait(30)
    tick(now)
    person.join()
    assert told == ["done"]
    with inside(place):
        assert ExportJob.objects.get(pk=job.pk).state == "expired"
        promised = Obligation.objects.get(clause="LG-DCp", kind="export", subject_id=job.pk)
        assert (promised.attempts, promised.failure) == (0, "")
    tick(now + timedelta(minutes=1))
    with inside(place):
        assert not Obligation.objects.waiting().filter(subject_id=job.pk).exists()
