"""What a teacher who goes leaves without anybody."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from classrooms.models import Group, SchoolClass, Teaching
from classrooms.models.ordering import NameKey


def left_without_teacher(person_id: UUID, *, today: date) -> list[SchoolClass | Group]:
    """Return the classes and groups of this school year that somebody teaches and nobody else who is here."""
    teachings = Teaching.objects.filter(ends_on=None)
    mine = teachings.filter(person_id=person_id)
    others = teachings.exclude(person_id=person_id).filter(person__is_active=True)
    classes = SchoolClass.objects.current(today).filter(
        Exists(mine.filter(school_class=OuterRef("pk"))),
        ~Exists(others.filter(school_class=OuterRef("pk"))),
    )
    groups = Group.objects.filter(
        Exists(mine.filter(group=OuterRef("pk"))),
        ~Exists(others.filter(group=OuterRef("pk"))),
        year__starts_on__lte=today,
        year__ends_on__gt=today,
    )
    return [*classes.order_by(NameKey("name"), "id"), *groups.order_by(NameKey("name"), "id")]
