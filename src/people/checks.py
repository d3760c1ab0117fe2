"""System checks of a deployment: sign-in is guarded everywhere, mails leave, what is kept has a place."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from people.policy.hosts import unshared

_ALONE = ("locmem.LocMemCache", "dummy.DummyCache")


DISK = "django.core.files.storage.FileSystemStorage"


def refuse_what_hosts_cannot_share() -> None:
    """Refuse to start on several machines with what each would keep for itself.

    Raises ImproperlyConfigured.
    """
    found = unshared(
        settings.HOSTS,
        shared=settings.SHARED_FOLDERS,
        folders={
            "PREAU_ERASURE_LEDGER": Path(settings.ERASURE_LEDGER),
            "PREAU_AUDIT_HEADS": Path(settings.AUDIT_HEADS),
            "PREAU_SIGNING_KEYS": Path(settings.SIGNING_KEYS),
            "PREAU_EINVOICE_DROP": Path(settings.EINVOICE_DROP),
        }
        | ({"PREAU_MEDIA_ROOT": Path(settings.MEDIA_ROOT)} if _on_disk() else {}),
        alone={
            "CACHE_URL": settings.CACHES["default"]["BACKEND"].endswith(_ALONE),
            "EMAIL_HOST": settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"),
        },
    )
    if found:
        raise ImproperlyConfigured(
            f"{settings.HOSTS} hosts can't share what these leave to each: {', '.join(found)}; set them, or "
            "name in PREAU_SHARED_FOLDERS the folders every host mounts: docs/operating.md"
        )


def _on_disk() -> bool:
    return bool(settings.STORAGES["default"]["BACKEND"] == DISK)


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


@register(Tags.security, deploy=True)
def it_has_a_secret(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error where nothing signs sessions and links: the first sign-in would fail."""
    try:
        known = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        known = False
    if known:
        return []
    hint = "set SECRET_KEY to 50 random characters or more: docs/operating.md"
    return [Error("no SECRET_KEY", hint=hint, id="people.E007")]


@register(Tags.security, deploy=True)
def it_has_a_host(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error when links in mails would lead to this very machine."""
    if settings.PUBLIC_HOST not in {"localhost", "127.0.0.1"}:
        return []
    hint = "set PREAU_PUBLIC_HOST to the host of the public site: docs/operating.md"
    return [Error("links in mails would lead to localhost", hint=hint, id="people.E003")]


@register(Tags.security, deploy=True)
def what_is_kept_has_its_place(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error for each folder that would be written beside the program, or can't be written at all.

    Below the program a new version would leave files and the ledger of erasures behind.
    """
    places = {
        "PREAU_MEDIA_ROOT": Path(settings.MEDIA_ROOT),
        "PREAU_ERASURE_LEDGER": Path(settings.ERASURE_LEDGER).parent,
        "PREAU_AUDIT_HEADS": Path(settings.AUDIT_HEADS).parent,  # both folders are made on first use
        "PREAU_SIGNING_KEYS": Path(settings.SIGNING_KEYS).parent,
    }
    found = []
    if not _on_disk():
        del places["PREAU_MEDIA_ROOT"]
    for name, place in places.items():
        hint = f"set {name} (or PREAU_STATE) to a folder that stays: docs/operating.md"
        if place.is_relative_to(settings.BASE_DIR):
            found.append(Error(f"{place} would go with the program", hint=hint, id="people.E004"))
        elif not _can_be_written(place):
            hint = f"make {place}, owned by the account of the service"
            found.append(Error(f"{place} can't be written", hint=hint, id="people.E005"))
    return found


@register(Tags.security, deploy=True)
def backups_run(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error while nobody said that backups run: erasure certificates name the day they forget."""
    if settings.BACKUPS_CONFIGURED:
        return []
    hint = "set PREAU_BACKUPS=1 once they do: docs/operating.md, “Backups and restoring”"
    return [Error("no backup is known to run", hint=hint, id="people.E006")]


@register(Tags.security, deploy=True)
def words_are_compiled(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error while pages would be in English whatever their reader speaks."""
    root = Path(settings.BASE_DIR) / "locale"
    sources = root.glob("*/*/LC_MESSAGES/*.po")
    compiled = (settings.LOCALES / each.relative_to(root).with_suffix(".mo") for each in sources)
    if all(each.exists() for each in compiled):
        return []
    hint = "run manage.py compile_words"
    return [Error("the words of other languages are not compiled", hint=hint, id="people.E008")]


def _can_be_written(place: Path) -> bool:
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
