"""The addresses of the files every page loads: each says what the file holds, so a browser may keep it."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class StampedFiles(StaticFilesStorage):
    """Files served from where they lie; a changed file has another address."""

    def url(self, name: str | None) -> str:
        """Return the address of a file, with the stamp of what it holds."""
        address = super().url(name)
        stamp = _stamp(name or "") if settings.DEBUG else _stamp_once(name or "")
        return f"{address}?v={stamp}" if stamp else address


def _stamp(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:12] if found else ""


_stamp_once = cache(_stamp)
