"""System checks of a deployment: what guards sign-in is shared by every process, and mails leave."""

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


@register(Tags.security, deploy=True)
def mails_leave(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error when mails are written to files: invitations, notices and links would reach nobody."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.filebased.EmailBackend":
        return []
    hint = "set EMAIL_HOST (and EMAIL_HOST_USER, EMAIL_HOST_PASSWORD where it asks): docs/operating.md"
    return [Error("mails are written to files and reach nobody", hint=hint, id="people.E002")]
