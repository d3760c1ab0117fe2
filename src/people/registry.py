"""What apps above put on people's layouts and homes, and what they do when somebody joins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

Area = Literal["tenant", "console", "portal"]
Count = Callable[[Any], int | None]  # asked with the request of its area
PanelContext = Callable[[Any], dict[str, Any] | None]
ContactCheck = Callable[[Any], HttpResponse | None]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation, seen by whoever holds its right."""

    area: Area
    label: Words
    url: str
    permission: str
    icon: str
    order: int
    count: Count | None = None
    also: tuple[str, ...] = ()  # the pages that belong to it although their address is elsewhere


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a home page, seen by whoever holds its right, when it has something to show."""

    area: Area
    permission: str
    template: str
    context: PanelContext
    order: int


class ClosingForm(Protocol):
    """What is asked when an account is closed."""

    @property
    def intro(self) -> str:
        """Return what closing the account leaves behind."""

    @property
    def status(self) -> int:
        """Return the status of a page that shows it."""

    def is_valid(self) -> bool:
        """Return whether what was answered can be done."""


MakeForm = Callable[[Any, Any], ClosingForm | None]
Joined = Callable[[Any, Any, datetime], None]
CircleOf = Callable[[UUID], UUID | None]

_PLACES: dict[tuple[str, str], MenuItem] = {}
_PANELS: dict[tuple[str, str], Panel] = {}
_LINKS: dict[tuple[str, str], MenuItem] = {}
_HOMES: dict[tuple[str, str], str] = {}
_JOINED: list[Joined] = []
_CIRCLES: list[CircleOf] = []
_CONTACT_CHECKS: list[ContactCheck] = []
_CLOSING: list[tuple[MakeForm, Callable[..., None]]] = []


def menu_item(
    *,
    area: Area,
    label: Words,
    url: str,
    permission: str,
    icon: str,
    order: int,
    count: Count | None = None,
    also: tuple[str, ...] = (),
) -> None:
    """Put a page in the navigation of an area; `count(request)` is the number shown beside it.

    `also` names the pages elsewhere that belong to it.
    """
    _PLACES[area, url] = MenuItem(area, label, url, permission, icon, order, count, also)


def panel(
    *,
    area: Area,
    permission: str,
    template: str,
    context: PanelContext,
    order: int,
) -> None:
    """Put a part on the home page of an area; it is left out when `context(request)` returns None."""
    _PANELS[area, template] = Panel(area, permission, template, context, order)


def home_page(*, area: Area, permission: str, url: str) -> None:
    """Make a page the home of whoever holds a right in an area: theirs is what it says already."""
    _HOMES[area, url] = permission


def home_pages(area: str) -> list[tuple[str, str]]:
    """Return the pages that are a home in an area, each with its right."""
    return [(url, permission) for (where, url), permission in _HOMES.items() if where == area]


def account_menu_item(*, area: Area, label: Words, url: str, permission: str, icon: str, order: int) -> None:
    """Put a page in a person's own menu rather than among the places."""
    _LINKS[area, url] = MenuItem(area, label, url, permission, icon, order)


def on_accepted(then: Joined) -> Joined:
    """Register what happens when an invitation is accepted.

    Called as `then(invitation, person, now)`, same transaction.
    """
    if then not in _JOINED:
        _JOINED.append(then)
    return then


def closing_step(make: MakeForm, then: Callable[..., None]) -> None:
    """Register what is asked when an account is closed.

    `make(request, person)` returns the form, bound where it was sent, None where nothing is asked; then
    `then(form, by=, now=, today=)` is called in the transaction that closes the account.
    """
    _CLOSING[:] = [(make, then)]


def closing_form(request: Any, person: Any) -> ClosingForm | None:
    """Return what is asked when a person's account is closed, None for nothing."""
    return _CLOSING[0][0](request, person) if _CLOSING else None


def after_closing(form: ClosingForm | None, **told: Any) -> Callable[[], None] | None:
    """Return what is done with the answers once the account is closed, None for nothing."""
    return partial(_CLOSING[0][1], form, **told) if form is not None else None


def circle_source(find: CircleOf) -> CircleOf:
    """Register who knows circles: in a shared tenant `find(person_id)` gives the one a person is of, None for
    nobody's.
    """
    _CIRCLES[:] = [find]
    return find


def circle_of(person_id: UUID) -> UUID | None:
    """Return the circle a person of the shared tenant we are in is of."""
    return _CIRCLES[0](person_id) if _CIRCLES else None


def menu_items(area: str) -> list[MenuItem]:
    """Return the places of an area in their order."""
    return sorted((p for p in _PLACES.values() if p.area == area), key=lambda p: p.order)


def panels(area: str) -> list[Panel]:
    """Return the panels of an area in their order."""
    return sorted((p for p in _PANELS.values() if p.area == area), key=lambda p: p.order)


def account_menu_items(area: str) -> list[MenuItem]:
    """Return the links of a person's own menu in their order."""
    return sorted((p for p in _LINKS.values() if p.area == area), key=lambda p: p.order)


def joined() -> list[Joined]:
    """Return what happens when somebody joins."""
    return list(_JOINED)


def contact_check(check: ContactCheck) -> ContactCheck:
    """Register how a buyer's pages are kept.

    `check(request)` returns what to answer instead, or None to let pass.
    """
    _CONTACT_CHECKS[:] = [check]
    return check


def check_contact(request: HttpRequest) -> HttpResponse | None:
    """Return what to answer instead of a buyer's page; without a registered check nobody passes."""
    for check in _CONTACT_CHECKS:
        return check(request)
    return redirect("account_login")
