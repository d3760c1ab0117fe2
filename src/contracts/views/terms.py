"""The terms as they were published: every version stays readable."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from contracts.models import TermsKind, TermsVersion
from contracts.policy.precedence import has_agreement_on_data, in_order
from contracts.policy.terms import is_translation
from contracts.queries import published_terms
from contracts.registry import clients_of, profile_names, settler_of
from contracts.views.words import speaks_french


class TermsList(TemplateView):
    """Every version of every document, the one in force first; earlier ones stay readable."""

    permission = "anyone"
    template_name = "contracts/terms_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the versions by offer and document."""
        documents: dict[tuple[str, str], list[TermsVersion]] = {}
        for version in published_terms():
            documents.setdefault((version.profile, version.get_kind_display()), []).append(version)
        names = profile_names("fr" if speaks_french() else "en")
        offers: dict[str, list[dict[str, Any]]] = {}
        clients = clients_of()
        for (key, kind), versions in sorted(
            documents.items(), key=lambda each: _rank(clients, each[0][0], each[1][0])
        ):
            offers.setdefault(names.get(key, key), []).append({"kind": kind, "versions": versions})
        with_dpa = {names.get(key, key) for key, client in clients.items() if has_agreement_on_data(client)}
        listed = [(name, documents, name in with_dpa) for name, documents in sorted(offers.items())]
        return super().get_context_data(**kwargs) | {"offers": listed, "layout": layout_of(self.request)}


def _rank(clients: dict[str, str], key: str, version: TermsVersion) -> int:
    """Return the place of a document among its offer's.

    Where personal data is concerned, what prevails comes first.
    """
    order = in_order(clients.get(key, ""), on_personal_data=True)
    return order.index(version.kind) if version.kind in order else len(order)


class TermsText(TemplateView):
    """One version of the terms, as it was published."""

    permission = "anyone"
    template_name = "contracts/terms_text.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the text with its translations and its other versions."""
        terms = get_object_or_404(TermsVersion, pk=self.kwargs["terms_id"])
        same = TermsVersion.objects.filter(kind=terms.kind, profile=terms.profile).defer("text")
        names = profile_names("fr" if speaks_french() else "en")
        return super().get_context_data(**kwargs) | {
            "terms": terms,
            "settles": settles_in(terms),
            "offer": names.get(terms.profile, terms.profile),
            "is_translation": is_translation(terms.language),
            "languages": same.filter(version=terms.version).order_by("-language"),
            "versions": same.filter(language=terms.language).order_by("-in_force_on", "-version"),
            "layout": layout_of(self.request),
        }


def settles_in(terms: TermsVersion) -> str:
    """Return who settles a dispute under terms of sale, by name; "" under another document."""
    if terms.kind != TermsKind.SALE:
        return ""
    return settler_of(clients_of().get(terms.profile, "professional"), terms.language)


def layout_of(request: HttpRequest) -> str:
    """Return the frame of a public page: the site's, or a small card on a school's own host."""
    return "layouts/plain.html" if getattr(request, "tenant", None) else "layouts/public.html"
