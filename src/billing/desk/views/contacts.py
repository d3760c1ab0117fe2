"""Forgetting a person who speaks for a customer: what goes, what stays and why, and the word that does it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.customers.models import Contact
from billing.desk.actions.erase_contact import StillNeeded, erase_contact
from billing.desk.queries.contacts import contact_erasure, holding
from billing.desk.views.contact_words import kept_in_words, losses_in_words, waits_in_words
from billing.money.views.answers import done
from people.requests import ConsoleRequest


class EraseContact(View):
    """Forget a person who asks for it: their name, address and links, wherever no law keeps them."""

    permission = "quotes.write"  # who may sign and is invoiced: money's word

    def get(self, request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
        """Say what would go, what stays and why, or for what the person is still needed."""
        return _page(request, _found(contact_id))

    def post(self, request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
        """Forget them, once their name was typed."""
        contact = _found(contact_id)
        if not _is_same(request.POST.get("confirm_name", ""), contact.name):
            return _page(request, contact, name_error=True, status=400)
        try:
            erase_contact(contact_id=contact.pk, by=request.person, now=timezone.now(), today=request.today)
        except StillNeeded:
            return _page(request, contact, status=409)
        text = _("Erased: no name, no address and no link of theirs is left, and no backup brings them back.")
        return done(request, text, "billing:customer", contact.customer_id)


def _found(contact_id: UUID) -> Contact:
    found: Contact = get_object_or_404(Contact.objects.known().select_related("customer"), pk=contact_id)
    return found


def _is_same(typed: str, name: str) -> bool:
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def _page(
    request: ConsoleRequest, contact: Contact, *, name_error: bool = False, status: int = 200
) -> HttpResponse:
    case = contact_erasure(contact, today=request.today)
    held = holding(case)
    context = {
        "contact": contact,
        "customer": contact.customer,
        "case": case,
        "waits": waits_in_words(case),
        "losses": losses_in_words(case, held),
        "stays": kept_in_words(case, held),
        "name_error": name_error,
    }
    return render(request, "billing/desk/console/contact_erase.html", context, status=status)
