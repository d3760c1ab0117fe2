"""Finance's pages about what is late, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from billing.collections.actions.issue_interest_claim import (
    NothingOwed,
    issue_interest_claim,
)
from billing.collections.actions.record_formal_notice import (
    NoticeAlreadyGiven,
    PaymentSuspended,
    TooEarly,
    record_formal_notice,
)
from billing.collections.actions.record_registered_letter import DatesDisagree, update_letter_tracking
from billing.collections.actions.render_formal_notice import NothingOverdue, formal_notice_pdf
from billing.collections.forms.late import FollowForm, NoticeForm
from billing.collections.labels import CLAIM_WORDS, rate_lacking
from billing.collections.models import InterestClaim, RegisteredLetter
from billing.collections.policy.late_interest import (
    Claimed,
    InterestCalculation,
    InvalidCalculation,
    left_to_claim,
)
from billing.collections.queries.accrued_interest import (
    AccruedInterest,
    AccruedTotal,
    accrued_interest,
    accrued_interest_totals,
)
from billing.collections.queries.ageing import ageing
from billing.collections.queries.claims import claim_state, claims_in_state, open_claims, with_claim_state
from billing.collections.queries.late import (
    calculate_interest,
    claimed_of,
    days_of,
    formal_notice_of,
    interest_calculations,
    letter_sent,
    paid_late,
    unclaimed,
    unclaimed_of_claimed,
)
from billing.customers.labels import regime_name
from billing.invoicing.labels import with_dispute_word
from billing.invoicing.models import Invoice
from billing.invoicing.policy.state import LATE
from billing.invoicing.queries.balances import overdue_invoices, with_dispute
from billing.invoicing.views.invoices import found
from billing.money.forms.fields import DayForm
from billing.money.gateways.rate_tables import interest_rates
from billing.money.labels import amount_cell
from billing.money.policy.possible_days import read_day
from billing.money.policy.rates import UnknownRate
from billing.money.views.answers import done, pdf, problem
from billing.money.views.lists import ListPage, found_in
from billing.payments.queries.money import credits_of
from people.requests import ConsoleRequest
from tenants.models import Customer

NOT_ON_THAT_DAY = {
    PaymentSuspended: gettext_lazy("An event suspended the payment of the invoice on that day."),
    TooEarly: gettext_lazy("The invoice wasn’t overdue on that day yet."),
    NothingOverdue: gettext_lazy("Nothing of the invoice was unpaid on that day."),
}
CLAIM_SEARCHED = ("number", "invoice__number", "invoice__customer__name")


class LateList(ListPage[Any]):
    """Everything that is overdue today, with what it costs its payer."""

    permission = "invoices.write"
    template_name = "billing/collections/console/late.html"
    searched = ("number", "customer__name")
    sorts = {
        "number": "number",
        "customer": "customer__name",
        "due": "falls_due_on",
        "balance": "balance_cents",
    }
    first_sort = "due"
    csv_name = "retards"

    def rows(self) -> QuerySet[Any]:
        """Return what is overdue."""
        return with_dispute(overdue_invoices(self.request.today).select_related("customer"))

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the invoices of a regime."""
        return rows.filter(customer_type=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the regimes."""
        return list(Customer.CustomerType.choices)

    @cached_property
    def claims(self) -> dict[str, AccruedInterest]:
        """Return what every open invoice costs its late payer today, read once for the whole file."""
        return {each.invoice_id: each for each in accrued_interest(self.request.today, interest_rates())}

    @cached_property
    def claimed(self) -> dict[UUID, tuple[InterestCalculation, Claimed]]:
        """Return what claims left of the invoices they were drawn of: they stand on lines of their own."""
        return unclaimed_of_claimed(self.request.today, interest_rates())

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Regime"),
            _("Due on"),
            _("Left to pay"),
            _("Interest"),
            _("Flat fee"),
            _("Currency"),
            _("Of the invoice"),
            _("State"),
        ]

    @cached_property
    def waiting(self) -> QuerySet[Any]:
        """Return the claims that wait for their payment, of what was searched for and filtered by."""
        asked = self.request.GET
        rows = with_claim_state(InterestClaim.objects.filter(corrects=None), today=self.request.today)
        rows = found_in(rows.filter(left_cents__gt=0), asked.get("q", ""), CLAIM_SEARCHED)
        if (state := asked.get("state", "")) in dict(self.states()):
            rows = rows.filter(invoice__customer_type=state)
        return rows.select_related("invoice__customer").order_by("created_at", "pk")

    @cached_property
    def late_claims(self) -> list[UUID]:
        """Return those of the claims that wait which can be reminded of: overdue, and not contested."""
        late = claims_in_state(self.waiting, LATE, today=self.request.today)
        return list(late.filter(is_disputed=False).values_list("pk", flat=True))

    def lines(self) -> Iterable[Iterable[Any]]:
        """Return the invoices, then the claims that wait."""
        yield from super().lines()
        yield from (self.claim_line(claim) for claim in self.waiting)

    def claim_line(self, claim: Any) -> Iterable[Any]:
        """Return a claim's cells."""
        customer = claim.invoice.customer
        return [
            claim.number,
            customer.name,
            regime_name(claim.customer_type),
            claim.falls_due_on,
            amount_cell(claim.left_cents),
            "",
            "",
            claim.currency,
            claim.invoice.number,
            with_dispute_word(CLAIM_WORDS[claim_state(claim, today=self.request.today)][0], claim),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return an invoice's cells."""
        found = self.claims.get(str(row.pk))
        claim = ["", ""]
        _owed, beyond = self.claimed.get(row.pk, (None, found))
        if beyond is not None and beyond.interest_cents is not None:
            claim = [amount_cell(beyond.interest_cents), amount_cell(beyond.flat_fee_cents)]
        return [
            row.number,
            row.customer.name,
            regime_name(row.customer_type),
            row.falls_due_on,
            amount_cell(row.balance_cents),
            *claim,
            row.currency,
            "",
            with_dispute_word(_("overdue"), row),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page with the claims of the invoices it shows."""
        context = super().get_context_data(**kwargs)
        today = self.request.today
        rows = list(context["page_obj"])
        found = interest_calculations(rows, today, interest_rates())
        beyond = unclaimed(found)
        totals = accrued_interest_totals(today, interest_rates())
        return context | {
            "rows": [(row, beyond[row.pk] if found[row.pk] else None) for row in rows],
            "ageing": ageing(today),
            "claims": self.waiting,
            "late_claims": self.late_claims,
            "paid_late": paid_late(today, interest_rates()),
            "found_count": context["paginator"].count + len(self.late_claims),
            "totals": [self._less_claimed(total) for total in totals],
        }

    def _less_claimed(self, total: AccruedTotal) -> AccruedTotal:
        """Return a currency's total without what claims asked."""
        known = Invoice.objects.filter(pk__in=self.claimed, currency=total.currency).values_list(
            "pk", flat=True
        )
        parts = [self.claimed[pk] for pk in known]
        return replace(
            total,
            interest_cents=total.interest_cents
            - sum(owed.interest_cents - left.interest_cents for owed, left in parts),
            flat_fee_cents=total.flat_fee_cents
            - sum(owed.flat_fee_cents - left.flat_fee_cents for owed, left in parts),
        )


class LateInvoice(View):
    """The claim of one invoice on a day: how it was counted, day by day."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the worksheet for the day asked for; a past day gives what it gave then."""
        return worksheet(request, found(invoice_id))


def worksheet(request: ConsoleRequest, invoice: Any, **forms_in_use: Any) -> HttpResponse:
    """Return the worksheet's page."""
    as_of = _day(request.GET.get("on", ""), invoice.issued_on, request.today)
    statement, why = _statement(invoice, as_of)
    notice = formal_notice_of(invoice)
    to_claim = left_to_claim(statement, claimed_of(invoice)) if statement else None
    asked = open_claims().filter(invoice=invoice).aggregate(cents=Sum("left_cents"))["cents"] or 0
    context = {
        "invoice": invoice,
        "customer": invoice.customer,
        "as_of": as_of,
        "today": request.today,
        "statement": statement,
        "why": why,
        "days": days_of(statement.segments) if statement else [],
        "notice": notice,
        "letter": RegisteredLetter.objects.filter(notice=notice).first() if notice else None,
        "follow_form": FollowForm(prefix="follow"),
        "notice_form": NoticeForm(today=request.today, prefix="notice"),
        "claims": invoice.late_statements.all(),
        "to_claim": to_claim,
        "credits": [row for row in credits_of(invoice.customer_id) if row.currency == invoice.currency],
        "grand_cents": invoice.balance_cents + asked + (to_claim.total_cents if to_claim else 0),
    } | forms_in_use
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request, "billing/collections/console/late_invoice.html", context, status=422 if wrong else 200
    )


def _day(text: str, issued_on: date, today: date) -> date:
    """Return the day asked for, today where it is none or comes before the invoice."""
    day = read_day(text)
    return today if day is None or day < issued_on else day


def _statement(invoice: Any, as_of: date) -> tuple[InterestCalculation | None, str]:
    try:
        return calculate_interest(invoice, as_of, interest_rates()), ""
    except UnknownRate as unknown:
        return None, _("A rate is missing from the tables: %(why)s. Nothing is guessed.") % {
            "why": rate_lacking(unknown)
        }
    except InvalidCalculation as bad:
        return None, _("The dates and amounts contradict each other: %(why)s.") % {"why": bad}


class FormalNoticePdf(View):
    """The formal notice to pay, to print and to post."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the letter as it was sent, before that as it is today, or say that nothing is overdue."""
        invoice = found(invoice_id)
        name = f"{_('formal notice')} {invoice.number}"
        try:
            return pdf(letter_sent(invoice) or formal_notice_pdf(invoice, today=request.today), name)
        except NothingOverdue:
            return problem(
                request, _("Nothing of this invoice is overdue."), "billing:late_invoice", invoice.pk
            )


class UpdateLetterTracking(View):
    """Say what became of the registered letter of a formal notice."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the worksheet, where the act is."""
        return worksheet(request, found(invoice_id))

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Keep its days and its scan."""
        invoice = found(invoice_id)
        form = FollowForm(request.POST, request.FILES, prefix="follow")
        letter = get_object_or_404(RegisteredLetter, notice=formal_notice_of(invoice), notice__isnull=False)
        if not form.is_valid():
            return worksheet(request, invoice, follow_form=form)
        try:
            update_letter_tracking(letter=letter, by=request.person, now=timezone.now(), **form.cleaned_data)
        except DatesDisagree:
            form.add_error(
                "presented_on", _("A letter is sent, then presented, then received: check the days.")
            )
            return worksheet(request, invoice, follow_form=form)
        return done(request, _("The letter’s days are kept."), "billing:late_invoice", invoice.pk)


class IssueInterestClaim(View):
    """Draw the claim, numbered and kept."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the worksheet, where the act is."""
        return worksheet(request, found(invoice_id))

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Draw it and show it, or say why not."""
        invoice = found(invoice_id)
        form = DayForm(request.POST, today=request.today)
        if not form.is_valid():
            return problem(
                request, _("Choose today or a day that has passed."), "billing:late_invoice", invoice.pk
            )
        details = {
            "as_of": form.cleaned_data["on"],
            "by": request.person,
            "now": timezone.now(),
            "today": request.today,
        }
        try:
            claim = issue_interest_claim(invoice=invoice, **details)
        except NothingOwed:
            text = _("Nothing is owed on that day that wasn’t claimed before.")
            return problem(request, text, "billing:late_invoice", invoice.pk)
        except UnknownRate as unknown:
            text = _("It can’t be drawn: %(why)s.") % {"why": rate_lacking(unknown)}
            return problem(request, text, "billing:late_invoice", invoice.pk)
        except InvalidCalculation as why:
            return problem(
                request, _("It can’t be drawn: %(why)s.") % {"why": why}, "billing:late_invoice", invoice.pk
            )
        return done(
            request,
            _("The claim %(number)s is drawn.") % {"number": claim.number},
            "billing:interest_claim",
            claim.pk,
        )


class RecordFormalNotice(View):
    """Record the formal notice that was sent."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the worksheet, where the act is."""
        return worksheet(request, found(invoice_id))

    def post(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong."""
        invoice = found(invoice_id)
        form = NoticeForm(request.POST, today=request.today, prefix="notice")
        if not form.is_valid():
            return worksheet(request, invoice, notice_form=form)
        data = form.cleaned_data
        details = {
            "sent_on": data["on"],
            "letter": data["letter"],
            "by": request.person,
            "now": timezone.now(),
        }
        try:
            record_formal_notice(invoice=invoice, **details)
        except (PaymentSuspended, TooEarly, NothingOverdue) as refused:
            form.add_error("on", NOT_ON_THAT_DAY[type(refused)])
            return worksheet(request, invoice, notice_form=form)
        except NoticeAlreadyGiven:
            return problem(
                request, _("A formal notice was given already."), "billing:late_invoice", invoice.pk
            )
        return done(request, _("The formal notice is kept."), "billing:late_invoice", invoice.pk)
