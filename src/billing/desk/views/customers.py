"""Finance's pages about customers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.customers.actions.close_contact import LastContact, close_contact, reopen_contact
from billing.customers.forms.customers import ContactForm, CustomerForm
from billing.customers.forms.saving import save_contact_form, save_customer_form
from billing.customers.labels import regime_name
from billing.customers.models import Contact, Reference
from billing.customers.queries.sent import sent_to
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_state
from billing.money.views.answers import done, problem
from billing.money.views.lists import ListPage
from billing.orders.models import Order
from billing.orders.queries.state import with_loss
from billing.quotes.models import QuoteVersion
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.state import with_state as with_subscription_state
from people.requests import ConsoleRequest
from people.views.session import safe_next
from tenants.models import Contract, Customer


class CustomerList(ListPage[Customer]):
    """All customers."""

    permission = "customers.write"
    template_name = "billing/desk/console/customers.html"
    searched = ("name", "city", "email", "siren", "signatory", "contacts__last_name", "contacts__email")
    sorts = {"name": "name", "city": "city", "kind": "customer_type", "since": "created_at"}
    first_sort = "name"
    csv_name = "clients"

    def rows(self) -> QuerySet[Customer]:
        """Return the customers."""
        return Customer.objects.annotate(contract_count=Count("contracts", distinct=True)).distinct()

    def filtered(self, rows: QuerySet[Customer], state: str) -> QuerySet[Customer]:
        """Return the customers who buy in a capacity."""
        return rows.filter(customer_type=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the capacities."""
        return list(Customer.CustomerType.choices)

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Name"),
            _("Buys as"),
            _("Postcode"),
            _("Town"),
            "SIREN",
            _("E-mail address"),
            _("Signatory"),
        ]

    def line(self, row: Customer) -> Iterable[Any]:
        """Return a customer's cells."""
        return [
            row.name,
            regime_name(row.customer_type),
            row.postcode,
            row.city,
            row.siren,
            row.email,
            row.signatory,
        ]


class CustomerPage(View):
    """One customer: who speaks for it, what it was quoted, owes, and has open."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, get_object_or_404(Customer, pk=customer_id), ContactForm())


def page(request: ConsoleRequest, customer: Customer, form: ContactForm) -> HttpResponse:
    """Return a customer's page with this form for a new contact."""
    context = {
        "customer": customer,
        "contacts": customer.contacts.all(),
        "quotes": QuoteVersion.objects.current()
        .filter(quote__customer=customer)
        .select_related("quote")
        .order_by("-quote__created_at", "-pk"),
        "orders": with_loss(Order.objects.filter(customer=customer)).order_by("-confirmed_at", "-pk"),
        "invoices": with_state(Invoice.objects.filter(customer=customer), today=request.today),
        "contracts": _contracts(customer),
        "reference": Reference.objects.active().filter(customer=customer).defer("logo").first(),
        "form": form,
        "today": request.today,
        "sent": sent_to(customer.pk),
        "entries": history(on=customer.pk),
    }
    return render(request, "billing/desk/console/customer.html", context, status=422 if form.errors else 200)


def _contracts(customer: Customer) -> list[tuple[Contract, Subscription | None]]:
    """Return the contracts of a customer, each with the subscription it is paid by, None without one."""
    rows = Subscription.objects.filter(contract__customer=customer).select_related("trial")
    paid_by = {row.contract_id: row for row in with_subscription_state(rows)}
    contracts = Contract.objects.filter(customer=customer).select_related("tenant")
    return [(contract, paid_by.get(contract.pk)) for contract in contracts]


class EditCustomer(View):
    """Write a customer down, or change what is known of it."""

    permission = "quotes.write"  # who may sign and is invoiced: money's word

    def get(self, request: ConsoleRequest, customer_id: UUID | None = None) -> HttpResponse:
        """Return the form."""
        customer = self._customer(customer_id)
        return self._page(request, CustomerForm(instance=customer, initial=self._initial(customer)))

    def post(self, request: ConsoleRequest, customer_id: UUID | None = None) -> HttpResponse:
        """Keep it, or say what is wrong."""
        customer = self._customer(customer_id)
        form = CustomerForm(request.POST, instance=customer, initial=self._initial(customer))
        if not form.is_valid():
            return self._page(request, form)
        customer = save_customer_form(form, by=request.person, now=timezone.now())
        text = _("%(name)s is kept.") % {"name": customer.name}
        if page_before := safe_next(request):
            return done(request, text, page_before)
        return done(request, text, "billing:customer", customer.pk)

    def _initial(self, customer: Customer | None) -> dict[str, str]:
        signs = customer.contacts.filter(email__iexact=customer.email).first() if customer else None
        return {"job_title": signs.job_title if signs else ""}

    def _customer(self, customer_id: UUID | None) -> Customer | None:
        return get_object_or_404(Customer, pk=customer_id) if customer_id else None

    def _page(self, request: ConsoleRequest, form: CustomerForm) -> HttpResponse:
        known = form.instance if form.instance.created_at else None
        context = {"form": form, "known": known, "customer": known, "page_before": safe_next(request)}
        return render(
            request, "billing/desk/console/customer_edit.html", context, status=422 if form.errors else 200
        )


class AddContact(View):
    """Write down who speaks for a customer."""

    permission = "quotes.write"  # who may sign and is invoiced: money's word

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the customer, where the form is."""
        return page(request, get_object_or_404(Customer, pk=customer_id), ContactForm())

    def post(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Keep the contact, or say what is wrong."""
        customer = get_object_or_404(Customer, pk=customer_id)
        form = ContactForm(request.POST)
        if save_contact_form(form, customer=customer, by=request.person, now=timezone.now()) is None:
            return page(request, customer, form)
        return done(request, _("The contact is kept."), "billing:customer", customer.pk)


class CloseContact(View):
    """Say that somebody speaks for a customer no more."""

    permission = "quotes.write"  # who may sign and is invoiced: money's word

    def post(self, request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
        """Close the contact, or say why not."""
        contact = get_object_or_404(Contact.objects.known().select_related("customer"), pk=contact_id)
        try:
            close_contact(contact=contact, by=request.person, now=timezone.now())
        except LastContact:
            text = _("Nobody else speaks for this customer: first add who takes over.")
            return problem(request, text, "billing:customer", contact.customer_id)
        text = _("Closed: their links and sessions have ended, and what is sent goes to who is left.")
        return done(request, text, "billing:customer", contact.customer_id)


class ReopenContact(View):
    """Say that somebody speaks for a customer again."""

    permission = "quotes.write"

    def post(self, request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
        """Open the contact again."""
        contact = get_object_or_404(Contact.objects.known().select_related("customer"), pk=contact_id)
        reopen_contact(contact=contact, by=request.person, now=timezone.now())
        return done(request, _("Open again."), "billing:customer", contact.customer_id)
