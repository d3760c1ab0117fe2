"""Finance keeps a customer's word that we may name them, and takes it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.actions.mark_reference import mark_reference
from billing.customers.actions.revoke_reference import revoke_reference
from billing.customers.forms.reference import ReferenceForm
from billing.customers.models import Reference
from billing.customers.policy.reference import NotAReference
from billing.money.views.answers import done, problem
from people.requests import ConsoleRequest
from tenants.models import Customer


class MarkReference(View):
    """Mark a customer as a reference the public site may show."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the form, with what was agreed before."""
        customer = get_object_or_404(Customer, pk=customer_id)
        known = Reference.objects.active().filter(customer=customer).first()
        told = {"name": known.name, "agreed_on": known.agreed_on, "word": known.word} if known else {}
        form = ReferenceForm(
            today=request.today, initial={"name": customer.name, "agreed_on": request.today} | told
        )
        return self._page(request, customer, form)

    def post(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong."""
        customer = get_object_or_404(Customer, pk=customer_id)
        form = ReferenceForm(request.POST, request.FILES, today=request.today)
        if not form.is_valid():
            return self._page(request, customer, form)
        try:
            mark_reference(
                customer_id=customer.pk, by=request.person, now=timezone.now(), **form.cleaned_data
            )
        except NotAReference:
            text = _("A private individual is never named as a reference.")
            return problem(request, text, "billing:customer", customer.pk)
        text = _("%(name)s may be named: the public site shows it.") % {"name": form.cleaned_data["name"]}
        return done(request, text, "billing:customer", customer.pk)

    def _page(self, request: ConsoleRequest, customer: Customer, form: ReferenceForm) -> HttpResponse:
        known = Reference.objects.active().filter(customer=customer).first()
        context = {"customer": customer, "form": form, "known": known, "has_logo": bool(known and known.logo)}
        return render(
            request, "billing/customers/console/reference.html", context, status=422 if form.errors else 200
        )


class RevokeReference(View):
    """Take a reference back."""

    permission = "customers.write"

    def post(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Show the customer nowhere from now on."""
        customer = get_object_or_404(Customer, pk=customer_id)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        if not revoke_reference(customer_id=customer.pk, **details):
            return problem(request, _("This customer is no reference."), "billing:customer", customer.pk)
        return done(
            request, _("Taken back: the public site shows it no more."), "billing:customer", customer.pk
        )
