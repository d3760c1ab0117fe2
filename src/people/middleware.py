"""From a request to a person, their language, what they may do, and what comes first; fail closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit.actions import log_action
from contracts.context import speaking
from contracts.models import TermsVersion
from contracts.policy.words import SCHOOL
from people import registry
from people.actions.deactivate_person import BeingDeleted
from people.api.problems import problem, unauthorised
from people.models import Person
from people.policy.doors import opens_to_a_child
from people.policy.grants import open_now
from people.policy.lock import is_locked
from people.policy.permissions import ANYONE, CONTACT, KEY_OF_A_CIRCLE, KEYS_OF, SIGNED_IN, VIEW_PERMISSIONS
from people.policy.roles import CIRCLE
from people.policy.second_factor import is_needed
from people.policy.tokens import may_act, narrowed, secret_in
from people.queries import (
    accepted_versions,
    circle_state,
    is_child,
    permissions_of,
    terms_in_force_here,
    terms_to_accept,
    token_shown,
)
from people.requests import VisitorRequest
from tenants.models import Tenant
from tenants.policy.states import rights_open, rights_open_in_circle
from tenants.queries import words_here

Next = Callable[[VisitorRequest], HttpResponse]
TOUCH_SECONDS = 60
TERMS_KNOWN_SECONDS = 60
API = "/api/"
_WORDLESS = {400: "bad", 404: "absent", 405: "method", 410: "gone"}
ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
ALWAYS_OPEN = frozenset(
    {
        "people:terms",
        "people:stay",
        "people:locked",
        "set_language",
        "account_logout",
        "account_reauthenticate",
    }
)
SECOND_FACTOR_PAGES = frozenset({"mfa_activate_totp", "mfa_authenticate", "mfa_reauthenticate", "mfa_index"})


class _Middleware:
    def __init__(self, get_response: Next) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)


class ChooseLanguage(_Middleware):
    """Speak the language a person chose, else the browser's among ours, else the school's; in its words."""

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer in the chosen language, with the words of the tenant it is of."""
        words = words_here(timezone.now()) if request.tenant else SCHOOL
        with speaking(words), translation.override(chosen_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE or settings.LANGUAGE_CODE)
            return response


def chosen_language(request: VisitorRequest) -> str:
    """Return the language of a request: the cookie, the person's, the browser's, the school's, French."""
    known = dict(settings.LANGUAGES)
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    wanted = [
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        request.session.get("language", "") if signed_in else "",
        *(
            word.split(";")[0].split("-")[0].strip()
            for word in request.headers.get("Accept-Language", "").split(",")
        ),
        request.tenant.language if request.tenant else "",
    ]
    return next((language for language in wanted if language in known), settings.LANGUAGE_CODE)


class SayWhatIsWrong(_Middleware):
    """Give a person a page where an answer says only by its number that it is none."""

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer, with words where it has none and a browser asks."""
        response = self.get_response(request)
        problem_here = _WORDLESS.get(response.status_code)
        asks_for_words = "text/html" in request.headers.get("Accept", "")
        if problem_here is None or not asks_for_words or response.streaming or response.content:
            return response
        page = render(request, "people/problem.html", {"problem": problem_here}, status=response.status_code)
        if "Allow" in response.headers:
            page.headers["Allow"] = response.headers["Allow"]
        return page


class RefuseLargeBodies(_Middleware):
    """Refuse what is too large before any of it is read."""

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return 413 by the length a request says it has; without one nothing of its body is read."""
        if _length(request) <= body_limit(request):
            return self.get_response(request)
        if request.path.startswith(API):
            return problem(413, "large")
        return render(request, "people/problem.html", {"problem": "large"}, status=413)


def body_limit(request: VisitorRequest) -> int:
    """Return how many bytes a request may have: a visitor's, a form's with its files, or a program's."""
    if "Authorization" in request.headers:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return settings.VISITOR_LIMIT
    has_files = request.content_type == "multipart/form-data"
    return settings.UPLOAD_LIMIT if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length(request: VisitorRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


class KnowThePerson(_Middleware):
    """Say who is there and what they hold today; lock a session nobody used."""

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer to a known person, or the way back in when the session was left too long."""
        if not is_in_utf8(request):
            if is_for_programs(request):
                return problem(415, "media-type", _("Send it in UTF-8."))
            raise BadRequest("only UTF-8 is read")
        if any("\0" in text for texts in request.GET.lists() for text in texts[1]):
            raise BadRequest("no text holds this character")
        if is_for_programs(request):
            return self._answer_program(request)
        person = request.user if request.user.is_authenticated else None
        request.person = person
        request.token = None
        if person is not None and _left_too_long(request):
            return lock(request, person)
        hold(request)
        response = self.get_response(request)
        if person is not None:  # nothing of a school stays on a shared computer once its session is closed
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _answer_program(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer to a program: the person of its token, never the one of a session's cookie."""
        today = timezone.localdate(timezone.now())
        token = token_shown(secret_in(request.headers.get("Authorization", "")), today=today)
        request.token = token
        request.person = token.person if token else None
        if token is not None:
            token.mark_used(on=today)
        hold(request)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: VisitorRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Count the request as activity, unless the page asks by itself or a program does."""
        if is_for_programs(request):
            return
        if request.person is not None and not getattr(_class_of(view), "is_background", False):
            touch(request, request.person)


def hold(request: VisitorRequest) -> None:
    """Set `request.permissions`, `.scope(permission)`, `.now` and `.today` for who is there."""
    now = timezone.now()
    tenant = request.tenant
    person = request.person
    request.now = now
    request.today = tenant.today(now) if tenant else timezone.localdate(now)
    request.is_child = is_child(person, tenant, on=request.today)
    held = permissions_of(person.pk, today=request.today) if person is not None else {}
    token = getattr(request, "token", None)
    if token is not None:
        held = narrowed(held, areas=token.areas)
    if tenant is not None:
        held = open_now(held, still_open=rights_open(tenant.state), key_right=KEYS_OF["tenant"])
        circle = circle_state(person.pk) if person is not None and tenant.is_shared else None
        if circle is not None:
            held = open_now(
                held, still_open=rights_open_in_circle(circle), key_right=KEY_OF_A_CIRCLE, scope=CIRCLE
            )
        request.place_state = circle or tenant.state
    request.permissions = frozenset(held)
    request.scope = held.get


def lock_minutes(request: VisitorRequest) -> int:
    """Return after how many minutes without activity a session here is locked."""
    return request.tenant.lock_after_minutes if request.tenant else settings.OPERATOR_LOCK_AFTER_MINUTES


def _left_too_long(request: VisitorRequest) -> bool:
    seen = request.session.get("seen_at")
    if seen is None:
        return False
    seen_at = datetime.fromtimestamp(seen, UTC)
    return is_locked(seen_at=seen_at, lock_after_minutes=lock_minutes(request), now=timezone.now())


def lock(request: VisitorRequest, person: Person) -> HttpResponse:
    """Close the session of someone who was away too long, and show the locked page."""
    request.person = None
    log_action("session.locked", by=None, on=person, at=timezone.now(), about=[person.pk])
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    language = request.session.get("language", "")
    logout(request)
    request.session["language"] = language
    hold(request)
    return to_page(request, reverse("people:locked"), comes_back=request.path != reverse("people:stay"))


def touch(request: VisitorRequest, person: Person, *, seconds: int = TOUCH_SECONDS) -> None:
    """Remember that the person is active, at most once a minute."""
    now = timezone.now()
    if now.timestamp() - request.session.get("seen_at", 0) < seconds:
        return
    request.session["seen_at"] = now.timestamp()
    Person.objects.filter(pk=person.pk).update(last_seen_at=now)
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def is_in_utf8(request: VisitorRequest) -> bool:
    """Return whether what is sent says UTF-8, a part of it, or nothing; any other name may be of no text."""
    return (request.content_params or {}).get("charset", "utf-8").strip().lower() in ENCODINGS


def is_for_programs(request: VisitorRequest) -> bool:
    """Return whether the address is one of the API, where tokens are shown and sessions count for nothing."""
    return request.tenant is None and request.path.startswith(API)


def is_api(request: VisitorRequest) -> bool:
    """Return whether a program asks rather than a page."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def to_page(request: VisitorRequest, url: str, *, comes_back: bool = True) -> HttpResponse:
    """Return the way to a page that comes first; programs get 401, parts of pages a whole page."""
    if is_api(request):
        return unauthorised()
    asked = request.get_full_path() if request.method == "GET" else ""
    if request.headers.get("HX-Request"):
        asked = ""
    if comes_back and asked not in {"", "/"}:
        url = f"{url}?{urlencode({'next': asked})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return redirect(url)


class AcceptTermsFirst(_Middleware):
    """Let nobody past who hasn't accepted the terms in force, nor staff without a second factor."""

    def process_view(self, request: VisitorRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the page that comes first, or None."""
        name = request.resolver_match.view_name
        if request.person is None or name in ALWAYS_OPEN or permission_of(view, name) == ANYONE:
            return None
        if request.is_child:  # who opened the account accepted the terms for them
            return None
        if request.tenant is None:
            return self._second_factor(request, request.person, name)
        if terms_missing(request, request.tenant, request.person):
            return to_page(request, reverse("people:terms"))
        return self._after_two_weeks(request, request.person, permission_of(view, name) or "")

    def _after_two_weeks(self, request: VisitorRequest, person: Person, right: str) -> HttpResponse | None:
        """Return the way to a second factor for an administrator who has none since too long."""
        if request.tenant is None or not is_needed(
            right,
            first_seen_at=person.first_seen_at,
            is_administrator=KEYS_OF["tenant"] in request.permissions,
            now=request.now,
        ):
            return None
        if is_mfa_enabled(person, ["totp"]):
            return None
        words = _(
            "Your account administers this place: from now on this page opens with a second factor only."
        )
        messages.warning(request, words)
        return to_page(request, reverse("mfa_activate_totp"))

    def _second_factor(self, request: VisitorRequest, person: Person, name: str) -> HttpResponse | None:
        if person.kind != Person.Kind.OPERATOR or name in SECOND_FACTOR_PAGES:
            return None
        if is_mfa_enabled(person, ["totp"]):
            return None
        return to_page(request, reverse("mfa_activate_totp"), comes_back=False)


def terms_missing(request: VisitorRequest, tenant: Tenant, person: Person) -> list[TermsVersion]:
    """Return the terms the person still has to accept here, remembered in the session once all are."""
    documents = terms_here(tenant)
    known = set(request.session.get("accepted", ()))
    if all(any(str(row.pk) in known for row in languages) for languages in documents):
        return []
    accepted = accepted_versions(person.pk)
    missing = terms_to_accept(documents, accepted=accepted, language=request.LANGUAGE_CODE)
    if not missing:
        request.session["accepted"] = sorted(str(pk) for pk in accepted)
    return missing


def terms_here(tenant: Tenant) -> list[list[TermsVersion]]:
    """Return the terms of use in force in the tenant we are in, remembered for a minute."""
    now = timezone.now()
    key = f"terms-in-force-{tenant.today(now)}"
    documents = cache.get(key)
    if documents is None:
        documents = terms_in_force_here(tenant, now=now)
        cache.set(key, documents, TERMS_KNOWN_SECONDS)
    return list(documents)


class PermissionMiddleware(_Middleware):
    """Enforce what each view says of who may see it; a view that says nothing is closed."""

    def process_view(self, request: VisitorRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the way to sign in, a refusal, or None when the view may run."""
        name = request.resolver_match.view_name
        ruling = permission_of(view, name)
        if request.is_child and not opens_to_a_child(name):
            return refuse(request, "adult")
        if ruling == ANYONE:
            return None
        if ruling == CONTACT:
            return registry.check_contact(request) or None
        token = getattr(request, "token", None)
        if token is not None and not may_act(request.method or "", may_write=token.may_write):
            request.denied = {"right": "token.write", "path": request.path[:300]}
            return problem(403, "read-only", _("This token only reads: make one that may write."))
        if request.person is None and ruling is not None:
            return to_page(request, reverse("account_login"))
        if ruling == SIGNED_IN or ruling in request.permissions:
            return None
        return refuse(request, ruling or "none")

    def process_exception(self, request: VisitorRequest, exception: Exception) -> HttpResponse | None:
        """Return the page that says whose deletion stands in the way; nothing was changed."""
        if not isinstance(exception, BeingDeleted):
            return None
        context = {"name": exception.name, "is_frozen": exception.is_frozen}
        return TemplateResponse(request, "people/being_deleted.html", context, status=409).render()


def refuse(request: VisitorRequest, permission: str) -> HttpResponse:
    """Return the refusal, to be noted in the audit trail once the request is over."""
    request.denied = {"right": permission, "path": request.path[:300]}
    if is_api(request):
        return problem(403, "right")
    return TemplateResponse(request, "people/denied.html", {"right": permission}, status=403).render()


def permission_of(view: Any, name: str) -> str | None:
    """Return the right a view asks for, or one of "anyone", "signed-in", "contact".

    None when nobody ruled on it.
    """
    ruling = getattr(_class_of(view), "permission", None) or getattr(view, "permission", None)
    ruling = ruling or import_string(settings.VIEW_PERMISSIONS).get(name)
    return ruling if ruling in VIEW_PERMISSIONS else None


def _class_of(view: Any) -> Any:
    return getattr(view, "view_class", None) or getattr(view, "cls", None)
