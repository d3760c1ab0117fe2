"""A form is answered once: sent again with its key, it gets where the first one led, and nothing is made.

Every form carries such a key beside its token (`{% csrf_token %}` draws both). What is kept for ten minutes
is where the answer led and what was said with it, never a page: of one that showed a password nobody sees it
twice. Billing has its own, that keeps its answers with the money they are about. A view says `once = False`
to be left out; one that answers its act by a page says so of that page, by `acted`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from people.requests import VisitorRequest

FIELD = "idempotency_key"

KEY = re.compile(r"[\x21-\x7e]{1,200}")

APART = {FIELD, "csrfmiddlewaretoken"}

KEPT_SECONDS = 600

RUNS_SECONDS = 60  # an act that takes longer may be tried again

PATIENCE_SECONDS = 10

ELSEWHERE = ("billing.", "allauth.", "django.", "rest_framework.")


class AnswerFormsOnce:
    """Answer each form of people, classes, privacy and exports once, in the transaction of what it asks."""

    def __init__(self, get_response: Callable[[VisitorRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer of the page."""
        return self.get_response(request)

    def process_view(self, request: VisitorRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the one answer of a form that names its key; None lets the view run."""
        if request.method != "POST" or not is_answered_once(view) or FIELD not in request.POST:
            return None
        if not KEY.fullmatch(request.POST[FIELD]):
            return HttpResponseBadRequest()
        name = _name(request)
        if not cache.add(name, "", RUNS_SECONDS):
            return _first_answer(request, name)
        try:
            with transaction.atomic():
                answer = drawn(view(request, *args, **kwargs))
        except BaseException:
            cache.delete(name)  # nothing was made: the same form may be sent again
            raise
        if not _made_something(answer):
            cache.delete(name)
            return answer
        cache.set(name, _kept(request, answer), KEPT_SECONDS)
        return answer


def is_answered_once(view: Any) -> bool:
    """Return whether a view answers a form once: each page but billing's that doesn't say otherwise."""
    found = getattr(view, "view_class", None)
    named = getattr(found, "__module__", "")
    return found is not None and not named.startswith(ELSEWHERE) and getattr(found, "once", True)


def acted(page: HttpResponse) -> HttpResponse:
    """Return a page marked as the answer of an act: its form is not answered again."""
    page.is_acted = True  # type: ignore[attr-defined]
    return page


def _made_something(answer: HttpResponse) -> bool:
    """Return whether an answer is an act's: it leads elsewhere, or is a page that says so."""
    return 300 <= answer.status_code < 400 or getattr(answer, "is_acted", False)


def _name(request: VisitorRequest) -> str:
    """Return the name of a form as it was sent: of whom, to where, with what; nothing of it can be read."""
    who = str(request.person.pk) if request.person else str(request.session.session_key)
    where = (request.get_host(), request.get_full_path(), request.POST[FIELD])
    return f"once:{sha256(repr((who, where, content_of(request))).encode()).hexdigest()}"


def content_of(request: VisitorRequest) -> bytes:
    """Return what a form says, without what only tells its copies apart."""
    fields = [(name, values) for name, values in sorted(request.POST.lists()) if name not in APART]
    files = []
    for name, sent in sorted(request.FILES.lists()):
        for file in sent:
            files.append((name, file.name, sha256(file.read()).hexdigest()))
            file.seek(0)
    return repr((fields, files)).encode()


def _first_answer(request: VisitorRequest, name: str) -> HttpResponse:
    """Return where the first one leads, waited for while it is being done."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (kept := cache.get(name)) == "" and time.monotonic() < end:
        time.sleep(0.1)
    if not kept:
        messages.warning(request, _("This form is still being dealt with: look again in a moment."))
        return redirect(request.path)
    told = json.loads(kept)
    for level, text in told["messages"]:
        messages.add_message(request, level, text)
    if not told["location"]:
        messages.info(request, _("This form was sent before, and what it asks is done."))
    answer = redirect(told["location"] or request.path)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def drawn(answer: Any) -> HttpResponse:
    """Return an answer with its words written, as the transaction it belongs to still sees them."""
    if isinstance(answer, SimpleTemplateResponse) and not answer.is_rendered:
        answer.render()
    found: HttpResponse = answer
    return found


def _kept(request: VisitorRequest, answer: HttpResponse) -> str:
    said = getattr(request, "_messages", None)
    queued = said._queued_messages if said is not None else []
    told = [(each.level, str(each.message)) for each in queued]
    return json.dumps({"location": answer.headers.get("Location", ""), "messages": told})
