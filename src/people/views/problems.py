"""The answers when something is wrong: what it is, and what to do next."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from people.api.problems import problem
from people.middleware import API


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the answer to a request that can't be read."""
    if request.path.startswith(API):
        return problem(400, "unreadable")
    return render(request, "people/problem.html", {"problem": "bad"}, status=400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the answer to someone who may not do this."""
    return render(request, "people/denied.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the answer to a form sent from a page that is too old, or from elsewhere."""
    return render(request, "people/problem.html", {"problem": "old"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the one answer for what isn't there and for what belongs to others."""
    if request.path.startswith(API):
        return problem(404, "absent")
    return render(request, "people/problem.html", {"problem": "absent"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Return the answer when we failed, or the database is away; nothing was saved."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)) and not _is_database_there():
        return away(request)
    if request.path.startswith(API):
        return problem(500, "failed")
    return render(request, "people/failed.html", status=500)


def away(request: HttpRequest) -> HttpResponse:
    """Return the answer while nothing can be read or kept: try again in a moment."""
    headers = {"Retry-After": "30"}
    if request.path.startswith(API):
        return problem(503, "away", headers=headers)
    return HttpResponse(render_to_string("people/away.html"), status=503, headers=headers)


def _is_database_there() -> bool:
    try:
        connection.close()
        connection.ensure_connection()
    except (OperationalError, InterfaceError):
        return False
    return True
