"""Open the school year of a day."""

from datetime import date

from classrooms.models import SchoolYear


def open_year(today: date) -> SchoolYear:
    """Return the school year a day lies in, made when there is none: from 1 September to the next."""
    year = SchoolYear.objects.filter(starts_on__lte=today, ends_on__gt=today).first()
    if year is not None:
        return year
    first = today.year if today.month >= 9 else today.year - 1
    return SchoolYear.objects.create(
        name=f"{first}–{first + 1}", starts_on=date(first, 9, 1), ends_on=date(first + 1, 9, 1)
    )
