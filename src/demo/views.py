"""The demonstration's own pages: its mailbox, and who can sign in with what."""

import time
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from demo.gateways.mailbox import StoredMail, mail, mails
from demo.gateways.notes import people, places

SANDBOX = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; img-src "
    "data:; style-src 'unsafe-inline'"
)
PER_PAGE = 50


class WhoCanSignIn(View):
    """Who can sign in, where, with which password and which code of the minute."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; the codes of operator's staff change every 30 seconds."""
        seconds = 30 - int(time.time()) % 30
        return render(
            request, "demo/people.html", {"people": people(), "places": places(), "seconds": seconds}
        )


class Mailbox(View):
    """Every mail the demonstration has sent, the newest first."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the mails whose address or subject holds the words asked for."""
        words = request.GET.get("q", "").casefold().split()
        found = [
            each for each in mails() if all(word in f"{each.to} {each.subject}".casefold() for word in words)
        ]
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "demo/mailbox.html", {"page_obj": page, "q": request.GET.get("q", "")})


class MailPage(View):
    """One mail, in its plain words."""

    permission = "anyone"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Return the page."""
        return render(request, "demo/mail.html", {"mail": found_mail(key)})


class MailAsSent(View):
    """One mail's HTML as a mail program shows it, shut off from the site."""

    permission = "anyone"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Return the HTML under a policy that lets it do nothing but be read and followed."""
        html = found_mail(key).html
        if not html:
            raise Http404(_("This mail has no HTML."))
        return HttpResponse(html, headers={"Content-Security-Policy": SANDBOX})


class Attachment(View):
    """A file that came with a mail."""

    permission = "anyone"

    def get(self, request: HttpRequest, key: str, number: int) -> HttpResponse:
        """Return the file, to be saved."""
        parts: list[Any] = list(found_mail(key).message.iter_attachments())
        if number >= len(parts):
            raise Http404(_("No such attachment."))
        part = parts[number]
        answer = HttpResponse(part.get_payload(decode=True), content_type=part.get_content_type())
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="{_plain(part.get_filename() or "file")}"'
        )
        return answer


def found_mail(key: str) -> StoredMail:
    """Return the mail of a key. Raises Http404."""
    found = mail(key) if key.isalnum() else None
    if found is None:
        raise Http404(_("This mail is not here."))
    return found


def _plain(name: str) -> str:
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name
    )
