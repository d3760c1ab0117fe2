"""The buyer's portal on the public host: read, sign, pay, and know what happens next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.actions.change_method import other_ways
from billing.actions.draw_document import invoice_pdf, quote_pdf
from billing.actions.knock import knock
from billing.actions.place_order import PAID_WITHIN
from billing.actions.sign_quote import sign_quote
from billing.forms.customers import KnockForm
from billing.forms.quotes import SignForm
from billing.forms.signing import BuyersSignedPdfForm
from billing.gateways.portal_link import BadLink, contact_of
from billing.gateways.seller import seller
from billing.models import Contact, Invoice, OnlineSteps, Order, QuoteVersion, Refusal
from billing.policy.cart import ONLINE
from billing.queries.access import tenants_of
from billing.queries.documents import invoice_document, quote_document
from billing.queries.impossible import impossibles_of
from billing.queries.portal import terms_of_sale, versions_of
from billing.queries.portal_invoices import invoices_of
from billing.queries.portal_orders import orders_of
from billing.queries.shown import lines_shown, reads_with_vat
from billing.queries.withdrawals import may_withdraw
from billing.views.answers import done, pdf, problem
from billing.views.documents import xml_answer
from billing.views.refusals import NOT_SIGNED, why_not
from isolation.policy.guards import guards
from people.context import places
from tenants.queries import tenant_url

OPEN_SECONDS = 12 * 3600
SESSION_KEY = "contact_id"
VERSION_KEY = "contact_link_version"


def door(request: Any) -> HttpResponse | None:
    """Return the way to the portal's door, or None after saying who the buyer is."""
    contact = contact_in(request)
    if contact is None:
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return redirect(f"{reverse('billing:knock')}?{query}" if query else reverse("billing:knock"))
    request.contact = contact
    request.rights = request.rights | {"contact"}
    return None


@guards("token")
def contact_in(request: Any) -> Contact | None:
    """Return the buyer who came in on this browser, None where nobody did or it was too long ago."""
    known = request.session.get(SESSION_KEY)
    since = request.session.get("contact_since", 0)
    if not known or timezone.now().timestamp() - since >= OPEN_SECONDS:
        return None
    version = request.session.get(VERSION_KEY)  # raised, every session opened before ends with its link
    return Contact.objects.select_related("customer").filter(pk=known, link_version=version).first()


def let_in(request: Any, contact: Contact) -> None:
    """Let a buyer into the portal on this browser."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(contact.pk)
    request.session[VERSION_KEY] = contact.link_version
    request.session["contact_since"] = timezone.now().timestamp()


class PortalView(View):
    """A page for one buyer, about their customer's documents only."""

    right = "contact"
    request: Any

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return a page of the portal with its own places, whoever else is signed in on this browser."""
        request = self.request
        frame = {
            "customer": request.contact.customer,
            "contact": request.contact,
            "today": request.today,
            "places": places(request, "portal"),
            "session_lock": None,
            "seller": seller(),
        }
        return render(request, template, frame | context, status=status)


class Knock(View):
    """The portal's door: an address, and a link comes by mail."""

    right = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form."""
        return render(request, "billing/portal/knock.html", {"form": KnockForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send a link if the address is known; say the same if it isn't."""
        form = KnockForm(request.POST)
        if not form.is_valid():
            return render(request, "billing/portal/knock.html", {"form": form}, status=422)
        knock(email=form.cleaned_data["email"], now=timezone.now())
        return render(request, "billing/portal/knocked.html", {"email": form.cleaned_data["email"]})


class Enter(View):
    """A link from a mail: a person, not a mail scanner, goes in with a button."""

    right = "anyone"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Return the button, or say that the link is dead."""
        try:
            contact = contact_of(token)
        except BadLink:
            return render(request, "billing/portal/dead_link.html", status=410)
        return render(
            request, "billing/portal/enter.html", {"contact": contact, "next": request.GET.get("next", "")}
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Let the buyer in."""
        try:
            contact = contact_of(token)
        except BadLink:
            return render(request, "billing/portal/dead_link.html", status=410)
        let_in(request, contact)
        request.session["language"] = contact.language
        wanted = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/portal/")
        home = (
            "billing:shop_cart" if "cart_id" in request.session else "billing:portal"
        )  # what was begun goes on
        return redirect(wanted if safe else reverse(home))


class Leave(PortalView):
    """Leave the portal."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget the buyer on this browser."""
        for key in (SESSION_KEY, VERSION_KEY, "contact_since"):
            request.session.pop(key, None)
        return redirect("billing:knock")


class PortalHome(PortalView):
    """What needs the buyer now."""

    def get(self, request: Any) -> HttpResponse:
        """Return the page."""
        to_sign = versions_of(self.request.contact).waiting().filter(valid_until__gte=request.today)
        to_pay = invoices_of(self.request.contact).filter(kind=Invoice.Kind.INVOICE, balance_cents__gt=0)
        context = {"to_sign": to_sign, "to_pay": to_pay, "orders": orders_of(self.request.contact)[:10]}
        return self.page("billing/portal/home.html", context)


class PortalQuotes(PortalView):
    """The buyer's quotes."""

    def get(self, request: Any) -> HttpResponse:
        """Return the list."""
        return self.page(
            "billing/portal/quotes.html", {"versions": versions_of(self.request.contact).current()}
        )


class PortalInvoices(PortalView):
    """The buyer's invoices."""

    def get(self, request: Any) -> HttpResponse:
        """Return the list."""
        return self.page("billing/portal/invoices.html", {"invoices": invoices_of(self.request.contact)})


class PortalQuote(PortalView):
    """A quote to read and to sign."""

    def get(self, request: Any, version_id: UUID) -> HttpResponse:
        """Return the quote."""
        contact = request.contact
        form = SignForm(
            initial={
                "name": f"{contact.first_name} {contact.last_name}".strip(),
                "capacity": contact.capacity,
            }
        )
        return self._page(self._version(version_id), form)

    def post(self, request: Any, version_id: UUID) -> HttpResponse:
        """Sign it, or say why not."""
        version = self._version(version_id)
        form = SignForm(request.POST)
        if not form.is_valid():
            return self._page(version, form)
        terms = terms_of_sale(version, on=request.today)
        data = form.cleaned_data
        told = {"name": data["name"], "capacity": data["capacity"], "contact": request.contact}
        try:
            order = sign_quote(
                version_id=version.pk,
                terms_version=terms.pk if terms else None,
                now=timezone.now(),
                today=request.today,
                **told,
            )
        except NOT_SIGNED as error:
            return problem(request, why_not(error), "billing:portal_quote", version.pk)
        return done(
            request,
            _("Thank you. Your order is firm; here is what happens next."),
            "billing:portal_order",
            order.pk,
        )

    def _version(self, version_id: UUID) -> QuoteVersion:
        return get_object_or_404(versions_of(self.request.contact), pk=version_id)

    def _page(self, version: QuoteVersion, form: SignForm) -> HttpResponse:
        context = quote_document(version) | {
            "form": form,
            "can_sign": version.is_open(self.request.today),
            "terms": terms_of_sale(version, on=self.request.today),
            "order": getattr(version, "order", None),
            "upload": BuyersSignedPdfForm(
                auto_id="upload_%s",
                today=self.request.today,
                issued_on=version.issued_on,
                initial={
                    "name": form["name"].value(),
                    "capacity": form["capacity"].value(),
                    "signed_on": self.request.today,
                },
            ),
        }
        return self.page("billing/portal/quote.html", context, status=422 if form.errors else 200)


class PortalQuotePdf(PortalView):
    """A quote on paper."""

    def get(self, request: Any, version_id: UUID) -> HttpResponse:
        """Return the PDF."""
        version = get_object_or_404(versions_of(self.request.contact), pk=version_id)
        return pdf(quote_pdf(version), version.label)


class PortalOrder(PortalView):
    """An order: how to pay, and what happens next."""

    def get(self, request: Any, order_id: UUID) -> HttpResponse:
        """Return the page."""
        order = get_object_or_404(orders_of(self.request.contact), pk=order_id)
        invoices = list(invoices_of(self.request.contact).filter(order=order))
        unpaid_online = order.state == Order.State.WAITING and order.method in ONLINE and not invoices
        context = {
            "order": order,
            "steps": OnlineSteps.objects.filter(order=order).first(),
            "refusal": Refusal.objects.filter(order=order).first(),
            "lines": order.lines.select_related("site"),
            "shown_lines": lines_shown(order) if reads_with_vat(order.customer) else [],
            "unpaid_online": unpaid_online,
            "other_ways": [way for way in other_ways(order) if way != order.method] if unpaid_online else [],
            "drops_at": order.confirmed_at + PAID_WITHIN,
            "invoices": invoices,
            "invoice": next((invoice for invoice in invoices if not invoice.is_credit_note), None),
            "cheque": order.allocated_payments()
            .filter(method="cheque", credited_on=None, bounced_on=None)
            .first(),
            "sites": order.sites.all(),
            "amends": order.lines.filter(licences_after__isnull=False).exists(),
            "may_withdraw": may_withdraw(order, on=request.today),
            "may_withdraw_as_small": may_withdraw(order, on=request.today, client="professional"),
            "impossibles": impossibles_of(order),
            "withdrawals": order.withdrawals.prefetch_related("parts__line", "parts__back"),
            "schools": [(tenant.name, tenant_url(tenant)) for tenant in tenants_of(order)],
        }
        return self.page("billing/portal/order.html", context)


class PortalInvoice(PortalView):
    """An invoice to read."""

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the page."""
        invoice = get_object_or_404(invoices_of(self.request.contact).select_related("order"), pk=invoice_id)
        return self.page("billing/portal/invoice.html", invoice_document(invoice))


class PortalInvoicePdf(PortalView):
    """An invoice on paper."""

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        invoice = invoices_of(self.request.contact).filter(pk=invoice_id).first()
        if invoice is None:
            raise Http404
        return pdf(invoice_pdf(invoice), invoice.number)


class PortalInvoiceXml(PortalView):
    """The electronic invoice, for the buyer's own books."""

    def get(self, request: Any, invoice_id: UUID) -> HttpResponse:
        """Return the XML."""
        invoice = invoices_of(self.request.contact).filter(pk=invoice_id).first()
        if invoice is None:
            raise Http404
        return xml_answer(invoice)
