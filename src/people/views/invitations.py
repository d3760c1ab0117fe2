"""Invitations: who was invited, and the page an invited person opens."""

from datetime import datetime
from typing import Any

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView, View

from people.actions.accept_invitation import (
    accept_invitation,
    account_known,
    find_invitation,
    join_with_account,
)
from people.actions.guard import CannotGive
from people.actions.invite import AlreadyHere, InvitationClosed, cancel_invitation, invite, resend_invitation
from people.forms.access import AcceptForm, InviteForm, TermsForm
from people.gateways.csv import csv_response
from people.middleware import terms_here
from people.models import Invitation
from people.queries import (
    accepted_versions,
    day_here,
    founded,
    house_name,
    invitation_rows,
    terms_to_accept,
)
from people.requests import PersonRequest, TenantRequest, VisitorRequest
from people.views.places import AccessPage, GivingRoles, done, error_message, problem
from people.views.terms import client_ip

STATES = ("open", "expired", "accepted", "cancelled")


class InvitationList(AccessPage, ListView[Invitation]):
    """Everybody who was invited, with where each invitation stands."""

    permission = "people.read"
    template_name = "people/invitations.html"
    paginate_by = 50
    request: PersonRequest

    def get_queryset(self) -> Any:
        """Return the invitations asked for."""
        words = self.request.GET.get("q", "")
        state = self.request.GET.get("state", "")
        return invitation_rows(words=words, state=state, now=timezone.now())

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page, or the whole list as CSV."""
        if self.request.GET.get("format") != "csv":
            return super().render_to_response(context, **kwargs)
        now = timezone.now()
        header = [_("E-mail address"), _("Role"), _("State"), _("Sent"), _("Valid until")]
        found = _with_state(list(self.get_queryset()), now)
        rows = (
            (row.email, row.role.label, state_words(state), row.sent_at, row.expires_at)
            for row, state in found
        )
        return csv_response("invitations", header, rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the invitations of the page with their states."""
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        found = list(context["page_obj"])
        rows = [{"invitation": row, "state": state} for row, state in _with_state(found, now)]
        states = [(state, state_words(state)) for state in STATES]
        return context | {"rows": rows, "states": states, "state": self.request.GET.get("state", "")}


def _with_state(rows: list[Invitation], now: datetime) -> list[tuple[Invitation, str]]:
    """Return where invitations stand; one whose author can't give it any more is to be sent again."""
    stand = founded(rows, today=day_here(now))
    states = ((row, row.state(now)) for row in rows)
    return [(row, "expired" if state == "open" and row.pk not in stand else state) for row, state in states]


def state_words(state: str) -> str:
    """Return where an invitation stands, in words."""
    words = {
        "open": _("waiting"),
        "expired": _("expired"),
        "accepted": _("accepted"),
        "cancelled": _("taken back"),
    }
    return words[state]


class Invite(GivingRoles, AccessPage, FormView[InviteForm]):
    """Invite somebody to take a role."""

    permission = "invitations.write"
    template_name = "people/invite.html"
    form_class = InviteForm
    request: TenantRequest

    def form_valid(self, form: InviteForm) -> HttpResponse:
        """Leave the mail in the outbox."""
        try:
            invitation = invite(**form.cleaned_data, **self.told())
        except AlreadyHere as known:
            text = _("%(person)s has an account here. Give them the role on their page instead.")
            return problem(self.request, text % {"person": known.person}, "people:person", known.person.pk)
        except CannotGive as error:
            form.add_error("role", error_message(error))
            return self.form_invalid(form)
        text = _("An invitation is on its way to %(email)s. Its link works for 14 days.")
        return done(self.request, text % {"email": invitation.email}, "people:invitations")


class ResendInvitation(AccessPage, View):
    """Send the link again."""

    permission = "invitations.write"
    request: PersonRequest

    def post(self, request: TenantRequest, invitation_id: Any) -> HttpResponse:
        """Return to the invitations."""
        invitation = get_object_or_404(Invitation, pk=invitation_id)
        try:
            resend_invitation(invitation=invitation, **self.told())
        except InvitationClosed:
            return problem(
                request, _("This invitation was answered or taken back already."), "people:invitations"
            )
        except CannotGive as error:
            return problem(request, error_message(error), "people:invitations")
        text = _("A new link is on its way to %(email)s. The one before no longer works.")
        return done(request, text % {"email": invitation.email}, "people:invitations")


class Cancel(AccessPage, View):
    """Take an invitation back."""

    permission = "invitations.write"
    request: PersonRequest

    def post(self, request: TenantRequest, invitation_id: Any) -> HttpResponse:
        """Return to the invitations."""
        invitation = get_object_or_404(Invitation, pk=invitation_id)
        try:
            cancel_invitation(invitation=invitation, **self.told())
        except InvitationClosed:
            return problem(
                request, _("This invitation was answered or taken back already."), "people:invitations"
            )
        text = _("The invitation of %(email)s is taken back. Its link opens nothing any more.")
        return done(request, text % {"email": invitation.email}, "people:invitations")


class Invited(FormView[TermsForm | AcceptForm]):
    """What an invited person sees first: the terms, then their password, then home.

    Who has an account signs in.
    """

    permission = "anyone"
    template_name = "people/invited.html"
    request: VisitorRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the invitation and whose account the address is that of already, or say what became of it."""
        try:
            self.invitation = find_invitation(kwargs["token"], now=timezone.now())
            self.known = account_known(self.invitation)
        except InvitationClosed as closed:
            context = {"state": closed.state, "house": house_name()}
            return render(request, "people/invitation_closed.html", context, status=410)
        documents = terms_here(self.request.tenant) if self.request.tenant else []
        accepted = accepted_versions(self.known.pk) if self.known else ()
        self.versions = terms_to_accept(documents, accepted=accepted, language=request.LANGUAGE_CODE)
        response = (
            self._sign_in_first()
            if self.known not in {None, self.request.person}
            else super().dispatch(request)
        )
        response.headers["Referrer-Policy"] = (
            "same-origin"  # stricter and browsers send no Origin: the form is refused
        )
        return response

    def _sign_in_first(self) -> HttpResponse:
        context = {"invitation": self.invitation, "house": house_name(), "back": self.request.path}
        return render(self.request, "people/invited_known.html", context)

    def get_form(self, form_class: Any = None) -> Any:
        """Return the boxes alone for who is signed in, else names and password too."""
        details = {"versions": self.versions, **self.get_form_kwargs()}
        return TermsForm(**details) if self.known else AcceptForm(invitation=self.invitation, **details)

    def form_valid(self, form: Any) -> HttpResponse:
        """Make the account and let the person in, or give the one who is in the role."""
        request = self.request
        details = {
            "token": self.kwargs["token"],
            "now": timezone.now(),
            "required": self.versions,
            "accepted": self.versions,
            "ip": client_ip(request),
        }
        if self.known:
            join_with_account(person=self.known, **details)
            words = _("You accepted: from now on you are here as %(role)s too.")
            return done(request, words % {"role": self.invitation.role}, "people:home")
        person = accept_invitation(**details, **form.values())
        home = "/" if request.tenant else reverse("people:home")
        response: HttpResponse = perform_login(request, person, redirect_url=home)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return who invites to what."""
        return super().get_context_data(**kwargs) | {
            "invitation": self.invitation,
            "versions": self.versions,
            "house": house_name(),
            "known": self.known,
        }
