"""The same pages in a school and in the console: which right each asks for, and what it may show."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from people.actions.guard import CannotGive, LastAdministrator
from people.models.words import RIGHT_NAMES
from people.requests import PersonRequest, TenantRequest, held

CONSOLE_RIGHT = "console.people"


def view_permission(area: str) -> Callable[[Any], Any]:
    """Return how to turn a page's class into a view of an area: in the console all ask for one right."""

    def as_view(page: Any) -> Any:
        if area == "tenant":
            return page.as_view()
        name = f"Console{page.__name__}"
        ruled_page: Any = type(
            name, (page,), {"permission": CONSOLE_RIGHT, "area": area, "__doc__": page.__doc__}
        )
        return ruled_page.as_view()

    return as_view


class AccessPage:
    """What the pages about people, roles and invitations have in common."""

    permission = "people.read"
    area = "tenant"
    request: PersonRequest

    def may(self, permission: str) -> bool:
        """Return whether the reader holds a right here; in the console one right stands for all."""
        return (permission if self.area == "tenant" else CONSOLE_RIGHT) in self.request.permissions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context, with what its reader may do."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        permissions = ("people.write", "roles.write", "invitations.write", "sessions.revoke")
        return context | {
            "may": {permission.replace(".", "_"): self.may(permission) for permission in permissions}
        }

    def told(self) -> dict[str, Any]:
        """Return who acts and when, for an action."""
        return {"by": self.request.person, "now": timezone.now()}


class GivingRoles:
    """A form that gives a role: only what its reader could give themselves is offered."""

    request: TenantRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return what the reader could give."""
        given: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return given | {"holds": held(self.request), "today": self.request.today}


def error_message(error: Exception) -> str:
    """Return why a change of access was refused, and what to do."""
    if isinstance(error, CannotGive):
        text = _("You can’t give or take back what you don’t hold yourself: %(rights)s.")
        return text % {"rights": quoted(error.permissions)}
    if isinstance(error, LastAdministrator):
        return _(
            "Nobody would be left to run this place and give every right. Make somebody else an "
            "administrator first."
        )
    raise error


def quoted(permissions: Iterable[str]) -> str:
    """Return rights by their names."""
    return ", ".join(
        _("“%(right)s”") % {"right": RIGHT_NAMES.get(permission, permission)}
        for permission in sorted(permissions)
    )


def done(request: HttpRequest, text: str, to: str, *args: Any) -> HttpResponse:
    """Return to a page with the good news."""
    messages.success(request, text)
    return redirect(to, *args)


def problem(request: HttpRequest, text: str, to: str, *args: Any) -> HttpResponse:
    """Return to a page with what went wrong."""
    messages.error(request, text)
    return redirect(to, *args)
