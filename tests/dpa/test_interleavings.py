"""Share, unshare, delete, undo, erase, in any order: a guardian never gets what isn't shared."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agenda.loop import tick
from classrooms.actions.share_observation import share_observation, unshare_observation
from classrooms.models import Observation, Student
from classrooms.queries.circles import children_of
from classrooms.queries.family import may_read, observations_for_family
from dpa.actions import build_record
from dpa.actions.request_erasure import AlreadyAsked, request_student_erasure
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.models import Erasure
from exports.actions.ask_export import ask_export
from exports.actions.build_export import build_step
from exports.gateways import storage
from exports.models import ExportJob
from people.models import Person

AS_DRAWN = (Phase.explicit, Phase.generate)  # making a failure shorter takes minutes
STEPS = ("share", "unshare", "delete", "undo", "wait", "export")
steps = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 13)), min_size=1, max_size=8
)


class Story:
    """One sequence of events, told beside what should be true."""

    def __init__(self, world, now):
        self.world = world
        self.now = now
        self.observations = [world.alone, world.both, world.elsewhere]
        self.about = {world.alone.pk: {0}, world.both.pk: {0, 1}, world.elsewhere.pk: {1}}
        self.shared = {world.alone.pk}
        self.hidden = set()
        self.erased = set()
        self.pupils = [world.pupil, world.other]
        self.deletions = {}
        self.exports = []

    def run(self, step, which, hours):
        getattr(self, step)(which)
        self.now += timedelta(hours=hours)
        tick(self.now)
        for number, deletion in list(self.deletions.items()):
            if Erasure.objects.get(pk=deletion.pk).state == "erased":
                self.erased.add(number)
                del self.deletions[number]

    def share(self, which):
        observation = self.observations[which]
        if Observation.objects.filter(pk=observation.pk).exists() and self.visible(observation.pk):
            details = {
                "tenant": self.world.tenant,
                "by": self.world.teacher,
                "now": self.now,
                "today": self.now.date(),
            }
            share_observation(observation_id=observation.pk, **details)
            self.shared.add(observation.pk)

    def unshare(self, which):
        observation = self.observations[which]
        if Observation.objects.filter(pk=observation.pk).exists():
            unshare_observation(observation_id=observation.pk, by=self.world.teacher, now=self.now)
            self.shared.discard(observation.pk)

    def delete(self, which):
        number = which % 2
        if number in self.erased:
            return
        try:
            self.deletions[number] = request_student_erasure(
                student_ids=[self.pupils[number].pk], by=self.world.admin, now=self.now
            )
            self.hidden.add(number)
        except AlreadyAsked:
            assert number in self.hidden

    def undo(self, which):
        number = which % 2
        if number in self.deletions:
            try:
                undo_erasure(deletion=self.deletions[number], by=self.world.admin, now=self.now)
            except TooLate:
                return
            del self.deletions[number]
            self.hidden.discard(number)

    def wait(self, which):
        self.now += timedelta(hours=which * 6)

    def export(self, which):
        if self.is_gone():
            return
        job = ask_export(kind="children", subject_id=None, by=self.world.parent, now=self.now)
        while build_step(job_id=job.pk, now=self.now):
            pass
        job = ExportJob.objects.get(pk=job.pk)
        self.exports.append(job)
        readable = self.readable()
        with zipfile.ZipFile(io.BytesIO(storage.read(job.file))) as archive:
            held = {
                one["id"]
                for name in archive.namelist()
                if name.endswith(".json")
                for one in json.loads(archive.read(name))["observations"]
            }
            photos = [name for name in archive.namelist() if name.endswith(".jpg")]
        assert held == {str(pk) for pk in readable}
        assert bool(photos) <= bool(readable)

    def visible(self, pk):
        """Return the guardian's children an observation is about whom nobody deleted."""
        return self.about[pk] - self.hidden

    def is_gone(self):
        """Return whether the guardian went with the last child."""
        return self.erased == {0, 1}

    def readable(self):
        return {pk for pk in self.shared if self.visible(pk)}

    def check(self):
        readable = self.readable()
        children = list(children_of(self.world.parent).values_list("pk", flat=True))
        assert set(children) == {self.pupils[number].pk for number in {0, 1} - self.hidden}
        seen = set(observations_for_family(children, sight="shared").values_list("pk", flat=True))
        assert seen == readable
        for observation in self.observations:
            details = {"tenant": self.world.tenant, "today": self.now.date()}
            may = may_read(self.world.parent, observation.pk, **details) is not None
            assert may == (observation.pk in readable)
        for job in ExportJob.objects.filter(pk__in=[one.pk for one in self.exports], state="ready"):
            if build_record.still_shared(job, self.now):
                assert {pk for pk in self.about if pk in set(job.about)} <= readable
        for number in self.erased:
            assert not Student._base_manager.filter(pk=self.pupils[number].pk).exists()
        assert Person.objects.filter(pk=self.world.parent.pk).exists() is not self.is_gone()


@pytest.fixture
def family(world, monkeypatch):
    """Return the world with both pupils of one guardian, and papers that cost nothing."""
    world.other.guardianships.create(guardian=world.guardian)
    monkeypatch.setattr(build_record, "record_pdf", lambda *args, **kwargs: b"%PDF-")
    return world


@pytest.mark.parametrize("examples", [40, pytest.param(2000, marks=pytest.mark.nightly)])
def test_a_guardian_never_gets_what_is_not_shared(family, now, examples):
    @settings(max_examples=examples, deadline=None, print_blob=True, phases=AS_DRAWN)
    @given(events=steps)
    def any_order(events):
        mail.outbox.clear()
        with transaction.atomic():
            story = Story(family, now)
            for event in events:
                story.run(*event)
                story.check()
            transaction.set_rollback(True)

    any_order()
