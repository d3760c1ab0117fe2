"""The portal's door: a link comes by mail, a person goes in with a button."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.actions.send_sign_in_link import send_fresh_link, send_sign_in_link
from billing.customers.forms.customers import SignInLinkForm
from billing.customers.gateways.portal_link import BadLink, Entry, entry_of, use
from billing.customers.models import Contact
from billing.customers.requests import PortalRequest
from billing.money.gateways.seller import seller
from isolation.policy.guards import guards
from people.context import places
from people.gateways.often import too_often
from people.requests import VisitorRequest

OPEN_SECONDS = 12 * 3600

MAX_LINKS = 30  # that one network asks for within an hour; the answer is the same beyond

MAX_LINKS_OF_ADDRESS = 6  # that are asked for one address within an hour

SESSION_KEY = "contact_id"

VERSION_KEY = "contact_link_version"

ACTS_KEY = "contact_acts"

#: An address of the portal or the shop: its signs are those of our own addresses, and it leads nowhere else.
PAGE = re.compile(r"/(?:portal|shop)(?:/[A-Za-z0-9_-]{1,100}){0,6}/(?:\?[A-Za-z0-9_=&-]{1,200})?")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def check_portal_contact(request: PortalRequest) -> HttpResponse | None:
    """Return the way to the portal's door, or None after saying who the buyer is."""
    contact = contact_in(request)
    if contact is None:
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return redirect(
            f"{reverse('billing:portal_sign_in')}?{query}" if query else reverse("billing:portal_sign_in")
        )
    request.contact = contact
    request.permissions = request.permissions | {"contact"}
    return None


@guards("token")
def contact_in(request: VisitorRequest) -> Contact | None:
    """Return the buyer who came in on this browser, None where nobody did or it was too long ago."""
    since = request.session.get("contact_since", 0)
    if timezone.now().timestamp() - since >= OPEN_SECONDS:
        return None
    known: Any = request.session.get(SESSION_KEY)
    version: Any = request.session.get(VERSION_KEY)  # raised, every session opened before ends with its link
    rows = Contact.objects.speaking().select_related("customer")
    return rows.filter(pk=known, link_version=version).first()


@guards("token")
def may_act(request: VisitorRequest) -> bool:
    """Return whether who came in may sign, pay and change here: by a link they asked for, not by a mail's."""
    return bool(request.session.get(ACTS_KEY))


def sign_in_contact(request: VisitorRequest, entry: Entry) -> None:
    """Let a buyer into the portal on this browser.

    Who may act here already still may when they come back by the link of a mail.
    """
    known = contact_in(request)
    acts = entry.may_act or (known is not None and known.pk == entry.contact.pk and may_act(request))
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(entry.contact.pk)
    request.session[VERSION_KEY] = entry.contact.link_version
    request.session[ACTS_KEY] = acts
    if entry.may_act or not acts:
        request.session["contact_since"] = timezone.now().timestamp()


def page_within(wanted: str) -> str:
    """Return a page of the portal or the shop that somebody wants to go on with, empty for anything else."""
    return wanted if PAGE.fullmatch(wanted) else ""


def page_before(request: VisitorRequest) -> str:
    """Return the page on which somebody pressed a button, as the browser tells it."""
    try:
        return page_within(urlsplit(request.headers.get("Referer", "")).path)
    except ValueError:  # a header that is no address
        return ""


def ask_to_confirm(request: VisitorRequest) -> HttpResponse:
    """Return the way to the page that mails a link that lets act; nothing was done, and it says so."""
    messages.warning(request, _("Nothing has been done yet: first show that it is you."))
    query = urlencode({"next": page_before(request)})
    return redirect(f"{reverse('billing:portal_confirm')}?{query}")


class PortalView(View):
    """A page for one buyer, about their customer's documents only."""

    permission = "contact"
    request: PortalRequest
    by_any_link = False  # whether what it does needs no link that was asked for

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let who came in by the link of a mail read, and ask them for a fresh one before they act."""
        if request.method not in SAFE and not self.by_any_link and not may_act(request):
            return ask_to_confirm(request)
        response = super().dispatch(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return a page of the portal with its own places, whoever else is signed in on this browser."""
        request = self.request
        frame = {
            "customer": request.contact.customer,
            "contact": request.contact,
            "today": request.today,
            "places": places(request, "portal"),
            "session_lock": None,
            "may_act": may_act(request),
            "seller": seller(),
        }
        return render(request, template, frame | context, status=status)


class RequestSignInLink(View):
    """The portal's door: an address, and a link comes by mail."""

    permission = "anyone"
    keeps_page = True

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the form."""
        return render(request, "billing/customers/portal/knock.html", {"form": SignInLinkForm()})

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Send a link if the address is known; say the same if it isn't."""
        form = SignInLinkForm(request.POST)
        if not form.is_valid():
            return render(request, "billing/customers/portal/knock.html", {"form": form}, status=422)
        address = form.cleaned_data["email"]
        if not _is_flood(request, address.strip().lower()):
            send_sign_in_link(email=address, now=timezone.now())
        return render(request, "billing/customers/portal/knocked.html", {"email": form.cleaned_data["email"]})


class SignIn(View):
    """A link from a mail: a person, not a mail scanner, goes in with a button."""

    permission = "anyone"

    def get(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Return the button, or say that the link is dead."""
        try:
            entry = entry_of(token)
        except BadLink as bad:
            return _dead(request, token, bad)
        context = {"contact": entry.contact, "next": request.GET.get("next", "")}
        return _unkept(render(request, "billing/customers/portal/enter.html", context))

    def post(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Let the buyer in."""
        try:
            entry = entry_of(token)
            if not use(entry):
                raise BadLink(entry.contact)
        except BadLink as bad:
            return _dead(request, token, bad)
        sign_in_contact(request, entry)
        request.session["language"] = entry.contact.language
        home = (
            "billing:shop_cart" if "cart_id" in request.session else "billing:portal"
        )  # what was begun goes on
        return redirect(page_within(request.POST.get("next", "")) or reverse(home))


def _dead(request: VisitorRequest, token: str, bad: BadLink) -> HttpResponse:
    """Return the page that says that a link is dead; whose it was can be sent another from there."""
    context = {"token": token if bad.contact else "", "next": request.GET.get("next", "")}
    return _unkept(render(request, "billing/customers/portal/dead_link.html", context, status=410))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _send(request: VisitorRequest, contact: Contact, page: str) -> None:
    """Send a contact a link, unless so many were asked for that nobody means them; nothing tells which."""
    if not _is_flood(request, contact.email.lower()):
        send_fresh_link(contact=contact, to_page=page, now=timezone.now())


def _is_flood(request: VisitorRequest, address: str) -> bool:
    """Return whether more links were asked for than people need, from one network or for one address."""
    often = too_often(request.META.get("REMOTE_ADDR", ""), what="portal", most=MAX_LINKS)
    return too_often(address, what="portal-address", most=MAX_LINKS_OF_ADDRESS) or often


class RenewLink(View):
    """A link that has served its time: its contact is sent another."""

    permission = "anyone"

    def post(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Send it to the address it was sent to, which isn't shown."""
        try:
            contact: Contact | None = entry_of(token).contact
        except BadLink as bad:
            contact = bad.contact
        if contact is not None:
            page = page_within(request.POST.get("next", ""))
            _send(request, contact, page)
        return _unkept(render(request, "billing/customers/portal/knocked.html", {}))


class Confirm(PortalView):
    """Before somebody who came in by the link of a mail signs, pays or changes: a link of their own."""

    by_any_link = True

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the button that sends it."""
        context = {"next": page_within(request.GET.get("next", ""))}
        return self.page("billing/customers/portal/confirm.html", context)

    def post(self, request: PortalRequest) -> HttpResponse:
        """Send it, to come back to the page where something was to be done."""
        page = page_within(request.POST.get("next", ""))
        _send(request, request.contact, page)
        return self.page("billing/customers/portal/confirming.html", {})


class SignOut(PortalView):
    """Leave the portal."""

    by_any_link = True

    def post(self, request: PortalRequest) -> HttpResponse:
        """Forget the buyer on this browser, and end the session they came in by."""
        for key in (SESSION_KEY, VERSION_KEY, ACTS_KEY, "contact_since"):
            request.session.pop(key, None)
        request.session.cycle_key()
        return redirect("billing:portal_sign_in")
