"""The bank's pages: slips of cheques, statements read from files, and what each line pays."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from billing.invoicing.models import Invoice
from billing.money.forms.fields import DayForm, ReasonForm
from billing.money.policy.closed import PeriodClosed
from billing.money.views.answers import closed_text, done, pdf, problem
from billing.payments.actions.clear_payment import ClearedTooEarly, NotInHand
from billing.payments.actions.deposit_cheques import (
    DepositedBefore,
    NoCheque,
    create_cheque_deposit,
    mark_deposited,
)
from billing.payments.actions.read_statement import (
    NoMapping,
    ReadBefore,
    check_statement,
    read_statement,
)
from billing.payments.actions.reconcile_line import (
    AlreadyReconciled,
    AmountDiffers,
    NoPayout,
    reconcile_line,
    set_line_aside,
    undo_payout,
)
from billing.payments.actions.refund_payment import NotToBeMade
from billing.payments.actions.render_account_statement import cheque_deposit_pdf
from billing.payments.actions.reverse_payment import AlreadyReversed
from billing.payments.actions.save_mapping import save_mapping
from billing.payments.forms.bank import MappingForm, StatementForm
from billing.payments.labels import BAD_FILES
from billing.payments.models import BankStatement, BankStatementLine, ChequeDeposit, CsvMapping
from billing.payments.policy.bank import FIELDS, BadFile
from billing.payments.queries.bank import (
    cheque_deposits,
    cheques_at_hand,
    gaps_between_statements,
    statements,
    waiting_lines,
)
from billing.payments.views.surplus import say_surplus, surplus_unsaid, typed
from billing.registry import ask
from contracts.labels import day_text
from people.requests import ConsoleRequest
from tenants.models import Customer

KINDS = ("invoice", "claim", "customer", "payment", "written", "slip", "refund", "bounce", "payout")

LINES_A_PAGE = 100


class ChequeDeposits(View):
    """Cheques at hand, and the slips they went to the bank with."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page."""
        page = Paginator(cheque_deposits(), LINES_A_PAGE).get_page(request.GET.get("page"))
        context = {"cheques": cheques_at_hand(), "page_obj": page, "today": request.today}
        return render(request, "billing/payments/console/slips.html", context)

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Put the chosen cheques on a slip."""
        try:
            chosen = [UUID(each) for each in request.POST.getlist("ids")]
            slip = create_cheque_deposit(
                payment_ids=chosen, by=request.person, now=timezone.now(), today=request.today
            )
        except (NoCheque, ValueError):
            text = _("Choose cheques in one currency that are on no other slip.")
            return problem(request, text, "billing:cheque_deposits")
        return done(
            request,
            _("The slip is made: print it and take it to the bank."),
            "billing:cheque_deposit",
            slip.pk,
        )


class ChequeDepositPage(View):
    """One slip."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, slip_id: UUID) -> HttpResponse:
        """Return the page."""
        return self._page(
            request, get_object_or_404(cheque_deposits(), pk=slip_id), DayForm(today=request.today)
        )

    def post(self, request: ConsoleRequest, slip_id: UUID) -> HttpResponse:
        """Keep the day the bank took it."""
        slip = get_object_or_404(cheque_deposits(), pk=slip_id)
        form = DayForm(request.POST, today=request.today)
        if not form.is_valid():
            return self._page(request, slip, form)
        try:
            mark_deposited(
                slip_id=slip.pk, deposited_on=form.cleaned_data["on"], by=request.person, now=timezone.now()
            )
        except DepositedBefore:
            return problem(request, _("The bank has taken it already."), "billing:cheque_deposit", slip.pk)
        text = _("Kept. Its cheques are credited when the bank’s statement says so.")
        return done(request, text, "billing:cheque_deposit", slip.pk)

    def _page(self, request: ConsoleRequest, slip: Any, form: DayForm) -> HttpResponse:
        cheques = slip.cheques.select_related("customer", "meant_for").order_by("received_on")
        context = {"slip": slip, "cheques": cheques, "form": form, "today": request.today}
        return render(
            request, "billing/payments/console/slip.html", context, status=422 if form.errors else 200
        )


class ChequeDepositPdf(View):
    """A slip on paper."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, slip_id: UUID) -> HttpResponse:
        """Return the PDF."""
        slip = get_object_or_404(ChequeDeposit, pk=slip_id)
        return pdf(cheque_deposit_pdf(slip), slip.number)


class Bank(View):
    """The files read, and the field for the next."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page."""
        return self._page(request, StatementForm())

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Read a file, or say where it is wrong."""
        form = StatementForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        upload = form.cleaned_data["file"]
        mapping = form.cleaned_data["mapping"]
        try:
            statement = read_statement(
                content=upload.read(),
                file_name=upload.name,
                mapping=mapping,
                by=request.person,
                now=timezone.now(),
            )
        except ReadBefore as before:
            text = _("This very file was read before: nothing has changed.")
            return problem(request, text, "billing:bank_statement", before.statement.pk)
        except NoMapping:
            form.add_error("mapping", _("Say which column is what: choose a mapping, or make one."))
            return self._page(request, form)
        except BadFile as bad:
            form.add_error("file", said(bad))
            return self._page(request, form)
        text = _("Read. Nothing is applied until you confirm it.")
        if left_out := statement.pending_lines:
            told = ngettext(
                "%(n)s line that isn’t booked was left out.",
                "%(n)s lines that aren’t booked were left out.",
                left_out,
            )
            messages.warning(request, told % {"n": left_out})
        if left_out := statement.balance_lines:
            told = ngettext(
                "%(n)s line that says a balance or a total was left out.",
                "%(n)s lines that say a balance or a total were left out.",
                left_out,
            )
            messages.warning(request, told % {"n": left_out})
        if statement.must_be_checked:
            messages.warning(request, _to_look_at(statement))
        return done(request, text, "billing:bank_statement", statement.pk)

    def _page(self, request: ConsoleRequest, form: StatementForm) -> HttpResponse:
        page = Paginator(statements(), LINES_A_PAGE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "page_obj": page,
            "mappings": CsvMapping.objects.all(),
            "gaps": gaps_between_statements(),
        }
        return render(
            request, "billing/payments/console/bank.html", context, status=422 if form.errors else 200
        )


def said(bad: BadFile) -> str:
    """Return where and why a file can't be read."""
    details = {"line": bad.line, "element": bad.element, "why": BAD_FILES[bad.why] % {"value": bad.value}}
    if bad.line and bad.element:
        return _("Line %(line)s, %(element)s: %(why)s") % details
    return (_("Line %(line)s: %(why)s") if bad.line else _("This file can’t be read: %(why)s")) % details


def _to_look_at(statement: BankStatement) -> str:
    """Return why a file must be looked at before any of its lines is applied."""
    if statement.is_without_sides:
        return _("Nothing in it says what left: look before you apply any.")
    return _("Its balances and its lines differ: look before you apply any.")


def _unlooked(statement: BankStatement) -> str:
    """Return why nothing of a file was applied that nobody said to have looked at."""
    if statement.is_without_sides:
        return _("Nothing in it says what left: nothing is applied until you say that you looked.")
    return _("Its balances and its lines differ: nothing is applied until you say that you looked.")


class StatementPage(View):
    """The lines of a file, each with what it may pay; a person confirms."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, statement_id: UUID) -> HttpResponse:
        """Return the page."""
        statement = get_object_or_404(statements(), pk=statement_id)
        settled = statement.lines.exclude(state=BankStatementLine.State.WAITING).select_related(
            "payment", "cheque_deposit"
        )
        differing = statement.balances.exclude(difference_cents=0)
        gaps = [
            gap for gap in gaps_between_statements() if str(statement.pk) in (gap.before.key, gap.after.key)
        ]
        context = {
            "statement": statement,
            "waiting": waiting_lines(statement),
            "settled": settled,
            "differing": differing,
            "gaps": gaps,
        }
        return render(request, "billing/payments/console/bank_statement.html", context)

    def post(self, request: ConsoleRequest, statement_id: UUID) -> HttpResponse:
        """Apply what was confirmed, each line by itself; the others wait on."""
        statement = get_object_or_404(BankStatement, pk=statement_id)
        if statement.must_be_checked:
            if not request.POST.get("checked"):
                return problem(request, _unlooked(statement), "billing:bank_statement", statement.pk)
            check_statement(statement_id=statement.pk, by=request.person, now=timezone.now())
        applied = 0
        unsaid: dict[str, str] = {}
        asked = {name.removeprefix("choose-") for name in request.POST if name.startswith("choose-")}
        for line in (line for line in waiting_lines(statement) if str(line.pk) in asked):
            if (number := surplus_unsaid(request, line)) is not None:
                unsaid[f"number-{line.pk}"] = number
                continue
            wrong = self._one(request, line)
            if wrong is None:
                applied += 1
            elif wrong:
                messages.error(request, f"{line.position} · {line.text or line.name}: {wrong}"[:300])
        text = ngettext("%(n)s line applied.", "%(n)s lines applied.", applied) % {"n": applied}
        messages.success(request, text)
        if unsaid:
            messages.warning(request, _("A line pays more than is asked: look at what stays, and confirm."))
            return redirect(f"{request.path}?{urlencode(unsaid)}#lines")
        return redirect(request.path if "number-" in request.get_full_path() else request.get_full_path())

    def _one(self, request: ConsoleRequest, line: BankStatementLine) -> str | None:
        """Return None when the line was applied or set aside, "" when it was left alone, else what is
        wrong.
        """
        chosen = typed(request, f"choose-{line.pk}")
        details: dict[str, Any] = {"line_id": line.pk, "by": request.person, "now": timezone.now()}
        try:
            with transaction.atomic():
                if chosen == "aside":
                    set_line_aside(reason=typed(request, f"reason-{line.pk}") or _("not ours"), **details)
                    return None
                kind, key = _target(request, chosen, line)
                if not kind:
                    return key
                settled = reconcile_line(kind=kind, key=UUID(key), today=request.today, **details)
                say_surplus(request, settled)
                return None
        except AlreadyReconciled:
            return _("It was applied before.")
        except AmountDiffers:
            return _("The amounts differ: nothing was applied.")
        except (NotInHand, ClearedTooEarly, NotToBeMade, AlreadyReversed):
            return _("It was credited or refused already.")
        except PeriodClosed as closed:
            return _(
                "It was booked in closed accounts; the first open day is %(day)s. Have the last period "
                "opened again, or "
                "set the line aside and note what came by hand, on an open day."
            ) % {"day": day_text(closed.first_open_on)}
        except (ObjectDoesNotExist, ValueError):
            return _("There is no such invoice in this currency.")


class UndoPayout(View):
    """Say that a line was no payout of the payment provider after all."""

    permission = "payments.write"

    def post(self, request: ConsoleRequest, statement_line_id: UUID) -> HttpResponse:
        """Reverse it, or say why not; the line waits again."""
        line = get_object_or_404(BankStatementLine, pk=statement_line_id)
        back = ("billing:bank_statement", line.statement_id)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return problem(request, _("Say why it was a mistake."), *back)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            undo_payout(line_id=line.pk, reason=form.cleaned_data["reason"], **details)
        except NoPayout:
            return problem(request, _("It was undone already."), *back)
        except PeriodClosed as closed:
            return problem(request, closed_text(closed), *back)
        return done(request, _("The payout is reversed: the line waits again above."), *back)


def _target(request: ConsoleRequest, chosen: str, line: BankStatementLine) -> tuple[str, str]:
    """Return the kind and key of what a line is said to pay; no kind and a reason when there is none."""
    number = typed(request, f"number-{line.pk}")
    name = typed(request, f"customer-{line.pk}")
    if chosen == "account" and name:
        customers = list(Customer.objects.filter(name__iexact=name)[:2])
        if len(customers) != 1 or line.amount_cents < 0:
            return "", _("There is no customer of this name, or several.")
        return "customer", str(customers[0].pk)
    if chosen == "account":
        return "", _("Write the name of the customer whose money it is.")
    if chosen == "other" and number:
        found = Invoice.objects.invoices().filter(number__iexact=number, currency=line.currency).first()
        claim_id = ask("claim_numbered", number, currency=line.currency) if found is None else None
        if claim_id is not None and line.amount_cents > 0:
            return "claim", str(claim_id)
        if found is None or line.amount_cents < 0:
            return "", _("There is no such invoice in this currency.")
        return "invoice", str(found.pk)
    kind, _sep, key = chosen.partition(":")
    return (kind, key) if kind in KINDS and key else ("", "")


class EditMapping(View):
    """Say which column of a bank's CSV is what; kept for the next time."""

    permission = "payments.write"

    def get(self, request: ConsoleRequest, mapping_id: UUID | None = None) -> HttpResponse:
        """Return the form."""
        mapping = get_object_or_404(CsvMapping, pk=mapping_id) if mapping_id else None
        return self._page(request, MappingForm(initial=self._known(mapping)), mapping)

    def post(self, request: ConsoleRequest, mapping_id: UUID | None = None) -> HttpResponse:
        """Keep it, or say what is wrong."""
        mapping = get_object_or_404(CsvMapping, pk=mapping_id) if mapping_id else None
        form = MappingForm(request.POST, initial=self._known(mapping))
        if not form.is_valid():
            return self._page(request, form, mapping)
        data = form.cleaned_data
        try:
            with transaction.atomic():
                save_mapping(
                    mapping=mapping,
                    name=data["title"],
                    delimiter=data["delimiter"],
                    day_format=data["day_format"],
                    columns=form.columns,
                    iban=data["iban"],
                    by=request.person,
                    now=timezone.now(),
                )
        except IntegrityError:
            form.add_error("title", _("There is one of this name already."))
            return self._page(request, form, mapping)
        return done(request, _("Kept: choose it when you read the next file."), "billing:bank")

    def _known(self, mapping: CsvMapping | None) -> dict[str, str] | None:
        if mapping is None:
            return None
        frame = {"title": mapping.name, "delimiter": mapping.delimiter, "day_format": mapping.day_format}
        columns: dict[str, str] = mapping.columns
        return dict.fromkeys(FIELDS, "") | columns | frame

    def _page(self, request: ConsoleRequest, form: MappingForm, mapping: CsvMapping | None) -> HttpResponse:
        context = {"form": form, "mapping": mapping}
        return render(
            request, "billing/payments/console/bank_mapping.html", context, status=422 if form.errors else 200
        )
