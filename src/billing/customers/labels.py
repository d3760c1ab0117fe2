"""Words of who buys."""

from django.utils.translation import gettext_lazy

REGIMES = {
    "professional": gettext_lazy("professional"),
    "consumer": gettext_lazy("consumer"),
    "public_body": gettext_lazy("public body"),
}


def regime_name(kind: str) -> str:
    """Return the capacity of a client in words."""
    return str(REGIMES.get(kind, kind))
