"""The desk where a running contract is amended.

The price and the effect are shown before anything is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.catalogue.actions.price_lines import price_lines
from billing.catalogue.models.lines import totals_of
from billing.customers.policy.clients import PurchaseCapacity
from billing.money.views.answers import done, problem
from billing.quotes.actions.write_quote import AlreadySent, rewrite_quote, write_quote
from billing.quotes.forms.amendment import AmendmentForm, ChangeForm, NewSite, NewSiteForm, draft_of
from billing.quotes.models import QuoteVersion
from billing.quotes.views.error_messages import REFUSED, UNPRICED, error_message
from billing.subscriptions.policy.amendment import Amendment, NotMore, TermOver
from billing.subscriptions.policy.trial import InTrial
from billing.subscriptions.queries.amendable import AmendableContract, amendable_contracts
from people.requests import ConsoleRequest
from tenants.models import Customer

VALID = timedelta(days=14)

Changes = list[tuple[AmendableContract, Amendment]]

Refused = list[tuple[ChangeForm, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at the desk: who signs, what each contract comes to, a school more."""

    form: AmendmentForm
    forms: list[ChangeForm]
    new: NewSiteForm
    changes: Changes = field(default_factory=list)
    added: NewSite | None = None

    @property
    def errors(self) -> bool:
        """Return whether something of it is wrong."""
        return any(each.errors for each in (self.form, self.new, *self.forms))


class Amend(View):
    """Add licences to what runs."""

    permission = "quotes.write"
    version: QuoteVersion | None = None

    def get(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Return the desk: every running contract as it is."""
        customer = get_object_or_404(Customer, pk=customer_id)
        form = AmendmentForm(customer=customer, initial=self._initial(request, customer))
        typed = Typed(form, self._forms(request, customer, None), self._new_site(request, customer, None))
        return self._page(request, customer, typed)

    def post(self, request: ConsoleRequest, customer_id: UUID) -> HttpResponse:
        """Show the price and the effect, or keep the quote to sign."""
        customer = get_object_or_404(Customer, pk=customer_id)
        form = AmendmentForm(request.POST, customer=customer)
        forms = self._forms(request, customer, request.POST)
        new = self._new_site(request, customer, request.POST)
        is_valid = all([each.is_valid() for each in (form, new, *forms)])
        found, refused = _changes(forms, _counts_from(form, request.today), request.today)
        for each, words in refused:
            each.add_error("licences_after", words)
        typed = Typed(form, forms, new, found, new.added())
        if request.POST.get("act") == "count":
            return self._page(request, customer, typed, judge=False)
        if is_valid and not refused and not found and typed.added is None:
            form.add_error(None, _("Nothing changes yet: write how many licences a contract comes to."))
        if typed.errors or refused:
            return self._page(request, customer, typed)
        return self._save(request, customer, typed)

    def _save(self, request: ConsoleRequest, customer: Customer, typed: Typed) -> HttpResponse:
        details: dict[str, Any] = {
            "draft": draft_of(typed.form, typed.changes, typed.added),
            "by": request.person,
            "now": timezone.now(),
            "today": request.today,
        }
        try:
            version = (
                rewrite_quote(version_id=self.version.pk, **details)
                if self.version
                else write_quote(**details)
            )
        except AlreadySent:
            return problem(
                request, _("This version was sent meanwhile. Make a new version."), "billing:quotes"
            )
        except REFUSED as refused:
            typed.form.add_error(*error_message(refused))
            return self._page(request, customer, typed)
        text = _("The amendment %(number)s is saved. The contract changes once it is signed and paid.")
        return done(request, text % {"number": version.label}, "billing:quote", version.pk)

    def _new_site(self, request: ConsoleRequest, customer: Customer, data: Any) -> NewSiteForm:
        """Return the form of a school more, as the draft has it."""
        running = amendable_contracts(customer, today=request.today)
        line = (
            self.version.lines.filter(contract_id=None, site__tenant_id=None).select_related("site").first()
            if self.version
            else None
        )
        first = (
            {
                "name": line.site.name,
                "slug": line.site.slug,
                "admin_email": line.site.admin_email,
                "licences": line.quantity,
                "term_price": line.unit_net_cents,
            }
            if line and line.site
            else {}
        )
        return NewSiteForm(data, prefix="new", running=running, initial=first)

    def _forms(self, request: ConsoleRequest, customer: Customer, data: Any) -> list[ChangeForm]:
        lines = self.version.lines.all() if self.version else []
        after = {(line.contract_id, line.product_id): line.licences_after for line in lines}
        return [
            ChangeForm(
                data,
                prefix=_prefix(row),
                running=row,
                initial={"licences_after": after[key]}
                if (key := (row.contract.pk, row.product.pk)) in after
                else {},
            )
            for row in amendable_contracts(customer, today=request.today)
        ]

    def _initial(self, request: ConsoleRequest, customer: Customer) -> dict[str, Any]:
        if self.version is None:
            return {
                "contact": customer.contacts.speaking().first(),
                "language": customer.language,
                "valid_until": request.today + VALID,
            }
        names = ("method", "valid_until", "payment_days", "language", "note")
        return {name: getattr(self.version, name) for name in names} | {
            "contact": self.version.quote.contact_id
        }

    def _page(
        self, request: ConsoleRequest, customer: Customer, typed: Typed, *, judge: bool = True
    ) -> HttpResponse:
        context = {
            "form": typed.form,
            "forms": typed.forms,
            "new": typed.new,
            "customer": customer,
            "version": self.version,
            "changes": typed.changes,
            "added_site": typed.added,
            "totals": _totals(typed, customer, request.today) if typed.changes or typed.added else None,
            "judged": [typed.form, *typed.forms, typed.new] if judge else [],
        }
        wrong = judge and typed.errors
        return render(request, "billing/quotes/console/amend.html", context, status=422 if wrong else 200)


class RewriteAmendment(Amend):
    """The desk of an amendment that is still a draft."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the draft; what was sent is read, not written."""
        rows = QuoteVersion.objects.select_related("quote__customer")
        self.version = get_object_or_404(rows, pk=kwargs["version_id"])
        if not self.version.is_draft:
            return redirect("billing:quote", self.version.pk)
        return super().dispatch(request, customer_id=self.version.quote.customer_id)


def _prefix(row: AmendableContract) -> str:
    return f"contract-{row.contract.pk}" + (f"-{row.product.key}" if row.is_option else "")


def _counts_from(form: AmendmentForm, today: date) -> date:
    try:
        wanted = form.fields["valid_until"].clean(form["valid_until"].value())
    except ValidationError:
        return today
    return wanted if isinstance(wanted, date) else today


def _changes(forms: list[ChangeForm], counts_from: date, today: date) -> tuple[Changes, Refused]:
    """Return what changes, and the forms that ask for what can't be."""
    found: Changes = []
    refused = []
    for each in forms:
        if each.errors:
            continue
        try:
            change = each.change(counts_from=counts_from, today=today)
        except (NotMore, TermOver, InTrial) as error:
            refused.append((each, error_message(error)[1]))
            continue
        if change is not None:
            found.append((each.running, change))
    return found, refused


def _totals(typed: Typed, customer: Customer, today: date) -> dict[str, Any]:
    if typed.form.errors:
        return {"why": _("Put right what stands above to see the total.")}
    draft = draft_of(typed.form, typed.changes, typed.added)
    try:
        lines = price_lines(
            customer=customer,
            lines=draft.lines,
            discount=draft.discount,
            shipping_cents=0,
            method=draft.method,
            language="fr",
            today=today,
            currency=draft.currency,
            capacity=PurchaseCapacity(draft.employees, draft.outside_main_activity),
        )
        return {"all": totals_of(lines), "added": lines[len(draft.lines) :], "currency": draft.currency}
    except UNPRICED as unknown:
        return {"why": error_message(unknown)[1]}
