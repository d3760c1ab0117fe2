"""The portal's door: a link comes by mail, a person goes in with a button."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.generic import View

from billing.customers.actions.send_sign_in_link import send_sign_in_link
from billing.customers.forms.customers import SignInLinkForm
from billing.customers.gateways.portal_link import BadLink, contact_of
from billing.customers.models import Contact
from billing.customers.requests import PortalRequest
from billing.money.gateways.seller import seller
from isolation.policy.guards import guards
from people.context import places
from people.requests import VisitorRequest

OPEN_SECONDS = 12 * 3600

SESSION_KEY = "contact_id"

VERSION_KEY = "contact_link_version"


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
    return Contact.objects.select_related("customer").filter(pk=known, link_version=version).first()


def sign_in_contact(request: VisitorRequest, contact: Contact) -> None:
    """Let a buyer into the portal on this browser."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(contact.pk)
    request.session[VERSION_KEY] = contact.link_version
    request.session["contact_since"] = timezone.now().timestamp()


class PortalView(View):
    """A page for one buyer, about their customer's documents only."""

    permission = "contact"
    request: PortalRequest

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return a page of the portal with its own places, whoever else is signed in on this browser."""
        request = self.request
        frame = {
            "customer": request.contact.customer,
            "contact": request.contact,
            "today": request.today,
            "places": places(request, "portal"),
            "session_lock": None,
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
        send_sign_in_link(email=form.cleaned_data["email"], now=timezone.now())
        return render(request, "billing/customers/portal/knocked.html", {"email": form.cleaned_data["email"]})


class SignIn(View):
    """A link from a mail: a person, not a mail scanner, goes in with a button."""

    permission = "anyone"

    def get(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Return the button, or say that the link is dead."""
        try:
            contact = contact_of(token)
        except BadLink:
            return render(request, "billing/customers/portal/dead_link.html", status=410)
        return render(
            request,
            "billing/customers/portal/enter.html",
            {"contact": contact, "next": request.GET.get("next", "")},
        )

    def post(self, request: VisitorRequest, token: str) -> HttpResponse:
        """Let the buyer in."""
        try:
            contact = contact_of(token)
        except BadLink:
            return render(request, "billing/customers/portal/dead_link.html", status=410)
        sign_in_contact(request, contact)
        request.session["language"] = contact.language
        wanted = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/portal/")
        home = (
            "billing:shop_cart" if "cart_id" in request.session else "billing:portal"
        )  # what was begun goes on
        return redirect(wanted if safe else reverse(home))


class SignOut(PortalView):
    """Leave the portal."""

    def post(self, request: PortalRequest) -> HttpResponse:
        """Forget the buyer on this browser."""
        for key in (SESSION_KEY, VERSION_KEY, "contact_since"):
            request.session.pop(key, None)
        return redirect("billing:portal_sign_in")
