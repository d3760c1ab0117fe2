"""What a school reads of its own licences and invoices."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_state
from billing.money.views.answers import pdf
from isolation.context import inside_operator
from people.requests import TenantRequest
from tenants.models import Contract
from tenants.queries import licences, seats_used

INVOICES_A_PAGE = 50


class Licences(View):
    """The contracts of this school, and how many licences are used."""

    permission = "licences.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Return the page; row policies keep the contracts to this school."""
        contracts = Contract.objects.filter(tenant_id=request.tenant.pk).order_by("-starts_on")
        context = {
            "contracts": contracts,
            "bought": licences(request.tenant, request.today),
            "used": seats_used(request.tenant),
            "today": request.today,
        }
        return render(request, "billing/desk/tenant/licences.html", context)


class TenantInvoices(View):
    """The invoices of this school."""

    permission = "invoices.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Return the list. What was paid is the operator's to tell, of this school's invoices only."""
        with inside_operator():
            rows = with_state(
                Invoice.objects.filter(tenant_id=request.tenant.pk), today=request.today
            ).order_by("-issued_on", "-pk")
            page = Paginator(rows, INVOICES_A_PAGE).get_page(request.GET.get("page"))
            context = {"page_obj": page, "invoices": list(page.object_list), "today": request.today}
        return render(request, "billing/desk/tenant/invoices.html", context)


class TenantInvoicePdf(View):
    """An invoice of this school on paper."""

    permission = "invoices.read"

    def get(self, request: TenantRequest, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        known = get_object_or_404(Invoice, pk=invoice_id, tenant_id=request.tenant.pk)  # row policies decide
        with inside_operator():
            content = invoice_pdf(Invoice.objects.select_related("order").get(pk=known.pk))
        return pdf(content, known.number)
