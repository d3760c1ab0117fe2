"""People: the list, one person, their roles and sessions."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, ListView, TemplateView, View

from audit.queries import history
from people.actions.change_person import change_person
from people.actions.close_account import close_account
from people.actions.create_person import create_person
from people.actions.deactivate_person import BeingDeleted, reactivate_person
from people.actions.end_sessions import end_sessions
from people.actions.give_role import AlreadyHeld, end_role, give_role
from people.actions.guard import CannotGive, LastAdministrator
from people.forms.access import NewPersonForm, PersonForm, RoleForATime
from people.gateways.csv import csv_response
from people.gateways.passwords import new_passphrase
from people.models import Membership, Person, Role
from people.once import acted
from people.queries import membership_rows, people_rows, session_rows
from people.registry import after_closing, closing_form
from people.requests import PersonRequest, TenantRequest, held
from people.views.places import AccessPage, GivingRoles, done, error_message, problem


class PeopleList(AccessPage, ListView[Person]):
    """Everybody with an account."""

    permission = "people.read"
    template_name = "people/list.html"
    paginate_by = 50
    request: PersonRequest

    def get_queryset(self) -> Any:
        """Return the people asked for."""
        asked = self.request.GET
        request = self.request
        role = asked.get("role", "")
        is_known = any(str(row.pk) == role for row in self.roles)
        return people_rows(
            words=asked.get("q", ""),
            role=role if is_known else "",
            state=asked.get("state", ""),
            sort=asked.get("sort", "name"),
            today=request.today,
        )

    @property
    def roles(self) -> list[Role]:
        """Return the roles to filter by."""
        if not hasattr(self, "_roles"):
            self._roles = list(Role.objects.all())
        return self._roles

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page, or the whole list as CSV."""
        if self.request.GET.get("format") != "csv":
            return super().render_to_response(context, **kwargs)
        header = [
            _("Last name"),
            _("First name"),
            _("User name"),
            _("E-mail address"),
            _("Roles"),
            _("Last seen"),
        ]
        rows = (
            (
                p.last_name,
                p.first_name,
                p.username,
                p.email,
                ", ".join(m.role.label for m in p.held),
                p.last_seen_at,
            )
            for p in self.get_queryset()
        )
        return csv_response("people", header, rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the filters."""
        asked = {"role": self.request.GET.get("role", ""), "state": self.request.GET.get("state", "")}
        return super().get_context_data(**kwargs) | {"roles": self.roles, "asked": asked}


class _OnePerson(AccessPage):
    kwargs: dict[str, Any]

    @property
    def person(self) -> Person:
        """Return the person of the address; what isn't there and what isn't ours get the same answer."""
        return get_object_or_404(Person, pk=self.kwargs["person_id"])


class PersonPage(_OnePerson, TemplateView):
    """One person: roles, sessions, what happened."""

    permission = "people.read"
    template_name = "people/person.html"
    request: TenantRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what is known of the account."""
        request = self.request
        person = self.person
        today = request.today
        held = Membership.objects.filter(person=person).select_related("role").order_by("-starts_on")
        return super().get_context_data(**kwargs) | {
            "person": person,
            "held": [row for row in held if row.ends_on is None or row.ends_on > today],
            "past": [row for row in held if row.ends_on is not None and row.ends_on <= today],
            "sessions": session_rows(person.pk) if self.may("sessions.revoke") else [],
            "history": history(on=person.pk),
            "role_form": RoleForATime(holds=self.holds(), today=today),
        }

    def holds(self) -> dict[str, str]:
        """Return what the reader could give."""
        return held(self.request)


class NewPerson(GivingRoles, AccessPage, FormView[NewPersonForm]):
    """An account for somebody without an e-mail address; the first password is shown once."""

    permission = "people.write"
    template_name = "people/new.html"
    form_class = NewPersonForm
    request: TenantRequest

    def form_valid(self, form: NewPersonForm) -> HttpResponse:
        """Make the account with its role, and show how to sign in."""
        values = dict(form.cleaned_data)
        password = new_passphrase()
        role = values.pop("role")
        ends_on = values.pop("ends_on")
        kind = Person.Kind.STAFF if self.area == "tenant" else Person.Kind.OPERATOR
        language = self.request.LANGUAGE_CODE
        person = create_person(password=password, kind=kind, language=language, **values, **self.told())
        give_role(person=person, role=role, ends_on=ends_on, **self.told())
        context = self.get_context_data(person=person, password=password)
        return acted(render(self.request, "people/created.html", context))


class ChangePerson(_OnePerson, FormView[PersonForm]):
    """Correct somebody's names or address."""

    permission = "people.write"
    template_name = "people/change.html"
    form_class = PersonForm
    request: PersonRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return whom to correct."""
        return super().get_form_kwargs() | {"person": self.person}

    def form_valid(self, form: PersonForm) -> HttpResponse:
        """Correct the account; nobody changes the address of somebody who may do more than they."""
        try:
            person = change_person(person=self.person, **form.cleaned_data, **self.told())
        except CannotGive as error:
            form.add_error(None, error_message(error))
            return self.form_invalid(form)
        return done(
            self.request, _("%(person)s is up to date.") % {"person": person}, "people:person", person.pk
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return whom."""
        return super().get_context_data(**kwargs) | {"person": self.person}


class GiveRole(_OnePerson, View):
    """Give somebody a role."""

    permission = "roles.write"
    request: PersonRequest

    def post(self, request: TenantRequest, person_id: UUID) -> HttpResponse:
        """Return to the person."""
        holds = held(request)
        form = RoleForATime(request.POST, holds=holds, today=request.today)
        person = self.person
        if not form.is_valid():
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return problem(request, words, "people:person", person.pk)
        try:
            give_role(person=person, **form.cleaned_data, **self.told())
        except AlreadyHeld:
            return problem(
                request,
                _("%(person)s holds this role already.") % {"person": person},
                "people:person",
                person.pk,
            )
        except CannotGive as error:
            return problem(request, error_message(error), "people:person", person.pk)
        text = _("%(person)s is now: %(role)s.") % {"person": person, "role": form.cleaned_data["role"]}
        return done(request, text, "people:person", person.pk)


class EndRole(_OnePerson, View):
    """Take a role back, from today."""

    permission = "roles.write"
    request: PersonRequest

    def post(self, request: TenantRequest, person_id: UUID, membership_id: Any) -> HttpResponse:
        """Return to the person."""
        membership = get_object_or_404(Membership, pk=membership_id, person_id=person_id)
        try:
            end_role(membership=membership, **self.told())
        except (CannotGive, LastAdministrator) as error:
            return problem(request, error_message(error), "people:person", person_id)
        return done(request, _("The role has ended."), "people:person", person_id)


class EndSessions(_OnePerson, View):
    """Close somebody's sessions."""

    permission = "sessions.revoke"
    request: PersonRequest

    def post(self, request: TenantRequest, person_id: UUID) -> HttpResponse:
        """Return to the person."""
        chosen = [int(pk) for pk in request.POST.getlist("session") if pk.isdecimal() and len(pk) < 10]
        count = end_sessions(person_ids=[self.person.pk], only=chosen or None, **self.told())
        text = ngettext("%(n)d session closed.", "%(n)d sessions closed.", count) % {"n": count}
        return done(request, text, "people:person", person_id)


class Deactivate(_OnePerson, TemplateView):
    """Say what closing an account does, then do it."""

    permission = "people.write"
    template_name = "people/deactivate.html"
    request: PersonRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what will happen."""
        person = self.person
        held = membership_rows(today=self.request.today).filter(person=person)
        sessions = len(session_rows(person.pk))
        losses = [_("Sign-in as “%(name)s”") % {"name": person.username}]
        losses += (
            [ngettext("%(n)d open session", "%(n)d open sessions", sessions) % {"n": sessions}]
            if sessions
            else []
        )
        losses += [_("What the role “%(role)s” lets do") % {"role": row.role} for row in held]
        closing = kwargs.get("closing") or closing_form(self.request, person)
        shown = {"person": person, "losses": losses, "closing": closing}
        return super().get_context_data(**kwargs) | shown

    def post(self, request: TenantRequest, person_id: UUID) -> HttpResponse:
        """Close the account, with what was asked."""
        person = self.person
        closing = closing_form(request, person)
        if closing is not None and not closing.is_valid():
            return self.render_to_response(self.get_context_data(closing=closing), status=closing.status)
        then = after_closing(closing, today=request.today, **self.told())
        try:
            close_account(person=person, then=then, **self.told())
        except (CannotGive, LastAdministrator) as error:
            return problem(request, error_message(error), "people:person", person.pk)
        return done(
            request, _("%(person)s can’t sign in any more.") % {"person": person}, "people:person", person.pk
        )


class Reactivate(_OnePerson, View):
    """Let somebody sign in again."""

    permission = "people.write"
    request: PersonRequest

    def post(self, request: TenantRequest, person_id: UUID) -> HttpResponse:
        """Return to the person."""
        person = self.person
        if person.kind == Person.Kind.STUDENT:
            text = _("A pupil’s account opens again with a new card, printed on the page of their class.")
            return problem(request, text, "people:person", person.pk)
        try:
            reactivate_person(person=person, **self.told())
        except BeingDeleted:
            text = _(
                "%(person)s is being deleted, or their data is frozen: undo that in the privacy centre first."
            )
            return problem(request, text % {"person": person}, "people:person", person.pk)
        except CannotGive as error:
            return problem(request, error_message(error), "people:person", person.pk)
        return done(
            request, _("%(person)s can sign in again.") % {"person": person}, "people:person", person.pk
        )
