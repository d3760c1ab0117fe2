"""The public site: what it is, the offers, the service's state, who publishes it."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from billing.catalogue.queries.storefront import storefront
from billing.customers.queries.references import logo_of, references
from billing.money.gateways.seller import seller
from billing.orders.forms.cart import COUNTRIES
from contracts.policy.clauses import PROVED
from contracts.queries import clause_rows
from people.requests import VisitorRequest
from tenants.queries import public_url
from website.queries import checks, offers

HERE = ZoneInfo("Europe/Paris")
SECURITY_TXT_LASTS = timedelta(days=182)  # RFC 9116 asks for less than a year
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

    permission = "anyone"
    template_name = "website/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the offers of the home page and how many promises are kept by the software."""
        rows = clause_rows()
        return super().get_context_data(**kwargs) | {
            "offers": [offer for offer in _offers() if offer.is_shown],
            "references": references(on=timezone.localdate(timezone=HERE)),
            "promises": len(rows),
            "proved": sum(row.state == PROVED for row in rows),
            "picture": PICTURE,
            "reading": [
                (_("acquired"), 15, "good"),
                (_("in progress"), 6, "wait"),
                (_("to come"), 3, "rest"),
            ],
        }


class ReferenceLogo(View):
    """The logo of a customer who lets us name them."""

    permission = "anyone"

    def get(self, request: VisitorRequest, reference_id: UUID) -> HttpResponse:
        """Return the picture; nothing once the customer took it back."""
        logo = logo_of(reference_id, on=timezone.localdate(timezone=HERE))
        if logo is None:
            raise Http404
        return HttpResponse(logo, content_type="image/png", headers={"Cache-Control": "max-age=3600"})


class Offers(TemplateView):
    """Every offer with what it promises."""

    permission = "anyone"
    template_name = "website/offers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the offers and whom to ask for a quote."""
        return super().get_context_data(**kwargs) | {"offers": _offers(), "seller": seller()}


class Prices(TemplateView):
    """What everything costs today: without VAT for professionals, with it for consumers (LG-S6.1)."""

    permission = "anyone"
    template_name = "website/prices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the prices of the list in force for a country and a kind of client."""
        asked = self.request.GET
        country = asked.get("country", "FR") if asked.get("country") in COUNTRIES else "FR"
        consumer = asked.get("for") == "consumer"
        found = storefront(now=timezone.now(), country=country, consumer=consumer)
        language = (get_language() or "fr")[:2]
        rows = [(each, each.product.name(language), each.product.features(language)) for each in found.shown]
        kinds = [
            ("subscription", _("Subscriptions")),
            ("service", _("Services")),
            ("goods", _("Things we ship")),
        ]
        groups = [(key, title, [row for row in rows if row[0].product.kind == key]) for key, title in kinds]
        return super().get_context_data(**kwargs) | {
            "front": found,
            "groups": [group for group in groups if group[2]],
            "country": country,
            "countries": COUNTRIES.items(),
            "language": language,
        }


class Status(TemplateView):
    """How the service is doing right now."""

    permission = "anyone"
    template_name = "website/status.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the checks made at this moment."""
        now = timezone.now()
        found = checks(now=now)
        all_well = all(check.is_well for check in found)
        return super().get_context_data(**kwargs) | {"checks": found, "all_well": all_well, "now": now}


class Legal(TemplateView):
    """Who publishes this site, and what it does with visitors' data."""

    permission = "anyone"
    template_name = "website/legal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the publisher's identity."""
        return super().get_context_data(**kwargs) | {"seller": seller()}


class Accessibility(TemplateView):
    """What the law has a site declare of its accessibility: how far it conforms, and whom to tell."""

    permission = "anyone"
    template_name = "website/accessibility.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return whom to write to."""
        return super().get_context_data(**kwargs) | {"seller": seller()}


class SecurityContact(View):
    """Whom to tell of a hole, as RFC 9116 has it."""

    permission = "anyone"

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the file, good for half a year from today."""
        day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            f"Contact: mailto:{seller()['email']}",
            f"Expires: {(day + SECURITY_TXT_LASTS).isoformat().replace('+00:00', 'Z')}",
            "Preferred-Languages: fr, en",
            f"Canonical: {public_url(request.path)}",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
