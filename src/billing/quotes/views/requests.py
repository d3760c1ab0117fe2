"""A visitor of the public site asks for a quote."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from billing.money.gateways.seller import seller
from billing.money.policy.days import paris_day
from billing.money.policy.rates import UnknownRate
from billing.quotes.actions.request_quote import TooManyRequests, request_quote
from billing.quotes.forms.request import QuoteRequestForm
from billing.quotes.queries.requests import requestable_offers, terms_of_use
from people.gateways.often import too_often
from people.requests import VisitorRequest


class RequestQuote(View):
    """A visitor asks for a quote; finance finds the draft among what needs doing."""

    permission = "anyone"

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the form, the offer of the link chosen."""
        return self._page(
            request, QuoteRequestForm(offers=_offers(), initial={"offer": request.GET.get("offer", "school")})
        )

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Keep the request and say what happens next; a machine is told the same and nothing is kept."""
        form = QuoteRequestForm(request.POST, offers=_offers())
        if not form.is_valid():
            return self._page(request, form)
        if form.is_machine:
            return redirect("website:quote_requested")
        if too_often(request.META.get("REMOTE_ADDR", ""), what="quote-asked"):
            form.add_error(
                None, _("Many requests came from your network: write to us instead, or try in an hour.")
            )
            return self._page(request, form)
        now = timezone.now()
        today = paris_day(now)
        language = _language()
        terms = terms_of_use(form.cleaned_data["offer"], language, on=today)
        try:
            request_quote(asked=form.asked(language), terms_version=terms, now=now, today=today)
        except TooManyRequests:
            form.add_error(
                "email", _("You asked several times today already: we have your requests and will answer.")
            )
            return self._page(request, form)
        except UnknownRate:
            form.add_error("postcode", _("We can’t price this address by ourselves: write to us."))
            return self._page(request, form)
        return redirect("website:quote_requested")

    def _page(self, request: VisitorRequest, form: QuoteRequestForm) -> HttpResponse:
        context = {"form": form, "seller": seller()}
        return render(
            request, "billing/quotes/site/request.html", context, status=422 if form.errors else 200
        )


class QuoteRequested(TemplateView):
    """What happens once a quote was asked for."""

    permission = "anyone"
    template_name = "billing/quotes/site/requested.html"


def _language() -> str:
    return (get_language() or "fr")[:2]


def _offers() -> list[tuple[str, str]]:
    return requestable_offers(today=paris_day(timezone.now()), language=_language())
