"""When adults were last seen here, and since when they have left: what starts the clock of retention."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Max, Q

from classrooms.models import Guardian
from dpa.models import Erasure
from people.models import Membership, Person

Traces = tuple[Person, date | None, date | None]


def guardians_of_nobody() -> list[Guardian]:
    """Return the guardians who look after no pupil any more and whose deletion nobody has asked for."""
    going = _going()
    rows = Guardian.objects.of_nobody().select_related("person").order_by("created_at", "pk")
    return [one for one in rows if one.pk not in going and one.person_id not in going]


def staff_traces(today: date) -> Iterator[Traces]:
    """Yield who works here with the day on which they left and the last day on which they left a trace.

    Who has no role any more left when the last one ended. A trace is a sign-in, an observation, a class begun
    or the account itself; who teaches a class today is here. An account that is being deleted is left out.
    """
    rows: Any = Person.objects.filter(kind=Person.Kind.STAFF, closed_for=None).annotate(
        wrote=Max("observations__changed_at"), taught=Max("teachings__starts_on")
    )
    held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today))
    teaching = set(rows.filter(teachings__ends_on=None, teachings__isnull=False).values_list("pk", flat=True))
    ended = dict(
        Membership.objects.exclude(person_id__in=held.values("person_id"))
        .order_by()
        .values("person_id")
        .annotate(last=Max("ends_on"))
        .values_list("person_id", "last")
    )
    going = _going()
    for person in rows.order_by("created_at", "pk"):
        if person.pk in going:
            continue
        if person.pk in teaching:
            yield person, None, today
            continue
        instants = [one.date() for one in (person.created_at, person.last_seen_at, person.wrote) if one]
        yield person, ended.get(person.pk), max([*instants, *filter(None, [person.taught])])


def _going() -> frozenset[object]:
    rows = Erasure.objects.open().values_list("subjects", flat=True)
    return frozenset(pk for subjects in rows for pk in subjects)
