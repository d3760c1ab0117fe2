"""What every answer carries, and how it travels."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
COMPRESSED = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), interest-cohort=()"


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
