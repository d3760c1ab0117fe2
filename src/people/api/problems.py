"""Errors as programs read them: problem details (RFC 9457)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import exception_handler

from people.api.parsers import SaidTwice

TYPE = "application/problem+json"
NAME = "urn:preau:problem:{}"
Errors = Sequence[dict[str, str]]


class Conflict(exceptions.APIException):
    """Raised when the state of a thing doesn't allow what is asked; `kind` names the reason for programs."""

    status_code = 409

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def problem(
    status: int, kind: str, detail: str = "", *, errors: Errors = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return a problem: its kind, a title in words, what happened this time, and which fields are wrong."""
    body: dict[str, Any] = {"type": NAME.format(kind), "title": str(_titles(status)), "status": status}
    if detail:
        body["detail"] = str(detail)
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=TYPE, headers=dict(headers or {}))


def _titles(status: int) -> str:
    known = {
        400: _("This request can’t be read."),
        401: _("Show a token that is valid."),
        403: _("Your role doesn’t allow this."),
        404: _("There is nothing here."),
        405: _("This address doesn’t do that."),
        409: _("This can’t be done as things stand."),
        413: _("This is too large."),
        415: _("Send JSON."),
        422: _("Something in this request is wrong."),
        429: _("Too many requests: wait a little."),
        500: _("We failed; nothing was saved."),
        503: _("We can’t be reached right now; nothing was saved."),
    }
    return known.get(status, _("This request can’t be answered."))


def unauthorised() -> HttpResponse:
    """Return the answer to a program that shows no token, or one that opens nothing."""
    return problem(401, "token", headers={"WWW-Authenticate": "Bearer"})


KINDS = {
    exceptions.ParseError: "unreadable",
    exceptions.NotFound: "absent",
    exceptions.MethodNotAllowed: "method",
    exceptions.UnsupportedMediaType: "media-type",
    exceptions.Throttled: "throttled",
    exceptions.PermissionDenied: "right",
    exceptions.NotAuthenticated: "token",
}


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Return the problem an exception in a view stands for; None for one nobody foresaw."""
    response = exception_handler(error, context)  # takes back what the view wrote
    if response is None:
        return None
    headers = {
        name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response
    }
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error, context["request"].method in {"GET", "HEAD"}, headers)
    if isinstance(error, Conflict):
        return problem(409, error.kind, str(error.detail), headers=headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    kind = next((name for known, name in KINDS.items() if isinstance(error, known)), "other")
    detail = str(error.detail) if isinstance(error, SaidTwice) else ""
    return problem(response.status_code, kind, detail, headers=headers)


def _invalid(error: exceptions.ValidationError, in_query: bool, headers: dict[str, str]) -> HttpResponse:
    found = list(_flat(error.detail, ()))
    if in_query:
        errors = [{"detail": text, "parameter": "/".join(path)} for path, text in found]
        return problem(400, "query", errors=errors, headers=headers)
    errors = [{"detail": text, "pointer": pointer(path)} for path, text in found]
    return problem(422, "invalid", errors=errors, headers=headers)


def pointer(path: Sequence[str]) -> str:
    """Return a JSON pointer as a fragment: "#/lines/0/quantity"; "#" is the whole body."""
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def _flat(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each error with the way to its field; what is wrong with a whole object stands at the object."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name in {"non_field_errors", "__all__"} else (*path, str(name)))
    elif isinstance(detail, list):
        for rank, inner in enumerate(detail):
            yield from _flat(inner, (*path, str(rank)) if isinstance(inner, dict) else path)
    else:
        yield path, str(detail)
