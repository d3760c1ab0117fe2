"""Two observations, two pupils, two guardians, two teachers: who reads what, whatever happens to them."""

import re
from uuid import UUID

from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from agenda.models import OutboxMessage
from classrooms.actions.invite_guardians import add_guardian, remove_guardian
from classrooms.actions.save_class import save_class
from classrooms.actions.save_observation import complete_observation, save_observation
from classrooms.actions.save_student import move, note_departure, note_return
from classrooms.actions.share_observation import unshare_observation
from classrooms.models import ChangesStudent, ObservationStudent
from classrooms.policy.changes import Written
from classrooms.queries.changes import version_of
from people.actions.deactivate_person import deactivate_person, reactivate_person
from tests.oracle.playing import Machine

OBSERVATION = st.integers(0, 1)
PUPIL = st.integers(0, 1)
GUARDIAN = st.integers(0, 1)
CLASS = st.integers(0, 1)
ABOUT = st.sampled_from([{0}, {1}, {0, 1}])
MOSTLY = st.sampled_from([True, True, False])
AUTHOR = 0
COLLEAGUE = 1
CHECKED = re.compile(r'name="students" value="([^"]+)"[^>]*\bchecked\b')


class Sharing(Machine):
    """What teachers, the administrator and time do with observations, pupils and guardians, in any order.

    The machine remembers what was decided, in its own sets; pages are read to see whether it is so.
    """

    def __init__(self):
        super().__init__()
        self.clock.move_to(self.now)
        self.written = ["Observation un : lit seule.", "Observation deux : compte loin."]
        self.about = [{0}, {0, 1}]
        self.drafted = [None, None]  # text and pupils of the changes of what is shared
        self.state = ["draft", "draft"]
        self.guards: set[tuple[int, int]] = {(0, 0)}
        self.is_added = True  # the controller's annex B lists guardians
        self.blocked: set[int] = set()
        self.left: set[int] = set()
        self.in_class = {0: 0, 1: 1}
        self.teaches: set[tuple[int, int]] = {(AUTHOR, 0), (COLLEAGUE, 1)}
        self.reached: set[UUID] = set()  # the messages that left while time last passed
        self.sign_in()

    # what happens

    @rule(which=OBSERVATION, act=st.sampled_from(["keep", "share", "share", "take_back"]))
    def keep_share_or_take_back(self, which, act):
        self.count("keep_share_or_take_back", act)
        getattr(self, act)(which)

    def keep(self, which):
        """Keep an observation in the record."""
        complete_observation(observation=self.observations[which], by=self.author, now=self.now)
        if self.state[which] == "draft":
            self.state[which] = "kept"

    def share(self, which):
        """Share an observation on its page, or its changes; nothing where guardians may see nothing."""
        what = "changes_share" if self.state[which] == "shared" else "observation_share"
        page = reverse(f"classrooms:{what}", args=[self.observations[which].pk])
        shown = version_of(self.observations[which])
        assert self.staff[AUTHOR].post(page, {"shown": shown}).status_code == 302
        if self.is_added:
            self.state[which] = "shared"
            self.apply(which)

    def apply(self, which):
        """Remember that the changes of an observation stand in it."""
        if self.drafted[which]:
            self.written[which], self.about[which] = self.drafted[which]
        self.drafted[which] = None

    def write(self, which, text, about):
        """Remember what was written: of what is shared as its changes, unless it is what stands."""
        if self.state[which] != "shared":
            self.written[which], self.about[which] = text, about
        else:
            same = (text, about) == (self.written[which], self.about[which])
            self.drafted[which] = None if same else (text, about)

    def last_text(self, which):
        """Return the last text of an observation, shared or not."""
        return self.drafted[which][0] if self.drafted[which] else self.written[which]

    def last_about(self, which):
        """Return whom an observation was last said to be about, shared or not."""
        return self.drafted[which][1] if self.drafted[which] else self.about[which]

    def take_back(self, which):
        """Take an observation back from families."""
        unshare_observation(observation_id=self.observations[which].pk, by=self.author, now=self.now)
        if self.state[which] == "shared":
            self.state[which] = "kept"
            self.apply(which)

    @rule(which=OBSERVATION, about=ABOUT, word=st.sampled_from(["lit", "compte", "chante"]))
    def edit(self, which, about, word):
        self.count("edit")
        text = f"{self.written[which].split(' :')[0]} : {word} bien."
        self.write(which, text, set(about))
        save_observation(
            observation=self.observations[which],
            by=self.author,
            written=Written(
                text=text,
                observed_on=self.observations[which].observed_on,
                student_ids=[self.pupils[rank].pk for rank in sorted(about)],
                levels={},
            ),
            now=self.now,
        )

    @rule(guardian=GUARDIAN, pupil=PUPIL, adds=MOSTLY)
    def add_or_remove_a_guardian(self, guardian, pupil, adds):
        if adds and self.is_added:
            self.count("add_or_remove_a_guardian", "add_a_guardian")
            self.add(guardian, pupil)
        else:
            self.count("add_or_remove_a_guardian", "remove_a_guardian")
            child = self.pupils[pupil]
            remove_guardian(
                student=child, guardian=self.guardians[guardian], by=self.head, now=self.now, today=self.today
            )
            self.guards.discard((guardian, pupil))

    def add(self, guardian, pupil):
        """Let a guardian look after a pupil."""
        email = self.guardians[guardian].email
        add_guardian(student=self.pupils[pupil], email=email, **self.told)
        self.guards.add((guardian, pupil))

    @rule(guardian=GUARDIAN)
    def block_or_let_in(self, guardian):
        self.count("block_or_let_in")
        person = self.guardians[guardian].person
        if guardian in self.blocked:
            reactivate_person(person=person, by=self.head, now=self.now)
            self.blocked.discard(guardian)
            self.families[guardian].force_login(person)
        else:
            deactivate_person(person=person, by=self.head, now=self.now)
            self.blocked.add(guardian)

    @rule(is_added=MOSTLY)
    def consent_is_given_or_withdrawn(self, is_added):
        self.count("consent_is_given_or_withdrawn", "given" if is_added else "withdrawn")
        self.is_added = is_added
        details = {"subject": "guardian"} | ({"add": "1"} if is_added else {})
        assert self.office.post(reverse("dpa:annex_change"), details).status_code == 302

    @rule(pupil=PUPIL, into=CLASS)
    def leave_return_or_move(self, pupil, into):
        if pupil in self.left:
            self.count("leave_return_or_move", "return")
            note_return(student=self.pupils[pupil], **self.told)
            self.left.discard(pupil)
        elif self.in_class.get(pupil) == into:
            self.count("leave_return_or_move", "leave")
            note_departure(student=self.pupils[pupil], **self.told)
            self.left.add(pupil)
            self.in_class.pop(pupil)
        else:
            self.count("leave_return_or_move", "move")
            move(student=self.pupils[pupil], class_id=self.classes[into].pk, today=self.today)
            self.in_class[pupil] = into

    @rule(room=CLASS, teachers=st.sampled_from([(), (0,), (1,), (0, 1)]))
    def give_the_class_to(self, room, teachers):
        self.count("give_the_class_to")
        save_class(
            name=self.classes[room].name,
            level=self.classes[room].level,
            teacher_ids=[self.teachers[rank].pk for rank in teachers],
            by=self.head,
            now=self.now,
            today=self.today,
            school_class=self.classes[room],
        )
        self.teaches = {row for row in self.teaches if row[1] != room} | {(rank, room) for rank in teachers}

    @rule(minutes=st.sampled_from([5, 600, 3000]))
    def time_passes(self, minutes):
        self.count("time_passes")
        before = set(self.messages())
        self.let_pass(minutes=minutes)
        self.clock.move_to(self.now)
        self.sign_in()
        self.reached = set(self.messages()) - before

    # what was decided

    def may_read(self, guardian, which, pupil):
        """Return whether a guardian may read an observation on the page of a child."""
        return (
            self.is_the_guardian(guardian, pupil)
            and self.is_added
            and self.state[which] == "shared"
            and pupil in self.about[which]
        )

    def is_the_guardian(self, guardian, pupil):
        """Return whether a child's page is a guardian's: theirs, at the school, the account open."""
        return (guardian, pupil) in self.guards and pupil not in self.left and guardian not in self.blocked

    def is_taught_by(self, teacher, pupil):
        """Return whether a pupil is in a class of a teacher's today."""
        return (teacher, self.in_class.get(pupil)) in self.teaches

    # doors

    @property
    def today(self):
        return self.tenant.today(self.now)

    @property
    def told(self):
        """Return what an action about a pupil is told beside the pupil."""
        return {"tenant": self.tenant, "by": self.head, "now": self.now, "today": self.today}

    @property
    def head(self):
        return self.people["head"]

    @property
    def author(self):
        return self.teachers[AUTHOR]

    def sign_in(self):
        """Sign everybody in anew who may be."""
        self.office = self.browse(self.tenant, self.head)
        self.staff = [self.browse(self.tenant, person) for person in self.teachers]
        self.families = [
            self.browse(self.tenant, None if rank in self.blocked else guardian.person)
            for rank, guardian in enumerate(self.guardians)
        ]

    def child_page(self, guardian, pupil):
        """Return the answer to a guardian who opens the page of a child."""
        page = reverse("classrooms:family_child", args=[self.pupils[pupil].pk])
        return self.families[guardian].get(page)

    def messages(self) -> dict[UUID, tuple[int, int]]:
        """Return the messages that left: to which guardian, about which observation."""
        guardians = [str(row.pk) for row in self.guardians]
        observations = [str(row.pk) for row in self.observations]
        rows = OutboxMessage.objects.filter(template="classrooms/observation_shared", state="sent")
        return {
            row.pk: (guardians.index(row.ids["guardian"]), observations.index(row.ids["observation"]))
            for row in rows
        }


class Sight(Sharing):
    """A guardian reads what is shared of the children they look after, and nothing else."""

    @invariant()
    def what_is_shared_of_their_children_and_nothing_else(self):
        for guardian in range(2):
            for pupil in range(2):
                answer = self.child_page(guardian, pupil)
                wanted = self.is_the_guardian(guardian, pupil)
                assert (answer.status_code == 200) == wanted, (guardian, pupil, answer.status_code)
                words = answer.content.decode() if wanted else ""
                for which in range(2):
                    reads = self.written[which] in words
                    assert reads == self.may_read(guardian, which, pupil), (guardian, which, pupil)
                    drafted = self.last_text(which)
                    assert drafted == self.written[which] or drafted not in words, (guardian, which)

    @rule(guardian=GUARDIAN, which=OBSERVATION)
    def a_photo_goes_where_its_observation_goes(self, guardian, which):
        self.count("a_photo_goes_where_its_observation_goes")
        photo = reverse("classrooms:family_photo", args=[self.photos[which].pk])
        answer = self.families[guardian].get(photo)
        wanted = any(self.may_read(guardian, which, pupil) for pupil in range(2))
        assert (answer.status_code == 200) == wanted, (guardian, which, answer.status_code)
        b"".join(getattr(answer, "streaming_content", ()))  # read to its end, which closes the file

    @invariant()
    def nobody_is_told_of_what_they_may_not_read(self):
        sent = self.messages()
        for pk in self.reached:
            guardian, which = sent[pk]
            assert any(self.may_read(guardian, which, pupil) for pupil in range(2)), (guardian, which)
        self.reached = set()


class Colleagues(Sharing):
    """A teacher reads what is in the record of the pupils of their classes today, and nobody's draft."""

    @invariant()
    def what_is_in_the_record_of_their_pupils_and_nothing_else(self):
        words = self.staff[COLLEAGUE].get(reverse("classrooms:record")).content.decode()
        for which in range(2):
            theirs = any(self.is_taught_by(COLLEAGUE, pupil) for pupil in self.about[which])
            wanted = theirs and self.state[which] != "draft"
            assert (self.written[which] in words) == wanted, (which, self.state[which])

    @invariant()
    def the_pages_of_their_pupils_and_no_others(self):
        for pupil in range(2):
            answer = self.staff[COLLEAGUE].get(reverse("classrooms:student", args=[self.pupils[pupil].pk]))
            assert (answer.status_code == 200) == self.is_taught_by(COLLEAGUE, pupil), pupil


class Progress(Sharing):
    """Where the contract lets guardians see nothing, no page of theirs shows how far a child is."""

    @invariant()
    def no_progress_without_consent(self):
        if self.is_added:
            return
        for guardian in range(2):
            for pupil in range(2):
                answer = self.child_page(guardian, pupil)
                if answer.status_code == 200:
                    assert not answer.context["points"], (guardian, pupil)


class Rewriting(Sharing):
    """Who corrects a word on the page changes that word, not whom the observation is about."""

    @rule(which=OBSERVATION, word=st.sampled_from(["saute", "dessine"]))
    def correct_on_the_page(self, which, word):
        self.count("correct_on_the_page")
        observation = self.observations[which]
        page = reverse("classrooms:observation_edit", args=[observation.pk])
        ticked = CHECKED.findall(self.staff[AUTHOR].get(page).content.decode())
        text = f"{self.written[which].split(' :')[0]} : {word} bien."
        self.write(which, text, set(self.last_about(which)))
        sent = {"text": text, "students": ticked, "draft": observation.pk}
        day = observation.observed_on.isoformat()
        assert self.staff[AUTHOR].post(page, sent | {"observed_on": day}).status_code == 302

    @invariant()
    def it_is_about_whom_the_author_chose(self):
        for which, about in enumerate(self.about):
            rows = ObservationStudent.objects.filter(observation=self.observations[which])
            found = set(rows.values_list("student_id", flat=True))
            assert found == {self.pupils[rank].pk for rank in about}, (which, about)
            if self.drafted[which]:
                rows = ChangesStudent.objects.filter(changes__observation=self.observations[which])
                found = set(rows.values_list("student_id", flat=True))
                assert found == {self.pupils[rank].pk for rank in self.drafted[which][1]}, which
