"""Roles: what each gives, and to whose things."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from people.actions.edit_role import StillHeld, WholePlaceOnly, copy_role, edit_role, remove_role
from people.actions.guard import CannotGive, LastAdministrator
from people.forms.access import CopyRoleForm, RoleForm
from people.models import Role
from people.models.words import GROUP_NAMES, RIGHT_NAMES
from people.policy.permissions import catalogue
from people.queries import area_here, role_counts
from people.requests import PersonRequest, TenantRequest, held
from people.views.places import AccessPage, done, error_message, problem, quoted


class RoleList(AccessPage, TemplateView):
    """All roles, with how many people hold each."""

    permission = "people.read"
    template_name = "people/roles.html"
    request: TenantRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the roles and what they give, right by right."""
        request = self.request
        roles = role_counts(request.today)
        groups: dict[str, list[dict[str, Any]]] = {}
        for permission in catalogue(area_here()):
            row = {
                "name": RIGHT_NAMES[permission.key],
                "whole": not permission.in_circle,
                "given": [permission.key in role.permissions for role in roles],
            }
            groups.setdefault(str(GROUP_NAMES[permission.group]), []).append(row)
        return super().get_context_data(**kwargs) | {"roles": roles, "groups": groups.items()}


class _OneRole(AccessPage, FormView[Any]):
    permission = "roles.write"
    request: PersonRequest

    @property
    def role(self) -> Role:
        """Return the role of the address."""
        return get_object_or_404(Role, pk=self.kwargs["role_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the role."""
        return super().get_context_data(**kwargs) | {"role": self.role}


class EditRole(_OneRole):
    """Rename a role, choose its rights and their reach."""

    template_name = "people/role.html"
    form_class = RoleForm
    request: TenantRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the role and what the reader could give."""
        request = self.request
        holds = held(request)
        return super().get_form_kwargs() | {"role": self.role, "holds": holds, "area": area_here()}

    def form_valid(self, form: RoleForm) -> HttpResponse:
        """Change the role."""
        try:
            role = edit_role(role=self.role, **form.values(), **self.told())
        except WholePlaceOnly as error:
            words = _(
                "%(rights)s: these are about the whole place. Untick them, or let the role reach everyone’s "
                "things."
            )
            form.add_error("scope", words % {"rights": quoted(error.permissions)})
            return self.form_invalid(form)
        except (CannotGive, LastAdministrator) as error:
            form.add_error(None, error_message(error))
            return self.form_invalid(form)
        return done(self.request, _("“%(role)s” is changed.") % {"role": role}, "people:roles")


class CopyRole(_OneRole):
    """Make a new role out of another."""

    template_name = "people/copy_role.html"
    form_class = CopyRoleForm

    def form_valid(self, form: CopyRoleForm) -> HttpResponse:
        """Copy the role and open the copy."""
        try:
            copy = copy_role(role=self.role, name=form.cleaned_data["name"], **self.told())
        except CannotGive as error:
            form.add_error(None, error_message(error))
            return self.form_invalid(form)
        return done(
            self.request, _("“%(role)s” is ready to be changed.") % {"role": copy}, "people:role", copy.pk
        )


class RemoveRole(AccessPage, View):
    """Remove a role nobody holds."""

    permission = "roles.write"
    request: PersonRequest

    def post(self, request: TenantRequest, role_id: Any) -> HttpResponse:
        """Return to the roles."""
        role = get_object_or_404(Role, pk=role_id)
        name = role.label
        try:
            remove_role(role=role, **self.told())
        except StillHeld:
            text = _("“%(role)s” ships with the product or was given to somebody: it stays.") % {"role": name}
            return problem(request, text, "people:roles")
        except CannotGive as error:
            return problem(request, error_message(error), "people:roles")
        return done(request, _("“%(role)s” is removed.") % {"role": name}, "people:roles")
