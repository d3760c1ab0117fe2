"""Invoices in the portal."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.queries.documents import invoice_document
from billing.invoicing.queries.portal import invoices_of
from billing.invoicing.views.documents import xml_answer
from billing.money.views.answers import pdf


class PortalInvoices(PortalView):
    """The buyer's invoices."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the list."""
        return self.page(
            "billing/invoicing/portal/invoices.html", {"invoices": invoices_of(self.request.contact)}
        )


class PortalInvoice(PortalView):
    """An invoice to read."""

    def get(self, request: PortalRequest, invoice_id: UUID) -> HttpResponse:
        """Return the page."""
        invoice = get_object_or_404(invoices_of(self.request.contact).select_related("order"), pk=invoice_id)
        return self.page("billing/invoicing/portal/invoice.html", invoice_document(invoice))


class PortalInvoicePdf(PortalView):
    """An invoice on paper."""

    def get(self, request: PortalRequest, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        invoice = invoices_of(self.request.contact).filter(pk=invoice_id).first()
        if invoice is None:
            raise Http404
        return pdf(invoice_pdf(invoice), invoice.number)


class PortalInvoiceXml(PortalView):
    """The electronic invoice, for the buyer's own books."""

    def get(self, request: PortalRequest, invoice_id: UUID) -> HttpResponse:
        """Return the XML."""
        invoice = invoices_of(self.request.contact).filter(pk=invoice_id).first()
        if invoice is None:
            raise Http404
        return xml_answer(invoice)
