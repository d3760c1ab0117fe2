"""Sending to many: what was chosen is shown first, then sent in the background, and found again with its
results.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from billing.collections.views.late import LateList
from billing.customers.models import Contact
from billing.desk.actions.send_many import NobodyToWriteTo, send_many
from billing.desk.models import Mailing
from billing.desk.policy.mailing import letters
from billing.desk.queries.mailings import progress, results, still_wanted, wanted
from billing.invoicing.views.invoices import InvoiceList
from billing.money.views.answers import problem
from billing.money.views.lists import ListPage
from billing.quotes.views.quotes import QuoteList
from people.requests import ConsoleRequest
from tenants.models import Customer

MAX_DOCUMENTS = 20_000  # documents in one sending; a longer list is refused, never cut


class _Mail(View):
    """Choose on a list, look at who gets what, send."""

    kind: ClassVar[str]
    chosen_on: ClassVar[type[ListPage[Any]]]
    back: ClassVar[str]

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return who would get what of all that the list found."""
        return self._look(request, self._found(request) if request.GET.get("all") else [])

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Return who would get what of the rows chosen, or send it when that was looked at."""
        ids = list(_uuids(request.POST.getlist("ids")))
        keys = list(_uuids([request.POST.get("key", "")]))
        if not keys or len(ids) > MAX_DOCUMENTS:
            return self._look(request, ids)
        try:
            mailing = send_many(key=keys[0], kind=self.kind, ids=ids, by=request.person, now=timezone.now())
        except NobodyToWriteTo:
            return problem(request, _("Choose at least one row."), self.back)
        return redirect("billing:mailing", mailing.pk)

    def _found(self, request: HttpRequest) -> list[UUID]:
        page = self.chosen_on()
        page.setup(request)
        return list(page.get_queryset().values_list("pk", flat=True))

    def _look(self, request: ConsoleRequest, ids: list[UUID]) -> HttpResponse:
        if len(ids) > MAX_DOCUMENTS:
            return problem(request, _too_many(len(ids)), self.back)
        asked = wanted(self.kind, ids)
        if not asked:
            return problem(request, _("Choose at least one row."), self.back)
        useful = {
            str(each.pk)
            for each in still_wanted(self.kind, [each.key for each in asked], today=request.today)
        }
        found = letters(each for each in asked if each.key in useful)
        people = Contact.objects.in_bulk([each.contact for each in found if each.contact])
        customers = Customer.objects.in_bulk([each.customer for each in found])
        context = {
            "kind": self.kind,
            "key": uuid4(),
            "ids": [each.key for each in asked if each.key in useful],
            "letters": [
                (
                    customers[UUID(each.customer)],
                    people.get(UUID(each.contact)) if each.contact else None,
                    [number for _key, number in each.documents],
                )
                for each in found
            ],
            "left_out": [each.number for each in asked if each.key not in useful],
            "back": self.back,
        }
        return render(request, "billing/desk/console/mailing_new.html", context)


def _uuids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in " ".join(texts).split():
        try:
            yield UUID(text)
        except ValueError:
            continue


def _too_many(count: int) -> str:
    return _(
        "%(n)d rows are more than one sending takes (%(most)d): nothing was sent. "
        "Narrow the list, and send it in parts."
    ) % {"n": count, "most": MAX_DOCUMENTS}


class MailInvoices(_Mail):
    """Send invoices once more."""

    permission = "invoices.write"
    kind = Mailing.Kind.INVOICES
    chosen_on = InvoiceList
    back = "billing:invoices"


class MailReminders(_Mail):
    """Remind of what is overdue."""

    permission = "invoices.write"
    kind = Mailing.Kind.REMINDERS
    chosen_on = LateList
    back = "billing:late"

    def _found(self, request: HttpRequest) -> list[UUID]:
        page = LateList()
        page.setup(request)
        return [*page.get_queryset().values_list("pk", flat=True), *page.late_claims]


class MailQuotes(_Mail):
    """Remind of quotes that wait for a signature."""

    permission = "quotes.write"
    kind = Mailing.Kind.QUOTES
    chosen_on = QuoteList
    back = "billing:quotes"


class Mailings(ListView[Mailing]):
    """What was sent to many."""

    permission = "invoices.write"
    template_name = "billing/desk/console/mailings.html"
    context_object_name = "mailings"
    paginate_by = 50
    queryset = Mailing.objects.all()


class MailingPage(View):
    """One sending: how far it is, and what became of each recipient."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, mailing_id: UUID) -> HttpResponse:
        """Return the page."""
        mailing = get_object_or_404(Mailing, pk=mailing_id)
        context = {"mailing": mailing, "results": results(mailing), **progress(mailing)}
        return render(request, "billing/desk/console/mailing.html", context)


class MailingProgress(View):
    """How far a sending is, for the page that waits for it."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, mailing_id: UUID) -> HttpResponse:
        """Return the bar and the results."""
        mailing = get_object_or_404(Mailing, pk=mailing_id)
        context = {"mailing": mailing, "results": results(mailing), **progress(mailing)}
        return render(request, "billing/desk/console/mailing_results.html", context)
