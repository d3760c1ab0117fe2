"""The public site: what it is, the offers, the service's state, who publishes it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from billing.gateways.seller import seller
from contracts.queries import clause_rows
from website.queries import checks, offers

HERE = ZoneInfo("Europe/Paris")
# The drawing on the home page: invented pupils and their weeks.
PICTURE = [
    ("Inès A.", [34, 38, 37, 46, 49, 55, 54, 62, 66, 71, 78, 82], True),
    ("Élan B.", [52, 50, 51, 47, 46, 41, 38, 39, 36, 33, 31, 30], False),
    ("Noé C.", [40, 42, 41, 45, 47, 46, 52, 55, 54, 58, 61, 63], True),
]


def _offers() -> list[Any]:
    today = timezone.localdate(timezone=HERE)
    return offers(today=today, language=(get_language() or "fr")[:2])


class Home(TemplateView):
    """The first page a visitor sees."""

    right = "anyone"
    template_name = "website/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the offers of the home page and how many promises are kept by the software."""
        rows = clause_rows()
        return super().get_context_data(**kwargs) | {
            "offers": [offer for offer in _offers() if offer.is_shown],
            "promises": len(rows),
            "kept": sum(row.state == "kept" for row in rows),
            "picture": PICTURE,
            "reading": [(_("acquired"), 15, "good"), (_("in progress"), 6, "wait"), (_("to come"), 3, "rest")],
        }


class Offers(TemplateView):
    """Every offer with what it promises."""

    right = "anyone"
    template_name = "website/offers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the offers and whom to ask for a quote."""
        return super().get_context_data(**kwargs) | {"offers": _offers(), "seller": seller()}


class Status(TemplateView):
    """How the service is doing right now."""

    right = "anyone"
    template_name = "website/status.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the checks made at this moment."""
        now = timezone.now()
        found = checks(now=now)
        all_well = all(check.is_well for check in found)
        return super().get_context_data(**kwargs) | {"checks": found, "all_well": all_well, "now": now}


class Legal(TemplateView):
    """Who publishes this site, and what it does with visitors' data."""

    right = "anyone"
    template_name = "website/legal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the publisher's identity."""
        return super().get_context_data(**kwargs) | {"seller": seller()}
