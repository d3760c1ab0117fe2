"""What every answer carries, and how it travels."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from config.logs import request_id

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
REQUEST_ID = re.compile(r"[0-9a-f-]{16,64}")
COMPRESSED = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), interest-cohort=()"


class NameRequest:
    """Give each request an id, which its log lines and its answer bear (`X-Request-ID`).

    A trusted proxy may have given it one already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with the id of its request."""
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        name = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        before = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(before)
        response.headers["X-Request-ID"] = name
        return response


class ContentSecurityPolicy:
    """Send a policy that allows this host's own files only: no inline script, no inline style."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with its policy."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class CompressPages(GZipMiddleware):
    """Send pages, the stylesheet and the script compressed; downloads go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, smaller where that is worth the work."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind not in COMPRESSED or response.has_header("Content-Disposition"):
            return response
        return super().process_response(request, response)


class ClientAddress:
    """Put where a request really comes from in REMOTE_ADDR.

    Trail, sessions, acceptances and rate limits read it there.

    Each trusted proxy adds the address it was asked from to X-Forwarded-For; what stands before those is
    anybody's word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer to a request whose address is the client's; the header says nothing any more."""
        said = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        found = client_address(said, trusted=settings.TRUSTED_PROXIES)
        if found:
            request.META["REMOTE_ADDR"] = found
        return self.get_response(request)


def client_address(forwarded_for: str, *, trusted: int) -> str | None:
    """Return the address the outermost trusted proxy was asked from; None when they didn't all say."""
    said = [part.strip() for part in forwarded_for.split(",")] if forwarded_for else []
    if trusted < 1 or len(said) < trusted:
        return None
    address = said[-trusted]
    if address.startswith("["):  # [2001:db8::1]:443
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:  # 192.0.2.1:443
        address = address.partition(":")[0]
    try:
        return str(ip_address(address))
    except ValueError:
        return None
