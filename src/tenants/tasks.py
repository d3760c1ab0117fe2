"""The door through which the beat has the heads of the audit trails signed."""

from celery import shared_task
from django.utils import timezone

from tenants.actions.sign_heads import sign_heads


@shared_task(name="tenants.tasks.sign_heads")  # type: ignore[untyped-decorator]
def sign_all_heads() -> int:
    """Return how many heads were signed."""
    return sign_heads(now=timezone.now())
