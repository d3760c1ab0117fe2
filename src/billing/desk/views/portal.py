"""The portal's home: what needs the buyer now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpResponse

from billing.collections.queries.claims import claims_of
from billing.collections.queries.owed import overdue_of
from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.invoicing.models import Invoice
from billing.invoicing.queries.portal import invoices_of
from billing.orders.queries.portal import orders_of
from billing.orders.queries.state import with_loss
from billing.payments.models import Checkout, Refund
from billing.quotes.queries.portal import versions_of


class PortalHome(PortalView):
    """What needs the buyer now."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the page."""
        to_sign = versions_of(self.request.contact).waiting().filter(valid_until__gte=request.today)
        on_its_way = Checkout.objects.filter(invoice=OuterRef("pk"), state=Checkout.State.PROCESSING)
        to_pay = invoices_of(self.request.contact).filter(kind=Invoice.Kind.INVOICE, balance_cents__gt=0)
        to_pay = to_pay.annotate(is_on_its_way=Exists(on_its_way))
        customer_id = request.contact.customer_id
        overdue = overdue_of([customer_id], request.today).get(customer_id, [])
        context = {
            "overdue": overdue,
            "to_sign": to_sign,
            "to_pay": to_pay,
            "claims": claims_of(self.request.contact, today=request.today).filter(
                corrects=None, left_cents__gt=0
            ),
            "undue": Refund.objects.undue().filter(payment__customer=customer_id).select_related("payment"),
            "orders": with_loss(orders_of(self.request.contact)).order_by("-confirmed_at", "-pk"),
        }
        return self.page("billing/desk/portal/home.html", context)
