"""What the pages of the bank show: slips, statements, and what each line may pay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from billing.catalogue.models.catalogue import PaymentMethodType
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import open_invoices, uncovered_cents, written_off_of
from billing.payments.models import (
    BankStatement,
    BankStatementBalance,
    BankStatementLine,
    ChequeDeposit,
    Payment,
    Refund,
)
from billing.payments.policy.line_identity import CSV
from billing.payments.policy.matching import (
    Candidate,
    Line,
    Proposal,
    clear_choice,
    names_provider,
    proposals,
)
from billing.payments.policy.statement_gaps import StatementGap, StatementSpan, statement_gaps
from billing.registry import ask

WRITTEN = "written"  # a candidate: money a person wrote down before its line came

ABOUT = timedelta(days=10)  # between the day a person wrote down and the bank's own


@dataclass(frozen=True, slots=True)
class Matched:
    """A line with what it may pay, and which of these is ticked beforehand."""

    line: BankStatementLine
    proposals: list[Proposal]
    choice: str
    on_account: list[tuple[str, str]]  # the customers it came from before, by key and name
    resembles: str  # the file that may hold it in another format
    held_cents: int = 0  # what the payment provider still holds of ours, where a line may be its payout
    may_be_payout: bool = False
    again: str = ""  # what is ticked for a line above already: one payment settles it


@dataclass(frozen=True, slots=True)
class Named:
    """What a line is said to pay by a number that was typed: what that still asks, and what would be left."""

    number: str
    asked_cents: int
    left_cents: int  # what stays as the client's credit


def named_by(number: str, line: BankStatementLine) -> Named | None:
    """Return what a line would pay by the number of an invoice or of a claim; None where there is none."""
    invoice = Invoice.objects.invoices().filter(number__iexact=number, currency=line.currency).first()
    if invoice is not None:
        asked = max(0, uncovered_cents(invoice) + written_off_of(invoice))  # money came: it was no loss
        return Named(invoice.number, asked, max(0, line.amount_cents - asked))
    claims = [each for each in ask("claim_candidates") if each.number.lower() == number.lower()]
    return next(
        (Named(each.number, each.cents, max(0, line.amount_cents - each.cents)) for each in claims), None
    )


def cheque_deposits() -> QuerySet[Any]:
    """Return the slips with their count, total and how many cheques wait for their credit."""
    return ChequeDeposit.objects.annotate(
        count=Count("cheques"),
        cents=Sum("cheques__amount_cents"),
        waiting=Count("cheques", filter=Q(cheques__credited_on=None, cheques__bounced_on=None)),
    ).order_by("-number")


def cheques_at_hand() -> QuerySet[Any]:
    """Return the cheques that are on no slip yet."""
    rows = Payment.objects.in_hand().filter(method=PaymentMethodType.CHEQUE, cheque_deposit=None)
    return rows.select_related("customer", "meant_for").order_by("received_on")


def statements() -> QuerySet[Any]:
    """Return the files read, with how many lines wait."""
    return BankStatement.objects.annotate(
        count=Count("lines"), waiting=Count("lines", filter=Q(lines__state=BankStatementLine.State.WAITING))
    ).order_by("-read_at")


def waiting_lines(statement: BankStatement) -> QuerySet[BankStatementLine]:
    """Return the lines of a file that nobody has settled yet."""
    return statement.lines.filter(state=BankStatementLine.State.WAITING)


def matched(statement: BankStatement, shown: Iterable[BankStatementLine]) -> list[Matched]:
    """Return these lines of a file, each with what it may pay.

    In as many statements of SQL whatever their number.
    """
    lines = list(shown)
    everything = candidates(
        taken=[-line.amount_cents for line in lines if line.amount_cents < 0],
        came=[line for line in lines if line.amount_cents > 0],
    )
    payers = _known_payers(lines)
    resembling = _resembling(statement, lines)
    found: list[Matched] = []
    taken: set[str] = set()
    holds: dict[str, int] = {}
    for line in lines:
        known = payers.get(line.payer_digest, {}) | payers.get(line.name, {})
        text = f"{line.reference} | {line.text} | {line.joined}"
        told = Line(line.amount_cents, text, line.name, line.currency, frozenset(known))
        offered = proposals(told, everything)
        choice = None if line.pk in resembling else clear_choice(offered)
        key = f"{choice.candidate.kind}:{choice.candidate.key}" if choice else ""
        is_taken = key in taken
        taken.add(key)
        credit = sorted(known.items(), key=lambda each: each[1]) if line.amount_cents > 0 else []
        chosen = "" if is_taken else key
        again = choice.candidate.number if choice and is_taken else ""
        if line.currency not in holds:
            holds[line.currency] = ask("provider_balance", line.currency)
        held = holds[line.currency]
        from_provider = names_provider(told)
        fits = 0 < line.amount_cents <= held
        if from_provider and fits and not offered and line.pk not in resembling:
            chosen = f"payout:{line.pk}"
        found.append(
            Matched(
                line,
                offered,
                chosen,
                credit,
                resembling.get(line.pk, ""),
                held_cents=held,
                may_be_payout=from_provider or fits,
                again=again,
            )
        )
    return found


def _known_payers(lines: Collection[BankStatementLine]) -> dict[str, dict[str, str]]:
    """Return the customers by key and name that an account (its digest) or a name has paid for before."""
    digests = {line.payer_digest for line in lines} - {""}
    names = {line.name for line in lines} - {""}
    paid = BankStatementLine.objects.filter(payment__isnull=False, amount_cents__gt=0)
    rows = paid.filter(Q(payer_digest__in=digests) | Q(name__in=names)).order_by()
    fields = ("payer_digest", "name", "payment__customer_id", "payment__customer__name")
    found: dict[str, dict[str, str]] = {}
    for digest, name, customer_id, customer in rows.values_list(*fields).distinct():
        for key in {digest, name} - {""}:
            found.setdefault(key, {})[str(customer_id)] = customer
    return found


def _resembling(statement: BankStatement, lines: Collection[BankStatementLine]) -> dict[UUID, str]:
    """Return the file in which a line may stand in another format, for each line of which that is so."""
    rows = BankStatementLine.objects.exclude(statement=statement).filter(
        booked_on__in={line.booked_on for line in lines},
        amount_cents__in={line.amount_cents for line in lines},
    )
    others: dict[tuple[object, ...], list[BankStatementLine]] = {}
    for row in rows.select_related("statement"):
        others.setdefault((row.booked_on, row.amount_cents, row.currency), []).append(row)
    is_csv = statement.format == CSV
    found = {}
    for line in lines:
        for other in others.get((line.booked_on, line.amount_cents, line.currency), ()):
            same_account = not line.account or not other.account or line.account == other.account
            if same_account and (other.statement.format == CSV) != is_csv:
                found[line.pk] = other.statement.file_name
    return found


def gaps_between_statements() -> list[StatementGap]:
    """Return where a statement of an account was never read."""
    rows = BankStatementBalance.objects.exclude(opening_on=None).exclude(closing_on=None)
    return statement_gaps(
        StatementSpan(
            str(row.statement_id),
            row.account,
            row.account_hint,
            row.currency,
            row.opening_cents or 0,
            row.opening_on or date.min,
            row.closing_cents or 0,
            row.closing_on or date.min,
        )
        for row in rows
    )


def candidates(*, taken: Collection[int] = (), came: Collection[BankStatementLine] = ()) -> list[Candidate]:
    """Return everything of ours that a line of the bank could be about.

    `taken` are the amounts it took, in cents, `came` the lines of what came.
    """
    asked = [*_invoices(), *ask("claim_candidates"), *_payments(), *_deposits(), *_refunds()]
    return [*asked, *_bounces(taken), *_written_by_hand(came)]


def lines_that_came() -> QuerySet[BankStatementLine]:
    """Return the lines by which money came that is a payment of ours: each payment has one."""
    return BankStatementLine.objects.filter(amount_cents__gt=0, payment__isnull=False)


def _written_by_hand(came: Collection[BankStatementLine]) -> list[Candidate]:
    """Return the transfers a person wrote down as credited of which no line told yet.

    Of these amounts, booked about the same day.
    """
    if not came:
        return []
    days = [line.booked_on for line in came]
    rows = Payment.objects.filter(
        method=PaymentMethodType.TRANSFER,
        amount_cents__in={line.amount_cents for line in came},
        credited_on__range=(min(days) - ABOUT, max(days) + ABOUT),
        provider_id=None,
    ).exclude(pk__in=lines_that_came().values("payment"))
    return [
        Candidate(
            WRITTEN,
            str(row.pk),
            row.meant_for.number if row.meant_for else row.reference,
            row.amount_cents,
            row.customer.name,
            row.currency,
            str(row.customer_id),
        )
        for row in rows.select_related("customer", "meant_for")
    ]


def _invoices() -> list[Candidate]:
    rows = open_invoices().filter(balance_cents__gt=0).select_related("customer")
    return [
        Candidate(
            "invoice",
            str(row.pk),
            row.number,
            row.balance_cents,
            row.customer.name,
            row.currency,
            str(row.customer_id),
        )
        for row in rows
    ]


def _payments() -> list[Candidate]:
    rows = (
        Payment.objects.in_hand()
        .filter(cheque_deposit=None, provider_id=None)
        .select_related("customer", "meant_for")
    )
    return [
        Candidate(
            "payment",
            str(row.pk),
            row.meant_for.number if row.meant_for else row.reference,
            row.amount_cents,
            row.customer.name,
            row.currency,
        )
        for row in rows
    ]


def _deposits() -> list[Candidate]:
    found = []
    for slip in ChequeDeposit.objects.filter(cheques__in=Payment.objects.in_hand()).distinct():
        cents = sum(cheque.amount_cents for cheque in slip.cheques.in_hand())
        found.append(Candidate("slip", str(slip.pk), slip.number, cents, "", slip.currency))
    return found


def _refunds() -> list[Candidate]:
    rows = (
        Refund.objects.active()
        .filter(made_on=None, payment__provider_id=None)
        .select_related("payment__customer")
    )
    return [
        Candidate(
            "refund",
            str(row.pk),
            row.payment.reference,
            -row.amount_cents,
            row.payment.customer.name,
            row.payment.currency,
        )
        for row in rows
    ]


def _bounces(taken: Collection[int]) -> list[Candidate]:
    """Return the money the bank may have taken back.

    What it had credited, by cheque or transfer, of these amounts.
    """
    rows = Payment.objects.filter(
        credited_on__isnull=False, bounced_on=None, provider_id=None, amount_cents__in=taken
    )
    return [
        Candidate(
            "bounce",
            str(row.pk),
            row.reference or (row.meant_for.number if row.meant_for else ""),
            -row.amount_cents,
            row.customer.name,
            row.currency,
        )
        for row in rows.select_related("customer", "meant_for")
    ]
