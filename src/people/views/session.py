"""Staying signed in, the locked page, and the language."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from audit.actions import log_action
from people.middleware import touch
from people.models import Person
from people.requests import PersonRequest, VisitorRequest


class Stay(View):
    """Count as activity."""

    permission = "signed-in"

    def post(self, request: PersonRequest) -> HttpResponse:
        """Return nothing: the session starts its time again."""
        touch(request, request.person, seconds=0)
        return HttpResponse(status=204)


class Locked(TemplateView):
    """Say that the session was closed, and lead back to where it was.

    Whoever is still signed in is signed out.
    """

    permission = "anyone"
    template_name = "people/locked.html"
    request: VisitorRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the locked page; a session still open is closed first."""
        person = self.request.person
        if person is not None:
            log_action("session.locked", by=None, on=person, at=timezone.now(), about=[person.pk])
            logout(request)
            self.request.person = None
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return where to go on after signing in again."""
        return super().get_context_data(**kwargs) | {
            "next": safe_next(self.request) or came_from(self.request)
        }


class SetLanguage(View):
    """Remember the language a reader chose."""

    permission = "anyone"

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Return to the page, in the language chosen."""
        response = HttpResponseRedirect(safe_next(request) or "/")
        language = request.POST.get("language", "")
        if language not in dict(settings.LANGUAGES):
            return response
        if request.person is not None:
            Person.objects.filter(pk=request.person.pk).update(language=language)
            request.session["language"] = language
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        return response


def safe_next(request: HttpRequest) -> str:
    """Return the page of this host to go on to, or nothing."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_safe else ""


def came_from(request: HttpRequest) -> str:
    """Return the page of this host whose script led here, or nothing."""
    page = urlsplit(request.headers.get("Referer", ""))
    own = page.netloc == request.get_host() and page.path not in {"", "/", request.path}
    return (f"{page.path}?{page.query}" if page.query else page.path) if own else ""
