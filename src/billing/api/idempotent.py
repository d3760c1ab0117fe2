"""`Idempotency-Key`: a POST that is sent again gets the same answer, and nothing is done twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from billing.api.actions.run_idempotently import OtherRequest, StillAnswering, fingerprint, run_idempotently
from people.api.problems import Conflict, problem
from people.api.requests import ApiRequest

KEY = re.compile(r"[\x21-\x7e]{1,255}")


def idempotent(act: Callable[..., Response]) -> Callable[..., HttpResponse]:
    """Let the answers of a POST be asked for again by their key."""

    @wraps(act)
    def post(view: Any, request: ApiRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return act(view, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            return problem(
                400, "idempotency-key", _("An Idempotency-Key is 1 to 255 visible ASCII characters.")
            )
        asked = fingerprint("POST", request.get_full_path(), request._request.body)

        def do() -> tuple[int, str]:
            answer = act(view, request, *args, **kwargs)
            return answer.status_code, JSONRenderer().render(answer.data).decode()

        return _answered(request, key, asked, do)

    return post


def _answered(request: ApiRequest, key: str, asked: str, do: Callable[[], tuple[int, str]]) -> HttpResponse:
    now = request.now
    try:
        status, body, kept = run_idempotently(person_id=request.user.pk, key=key, asked=asked, now=now, do=do)
    except StillAnswering:
        text = _("A request with this key is being answered at the moment: ask again in a little while.")
        raise Conflict("idempotency-running", text) from None
    except OtherRequest:
        return problem(422, "idempotency-other", _("This key was used for another request."))
    headers = {"Idempotency-Replayed": "true"} if kept else {}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
