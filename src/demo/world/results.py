"""A term of results: each pupil does an activity or two a week and gets better at it, mostly."""

import random
from collections.abc import Sequence
from datetime import datetime

from classrooms.models import Competency, Student
from demo.world.days import Days
from learning.models import Activity, Result
from people.models import Person


def measure(
    pupils: Sequence[Student],
    competencies: Sequence[Competency],
    teacher: Person,
    days: Days,
    dice: random.Random,
) -> None:
    """Write down what the pupils of a class scored since the term began."""
    activities = [_activity(competency, days.at(days.term_started)) for competency in competencies]
    rows = []
    for pupil in pupils:
        start = dice.randint(35, 75)
        slope = dice.choice((-1, 0, 1, 2, 2, 3))
        for week in range(days.term_started // 7, 0, -1):
            gone = days.term_started // 7 - week
            ago = max(1, week * 7 - dice.randrange(5))
            rows.append(
                _result(pupil, dice.choice(activities), start + slope * gone, teacher, days.at(ago, 11), dice)
            )
    Result.objects.bulk_create(rows)


def _activity(competency: Competency, at: datetime) -> Activity:
    return Activity.objects.get_or_create(
        name=competency.name_fr, defaults={"competency": competency, "created_at": at}
    )[0]


def _result(
    pupil: Student, activity: Activity, level: int, teacher: Person, at: datetime, dice: random.Random
) -> Result:
    score = max(0, min(100, level + dice.randint(-12, 12)))
    seconds = dice.randint(180, 1500)
    return Result(
        student=pupil, activity=activity, score=score, seconds=seconds, done_at=at, entered_by=teacher
    )
