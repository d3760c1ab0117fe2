"""Small words for the pages of people."""

import re
from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from people.models import Membership
from people.queries import terms_label

register = template.Library()
register.filter(terms_label)

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """Return a browser and its system as people call them: "Firefox, Windows"."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    known = ", ".join(word for word in (browser, system) if word)
    return known or re.split(r"[ /]", user_agent)[0][:30] or _("unknown device")


@register.filter
def held_words(memberships: Iterable[Membership]) -> str:
    """Return the roles of a person, separated by commas."""
    return ", ".join(str(row.role) for row in memberships)
