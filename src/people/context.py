"""What every layout shows: places, the person's menu, the session's lock."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from people import registry
from people.middleware import lock_minutes
from people.models import Person
from people.policy.doors import opens_to_a_child
from people.policy.lock import WARNING
from people.policy.permissions import SIGNED_IN
from people.requests import VisitorRequest

HOME = "people:home"

LAYOUTS = {
    "tenant": "layouts/tenant.html",
    "console": "layouts/console.html",
    "portal": "layouts/portal.html",
}


def layout(request: VisitorRequest) -> dict[str, Any]:
    """Return the variables that the layouts of pages read."""
    person = getattr(request, "person", None)
    area = area_of(request)
    return {
        "layout": LAYOUTS[area] if person is not None else "layouts/plain.html",
        "area": area,
        "places": SimpleLazyObject(lambda: places(request, area)),
        "account_links": SimpleLazyObject(lambda: _links(request, area)),
        "session_lock": session_lock(request) if person is not None else None,
    }


def area_of(request: VisitorRequest) -> str:
    """Return whose pages a request is about: a tenant's, the console's, or a buyer's."""
    if getattr(request, "tenant", None) is not None:
        return "tenant"
    return "console" if getattr(request, "person", None) is not None else "portal"


def places(request: VisitorRequest, area: str) -> list[dict[str, Any]]:
    """Return the places the person may go to, the current one marked."""
    items = [each for each in registry.menu_items(area) if may(request, each.permission)]
    if own_home_page(request, area):
        items = [each for each in items if each.url != HOME]
    shown = [_shown(request, place) for place in items]
    found = [place for place in shown if place is not None]
    under = [(url, p) for p in found for url in p["covers"] if _is_under(request.path, url)]
    here = max(under, key=lambda pair: len(pair[0]), default=("", None))[1]
    for place in found:
        place["current"] = place is here
    return found


def own_home_page(request: VisitorRequest, area: str) -> str | None:
    """Return the name of the page that is the home of who is there, None where the area's own is."""
    pages = registry.home_pages(area)
    return next((url for url, permission in pages if may(request, permission)), None)


def may(request: VisitorRequest, permission: str) -> bool:
    """Return whether the person who is there holds a right, or is simply signed in where that is enough."""
    permissions: frozenset[str] = getattr(request, "permissions", frozenset())
    return permission in permissions or (
        permission == SIGNED_IN and getattr(request, "person", None) is not None
    )


def session_lock(request: VisitorRequest) -> dict[str, Any]:
    """Return how many seconds are left without activity, when to warn (as plain figures), and where to go."""
    seconds = lock_minutes(request) * 60
    return {
        "seconds": str(seconds),
        "warn": str(int(min(WARNING.total_seconds(), seconds / 2))),
        "stay_url": reverse("people:stay"),
        "locked_url": reverse("people:locked"),
    }


def display(person: Person) -> str:
    """Return what allauth's pages call a person."""
    return person.name


def _links(request: VisitorRequest, area: str) -> list[dict[str, Any]]:
    shown = [
        _shown(request, link) for link in registry.account_menu_items(area) if may(request, link.permission)
    ]
    return [link for link in shown if link is not None]


def _shown(request: VisitorRequest, place: registry.MenuItem) -> dict[str, Any] | None:
    if getattr(request, "is_child", False) and not opens_to_a_child(place.url):
        return None
    try:
        url = reverse(place.url)
    except NoReverseMatch:
        return None
    count = place.count(request) if place.count else None
    covers = [url, *(reverse(name) for name in place.also)]
    shown = {"url": url, "label": place.label, "icon": place.icon, "count": count, "current": False}
    return shown | {"covers": covers}


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
