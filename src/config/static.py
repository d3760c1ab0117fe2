"""The addresses of the files every page loads: each says what the file holds, so a browser may keep it."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


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


class StampedStatic(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Serves the files; a browser keeps one for a year only under the address of what it holds.

    While a new release takes over, either may be asked for a file by the address the other gave it.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponseBase:
        """Return the file's answer."""
        answer: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get("v")
        if asked and asked != _stamp_once(request.path_info.removeprefix(settings.STATIC_URL)):
            answer["Cache-Control"] = "no-cache"
        return answer
