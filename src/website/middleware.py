"""The addresses that watch over the service: answered on any host, before anything else is asked."""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from isolation.context import inside_operator
from isolation.gateways.opening import closed_because
from people.views.problems import away
from tenants.middleware import tenant_id_of
from website.gateways.metrics import metrics

logger = logging.getLogger(__name__)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class AnswerProbes:
    """Answer whether this process lives, whether it can serve, and how the service is doing.

    Whoever asks knows no tenant's name and comes without TLS from the same machine or network. The numbers
    are for who shows the token of `PREAU_METRICS_TOKEN`; without one they aren't there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer to a probe, else of the next handler."""
        probe = PROBES.get(request.path_info)
        if probe is None or request.method not in ("GET", "HEAD"):
            return away(request) if closed_because() else self.get_response(request)
        response = probe(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def live(_request: HttpRequest) -> HttpResponse:
    """Return that the process answers, whatever it depends on."""
    return JsonResponse({"live": True})


def ready(_request: HttpRequest) -> HttpResponse:
    """Return whether pages can be served: 503 while the database or the shared cache is away, and while a
    backup is being restored.

    The broker is no part of it: without it sign-in and pages work, and what waits is done later.
    """
    found = {"database": _answers(_ask_database), "cache": _answers(_ask_cache)}
    found["open"] = not closed_because()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def numbers(request: HttpRequest) -> HttpResponse:
    """Return the metrics to who shows the token."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(shown.encode(), token.encode()):
        return HttpResponse(status=404)
    with inside_operator():
        return HttpResponse(metrics(now=timezone.now()), content_type=CONTENT_TYPE)


def host(request: HttpRequest) -> HttpResponse:
    """Return 200 for a host that leads somewhere, so that a proxy asks a certificate for no other."""
    asked = request.GET.get("domain", "").lower()
    is_ours = asked == settings.PUBLIC_HOST or (bool(asked) and tenant_id_of(asked) is not None)
    return HttpResponse(status=200 if is_ours else 404)


PROBES = {"/health/live": live, "/health/ready": ready, "/health/host": host, "/metrics": numbers}


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, OSError, _cache_error()):
        logger.warning("a probe had no answer", exc_info=True)
        return False
    return True


def _ask_database() -> None:
    with inside_operator(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.get("health")


def _cache_error() -> type[Exception]:
    """Return what the shared cache's library raises when it is away."""
    from redis.exceptions import RedisError  # comes with the broker's library

    return RedisError
