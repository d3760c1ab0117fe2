"""The door through which the beat calls the loop."""

from celery import shared_task
from django.utils import timezone

from agenda import loop


@shared_task(name="agenda.tasks.tick")  # type: ignore[untyped-decorator]
def tick() -> int:
    """Return how many steps were run for everything due now."""
    return loop.tick(timezone.now())
