"""A term of the learning record: observations with photos, shared or kept, and weekly results."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classrooms.actions.add_photo import add_photo
from classrooms.actions.save_observation import complete_observation, start_observation
from classrooms.actions.share_observation import share_observation
from classrooms.models import Competency, Observation, SchoolClass, Student
from classrooms.policy.changes import Written
from classrooms.policy.levels import cycle_of
from demo.world.cast import TEAMS, Member
from demo.world.days import Days
from demo.world.pictures import picture
from demo.world.results import measure
from demo.world.school import person, tenant_of
from demo.world.sentences import ANY, SEEN
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant

A_WEEK = 1  # observations a teacher writes; the class that a visitor looks at first
SHOWN_WEEK = 3
SHOWN = "CE1 Érable"
WITH_PHOTO = 5  # one in five


@dataclass(frozen=True)
class Room:
    """A class at work: its tenant, its teacher, its pupils, what they learn."""

    tenant: Tenant
    teacher: Person
    pupils: Sequence[Student]
    competencies: Sequence[Competency]
    dice: random.Random


def observe_since(days: Days) -> None:
    """Every week since the term began each teacher writes what she saw; most are shared, some only kept."""
    planned = [(ago, member) for member in _teachers() for ago in _days_of_writing(days, member)]
    rooms: dict[str, Room] = {}
    for ago, member in sorted(planned, key=lambda each: -each[0]):
        with inside(tenant_of(member.where)):
            room = (
                rooms[member.username]
                if member.username in rooms
                else rooms.setdefault(member.username, _room(member))
            )
            _observe(room, days, ago)


def score_since(days: Days) -> None:
    """Every week since the term began each pupil does an activity."""
    for member in _teachers():
        with inside(tenant_of(member.where)):
            room = _room(member)
            measure(room.pupils, room.competencies, room.teacher, days, room.dice)


def leave_drafts(days: Days) -> None:
    """Each teacher leaves a draft of the last days."""
    for member in _teachers():
        with inside(tenant_of(member.where)):
            room = _room(member)
            start_observation(
                by=room.teacher, written=_written(room, days, 1), now=days.at(1, hour=16, minute=40)
            )


def _teachers() -> list[Member]:
    return [member for member in TEAMS if member.class_name]


def _room(member: Member) -> Room:
    school_class = SchoolClass.objects.get(name=member.class_name)
    pupils = list(
        Student.objects.filter(enrolments__school_class=school_class, enrolments__ends_on=None).by_name()
    )
    cycle = cycle_of(school_class.level, school_class.name) or 1
    shown = list(Competency.objects.filter(cycle=cycle))
    dice = random.Random(member.username)  # noqa: S311
    return Room(tenant_of(member.where), person(member), pupils, shown, dice)


def _days_of_writing(days: Days, member: Member) -> list[int]:
    dice = random.Random(member.email)  # noqa: S311
    weeks = range(days.term_started // 7, 0, -1)
    count = SHOWN_WEEK if member.class_name == SHOWN else A_WEEK
    return [max(1, week * 7 - dice.randrange(5)) for week in weeks for _ in range(count)]


def _observe(room: Room, days: Days, ago: int) -> None:
    at = days.at(ago, hour=room.dice.randint(11, 16), minute=room.dice.randrange(60))
    observation = start_observation(by=room.teacher, written=_written(room, days, ago), now=at)
    if room.dice.randrange(WITH_PHOTO) == 0:
        upload = picture(room.dice.randrange(10**6))
        add_photo(
            observation=observation, upload=upload, caption="La cour cette semaine", by=room.teacher, now=at
        )
    _publish(observation, room, days, ago, at)


def _publish(observation: Observation, room: Room, days: Days, ago: int, at: datetime) -> None:
    if room.dice.random() < 0.25:
        complete_observation(observation=observation, by=room.teacher, now=at)
        return
    share_observation(
        observation_id=observation.pk, tenant=room.tenant, by=room.teacher, now=at, today=days.ago(ago)
    )


def _written(room: Room, days: Days, ago: int) -> Written:
    shown = room.dice.choice(room.competencies)
    seen = room.dice.sample(room.pupils, k=min(len(room.pupils), room.dice.choice((1, 1, 1, 2, 3, 6))))
    sentence = room.dice.choice(SEEN.get(shown.domain_fr, ANY))
    who = (
        seen[0].first_name if len(seen) == 1 else "En petit groupe"
    )  # what a family reads names no other child
    text = sentence.format(who=who)
    level = room.dice.choices(("acquired", "progress", "coming"), weights=_odds(days, ago))[0]
    return Written(text, days.ago(ago), [pupil.pk for pupil in seen], {shown.pk: level})


def _odds(days: Days, ago: int) -> tuple[float, float, float]:
    """Return how likely each level is: more is acquired as the term goes on."""
    gone = 1 - ago / max(1, days.term_started)
    return 0.2 + 0.5 * gone, 0.5, 0.4 - 0.3 * gone
