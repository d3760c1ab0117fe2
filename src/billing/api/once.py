"""A form is answered once: sent again with its key, it gets the first answer, and nothing is made.

Every form of billing carries such a key beside its token (`{% csrf_token %}` draws both), and every page of
billing heeds it, as `Idempotency-Key` is heeded for programs. A view says `once = False` to be left out.

Only the answer of an act is kept: it leads elsewhere. A page drawn again, to count or to mend, made nothing
and leaves its key to what comes next; a view whose act is answered by a page says `keeps_page = True`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.api.actions.run_idempotently import OtherRequest, fingerprint, run_idempotently
from people.once import FIELD, KEY, content_of, drawn
from people.requests import VisitorRequest


class AnswerOnce:
    """Answer the forms of billing once, in the transaction that does what they ask."""

    def __init__(self, get_response: Callable[[VisitorRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        """Return the answer of the page."""
        return self.get_response(request)

    def process_view(self, request: VisitorRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the one answer of a form that names its key; None lets the view run."""
        if request.method != "POST" or not heeds_key(view) or FIELD not in request.POST:
            return None
        key = request.POST[FIELD]
        if not KEY.fullmatch(key):
            return HttpResponseBadRequest()
        first: list[HttpResponse] = []

        def do() -> tuple[int, str]:
            first.append(drawn(view(request, *args, **kwargs)))
            return first[0].status_code, _kept(request, first[0])

        try:
            status, body, again = run_idempotently(
                person_id=_who(request),
                key=f"form:{key}",
                asked=fingerprint("POST", request.get_full_path(), content_of(request)),
                now=request.now,
                do=do,
                waits=True,
                keeps=lambda status: made_something(view, status),
            )
        except OtherRequest:
            return _sent_before(request, view)
        return _replayed(request, status, body) if again else first[0]


def heeds_key(view: Any) -> bool:
    """Return whether a view answers a form once: each page of billing that doesn't say otherwise."""
    found = getattr(view, "view_class", None)
    named = getattr(found, "__module__", "")
    is_page = named.startswith("billing.") and not named.startswith("billing.api.")
    return is_page and getattr(found, "once", True)


def made_something(view: Any, status: int) -> bool:
    """Return whether an answer is an act's: it leads elsewhere, or is the page of a view that says so."""
    keeps_page = getattr(getattr(view, "view_class", None), "keeps_page", False)
    return status < 400 and (status >= 300 or keeps_page)


def _who(request: VisitorRequest) -> UUID:
    """Return whose key it is: the buyer, the clerk, or the browser of one whom nobody knows yet."""
    contact = getattr(request, "contact", None)
    known = contact or request.person
    if known is not None:
        return UUID(str(known.pk))
    return uuid5(NAMESPACE_URL, request.session.session_key or str(request.META.get("CSRF_COOKIE", "")))


def _kept(request: VisitorRequest, answer: HttpResponse) -> str:
    """Return what of an answer is given again: where it leads, or its page, and what was said with it."""
    said = getattr(request, "_messages", None)
    queued = said._queued_messages if said is not None else []
    return json.dumps(
        {
            "location": answer.headers.get("Location", ""),
            "type": answer.headers.get("Content-Type", ""),
            "content": "" if answer.streaming else answer.content.decode("utf-8", "replace"),
            "messages": [(each.level, str(each.message)) for each in queued],
        }
    )


def _replayed(request: VisitorRequest, status: int, body: str) -> HttpResponse:
    kept = json.loads(body)
    for level, text in kept["messages"]:
        messages.add_message(request, level, text)
    answer = HttpResponse(kept["content"], status=status, content_type=kept["type"] or None)
    if kept["location"]:
        answer.headers["Location"] = kept["location"]
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _sent_before(request: VisitorRequest, view: Any) -> HttpResponse:
    """Return to a fresh form: this one was sent with something else, and that stands."""
    text = _("This form was sent before with something else, and that stands: look, then fill it in anew.")
    messages.error(request, text)
    return redirect(request.path if hasattr(view.view_class, "get") else "/")
