"""System checks: what guards sign-in is shared by every process."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

_ALONE = ("locmem.LocMemCache", "dummy.DummyCache")


@register(Tags.security, deploy=True)
def rate_limits_are_shared(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error when each process would count failed sign-ins for itself.

    The limit times the processes.
    """
    if not settings.CACHES["default"]["BACKEND"].endswith(_ALONE):
        return []
    hint = "set CACHE_URL to a Redis or Valkey address (BROKER_URL does when it is one): docs/operating.md"
    return [Error("each process keeps rate limits of its own", hint=hint, id="people.E001")]
