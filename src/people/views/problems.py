"""The answers when something is wrong: what it is, and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
    """Return the answer when we failed; nothing was saved."""
    if request.path.startswith(API):
        return problem(500, "failed")
    return render(request, "people/failed.html", status=500)
