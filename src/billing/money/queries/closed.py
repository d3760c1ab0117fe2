"""The first day the books are open."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from billing.money.models import ClosedPeriod


def first_open_on() -> date | None:
    """Return the first day in which something can be dated; None while nothing was ever closed."""
    day: date | None = ClosedPeriod.objects.active().aggregate(day=Max("ends_on"))["day"]
    return day
