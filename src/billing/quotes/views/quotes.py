"""Finance's pages about quotes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import View

from audit.queries import history
from billing.catalogue.models import Product
from billing.catalogue.policy.stock import gone
from billing.catalogue.queries.stock import left_of
from billing.customers.queries.sent import sent_about
from billing.invoicing.models import ProForma
from billing.invoicing.queries.refusals import refusal_words
from billing.money.labels import amount_cell
from billing.money.views.answers import done, pdf, problem
from billing.money.views.lists import ListPage
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.actions.revise_quote import OrderStands, StillADraft, Superseded, revise_quote
from billing.quotes.actions.revoke_quote import NotWaiting, revoke_quote
from billing.quotes.actions.send_quote import (
    BuyerIncomplete,
    BuyerMoved,
    ValidityPassed,
    look_anew,
    send_quote,
)
from billing.quotes.actions.write_quote import AlreadySent
from billing.quotes.forms.signing import PdfForm, SignedPdfForm
from billing.quotes.labels import BUYER_MOVED, QUOTE_STATES
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.documents import quote_document, texts_of
from billing.quotes.queries.stock import wanted_by
from exports.gateways.fonts import undrawn_here
from exports.labels import undrawn_in_words
from people.requests import ConsoleRequest
from tenants.models import Customer

IN_HAND = (QuoteVersion.State.DRAFT, QuoteVersion.State.SENT)

MISSING = {
    "name": gettext_lazy("name"),
    "street": gettext_lazy("street"),
    "postcode": gettext_lazy("postcode"),
    "city": gettext_lazy("town"),
    "country": gettext_lazy("country"),
    "siren": "SIREN",
    "siret": "SIRET",
    "service_code": gettext_lazy("a service code without spaces or accents"),
    "email": gettext_lazy("e-mail address"),
}


class QuoteList(ListPage[QuoteVersion]):
    """All quotes, each by the version in hand."""

    permission = "quotes.write"
    template_name = "billing/quotes/console/quotes.html"
    searched = ("quote__number", "quote__customer__name", "sites__name")
    sorts = {
        "number": "quote__number",
        "customer": "quote__customer__name",
        "total": "gross_cents",
        "valid_until": "valid_until",
        "written": "created_at",
    }
    first_sort = "-written"
    csv_name = "devis"

    def rows(self) -> QuerySet[QuoteVersion]:
        """Return the versions in hand."""
        return (
            QuoteVersion.objects.current()
            .select_related("quote__customer", "request")
            .prefetch_related("sites")
            .distinct()
        )

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of quotes."""
        known = [(key, words) for key, (words, *_rest) in QUOTE_STATES.items() if key != "superseded"]
        return [("asked", pgettext("quotes", "asked for on the site")), *known]

    def filtered(self, rows: QuerySet[QuoteVersion], state: str) -> QuerySet[QuoteVersion]:
        """Return the quotes in a state; those asked for on the site while nobody has answered."""
        if state == "asked":
            return rows.filter(state=QuoteVersion.State.DRAFT, request__isnull=False)
        return rows.filter(state=state)

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Net"),
            _("VAT"),
            _("Total"),
            _("Currency"),
            _("Valid until"),
            _("State"),
        ]

    def line(self, row: QuoteVersion) -> Iterable[Any]:
        """Return a quote's cells."""
        state = str(QUOTE_STATES[row.state][0])
        cents = map(amount_cell, (row.net_cents, row.vat_cents, row.gross_cents))
        return [row.label, row.quote.customer.name, *cents, row.currency, row.valid_until, state]


class QuotePage(View):
    """One version of a quote: what it says, its state, what can be done next."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the page."""
        return quote_page(request, version_id)


def quote_page(
    request: ConsoleRequest,
    version_id: UUID,
    form: SignedPdfForm | None = None,
    terms_form: PdfForm | None = None,
) -> HttpResponse:
    """Return a version's page, with these forms for its signed PDF and its specific terms."""
    rows = QuoteVersion.objects.select_related("quote__customer", "quote__contact", "request")
    version = get_object_or_404(rows, pk=version_id)
    contact = version.quote.contact
    names = {"name": contact.name, "job_title": contact.job_title, "signed_on": request.today}
    context = quote_document(version) | {
        "customer": version.quote.customer,
        "versions": version.quote.versions.all(),
        "order": getattr(version, "order", None),
        "asked": getattr(version, "request", None),
        "alike": _alike(version),
        "sent": sent_about(version.pk),
        "entries": history(on=version.quote_id),
        "pro_formas": ProForma.objects.filter(version__quote_id=version.quote_id),
        "today": request.today,
        "gone": ", ".join(product.name("fr") for product in _gone(version)),
        "unready": _unready(version, request.today),
        "undrawn": undrawn_in_words(undrawn_here(texts_of(version))),
        "can_sign": version.is_open(request.today),
        "form": form or SignedPdfForm(initial=names, today=request.today, issued_on=version.issued_on),
    }
    context["terms_form"] = terms_form or PdfForm(prefix="terms")
    wrong = any(each and each.errors for each in (form, terms_form))
    return render(request, "billing/quotes/console/quote.html", context, status=422 if wrong else 200)


def _unready(version: QuoteVersion, today: date) -> dict[str, Any] | None:
    """Return why a draft can't be sent as the client's page is today, and where that is put right."""
    if not version.is_draft:
        return None
    here = reverse("billing:quote", args=[version.pk])
    try:
        look_anew(version, now=timezone.now(), today=today)
    except BuyerMoved:
        desk = reverse("billing:quote_edit", args=[version.pk])
        return {"text": BUYER_MOVED, "url": desk, "act": _("Open it")}
    except BuyerIncomplete as lack:
        page = reverse("billing:customer_edit", args=[version.quote.customer_id])
        text = refusal_words((), lack.broken) if lack.broken else _lacking(lack.missing)
        return {"text": text, "url": f"{page}?next={here}", "act": _("Complete the client")}
    return None


def _lacking(missing: Iterable[str]) -> str:
    words = ", ".join(str(MISSING.get(name, name)) for name in missing)
    return _("The invoice would lack: %(words)s.") % {"words": words}


def _alike(version: QuoteVersion) -> Customer | None:
    """Return another customer with the SIREN of who asked on the site: they may be one."""
    siren = version.quote.customer.siren
    if not siren or not version.is_draft or getattr(version, "request", None) is None:
        return None
    return Customer.objects.filter(siren=siren).exclude(pk=version.quote.customer_id).first()


def _gone(version: QuoteVersion) -> Iterable[Product]:
    """Return what can't be delivered any more of a quote nobody signed yet."""
    if version.state not in IN_HAND:
        return ()
    wanted = wanted_by(version)
    return Product.objects.filter(key__in=gone(wanted, left_of(wanted)))


class QuotePdf(View):
    """A quote on paper."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Return the PDF."""
        version = get_object_or_404(QuoteVersion.objects.select_related("quote__customer"), pk=version_id)
        return pdf(quote_pdf(version), version.label)


class SendQuote(View):
    """Send a quote to the buyer."""

    permission = "quotes.write"

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Send it, or say what is missing."""
        version = get_object_or_404(QuoteVersion, pk=version_id)
        try:
            send_quote(version_id=version.pk, by=request.person, now=timezone.now(), today=request.today)
        except AlreadySent:
            return problem(request, _("This version was sent already."), "billing:quote", version.pk)
        except ValidityPassed:
            return problem(
                request, _("Its validity has passed: choose a later date first."), "billing:quote", version.pk
            )
        except (BuyerIncomplete, BuyerMoved):
            text = _("It wasn’t sent: see below what is to be put right first.")
            return problem(request, text, "billing:quote", version.pk)
        return done(
            request, _("Sent. The buyer gets the PDF and a link to sign."), "billing:quote", version.pk
        )


class ReviseQuote(View):
    """Make a new version of a quote."""

    permission = "quotes.write"

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Make it and open its desk, or say why not."""
        version = get_object_or_404(QuoteVersion, pk=version_id)
        try:
            new = revise_quote(
                version_id=version.pk, by=request.person, now=timezone.now(), today=request.today
            )
        except StillADraft:
            return redirect("billing:quote_edit", version.pk)
        except Superseded:
            text = _("A newer version of this quote is in hand: go on from there.")
            return problem(request, text, "billing:quote", version.pk)
        except OrderStands:
            text = _("This quote is signed and its order stands. Cancel the order first.")
            return problem(request, text, "billing:quote", version.pk)
        return done(
            request,
            _("Here is the new version; the old one can’t be signed any more."),
            "billing:quote_edit",
            new.pk,
        )


class WithdrawQuote(View):
    """Withdraw a quote nobody signed."""

    permission = "quotes.write"

    def post(self, request: ConsoleRequest, version_id: UUID) -> HttpResponse:
        """Withdraw it, or say why not."""
        version = get_object_or_404(QuoteVersion, pk=version_id)
        try:
            revoke_quote(version_id=version.pk, by=request.person, now=timezone.now())
        except NotWaiting:
            return problem(
                request, _("This quote was answered or closed meanwhile."), "billing:quote", version.pk
            )
        text = _("Withdrawn: it can’t be signed. A new version can still be made of it.")
        return done(request, text, "billing:quote", version.pk)
