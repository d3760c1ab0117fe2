"""What views answer after an act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from billing.money.policy.closed import PeriodClosed
from contracts.labels import day_text


def done(request: HttpRequest, text: str, to: str, *args: Any) -> HttpResponse:
    """Return to a page with the good news."""
    messages.success(request, text)
    return redirect(to, *args)


def problem(request: HttpRequest, text: str, to: str, *args: Any) -> HttpResponse:
    """Return to a page with what went wrong and what to do."""
    messages.error(request, text)
    return redirect(to, *args)


def pdf(content: bytes, name: str, *, download: bool = False) -> HttpResponse:
    """Return a PDF to look at in the browser, or to keep, named for when it is kept."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = (
        content_disposition_header(download, f"{name.replace(' ', '-')}.pdf") or ""
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def closed_text(error: PeriodClosed) -> str:
    """Return why a day is refused, the first one that isn't, and what to do."""
    return _(
        "The accounts are closed until then: the first open day is %(day)s. Choose it or a later one, or "
        "have the last "
        "period opened again."
    ) % {"day": day_text(error.first_open_on)}
