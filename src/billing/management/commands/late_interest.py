"""Compute what a late payer owes, to the cent; needs no database."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.collections.policy.late_interest import (
    REGIMES,
    InterestCalculation,
    InvalidCalculation,
    late_interest,
)
from billing.collections.queries.rules import late_rules
from billing.invoicing.policy.paid import Payment
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.days import paris_day
from billing.money.policy.money import BadAmount, format_amount, format_pct, parse_amount
from billing.money.policy.rates import UnknownRate


def day(text: str) -> date:
    """Return the day written YYYY-MM-DD; raise CommandError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} isn't a day written YYYY-MM-DD") from None


def amount(text: str) -> int:
    """Return an amount in cents; raise CommandError when it isn't one."""
    try:
        return parse_amount(text)
    except BadAmount as bad:
        raise CommandError(str(bad)) from None


def payment(text: str) -> Payment:
    """Return the payment written DAY:AMOUNT; raise CommandError otherwise."""
    paid_on, colon, paid = text.partition(":")
    if not colon:
        raise CommandError(f"{text!r} isn't a payment written YYYY-MM-DD:AMOUNT")
    return Payment(day(paid_on), amount(paid))


class Command(BaseCommand):
    """The late-interest calculator."""

    help = "Compute late interest and the flat fee of an invoice, with its worksheet."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("--regime", required=True, choices=REGIMES)
        parser.add_argument("--amount", required=True, help="of the invoice, including VAT")
        parser.add_argument("--due", required=True, metavar="DAY", help="due date, after deferral")
        parser.add_argument(
            "--notice", metavar="DAY", help="formal notice; a consumer owes nothing before it"
        )
        parser.add_argument("--payment", action="append", default=[], metavar="DAY:AMOUNT")
        parser.add_argument("--as-of", metavar="DAY", help="count an unpaid balance up to this day")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the statement."""
        try:
            statement = late_interest(
                customer_type=options["regime"],
                amount_cents=amount(options["amount"]),
                due_on=day(options["due"]),
                notice_on=day(options["notice"]) if options["notice"] else None,
                payments=[payment(text) for text in options["payment"]],
                as_of=day(options["as_of"]) if options["as_of"] else None,
                rates=interest_rates(),
                flat_fee_cents=late_rules(options["regime"], on=paris_day(timezone.now())).flat_fee_cents,
            )
        except (InvalidCalculation, UnknownRate) as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(json.dumps(as_json(statement)) if options["json"] else worksheet(statement))


def as_json(statement: InterestCalculation) -> dict[str, Any]:
    """Return the statement for a program, amounts as texts with two decimals."""
    return {
        "segments": [
            {
                "days": segment.days,
                "base": format_amount(segment.base_cents),
                "rate_pct": format_pct(segment.rate_pct),
                "interest": format_amount(segment.interest_cents),
            }
            for segment in statement.segments
        ],
        "interest": format_amount(statement.interest_cents),
        "flat_fee": format_amount(statement.flat_fee_cents),
        "total": format_amount(statement.total_cents),
        "clause": statement.clause,
    }


def worksheet(statement: InterestCalculation) -> str:
    """Return the statement as a person reads it."""
    lines = [f"{statement.clause}, {statement.customer_type}"]
    if statement.rate_pct is not None:
        lines.append(f"Rate {format_pct(statement.rate_pct)} % a year = {statement.rate_reason}")
    for part in statement.segments:
        lines.append(
            f"  after {part.starts_on} to {part.ends_on}: {part.days} days x "
            f"{format_amount(part.base_cents)} "
            f"x {format_pct(part.rate_pct)} % / 365 = {format_amount(part.interest_cents)}"
        )
    lines += [
        f"Interest  {format_amount(statement.interest_cents):>12}",
        f"Flat fee  {format_amount(statement.flat_fee_cents):>12}",
        f"Total     {format_amount(statement.total_cents):>12}   outside VAT",
    ]
    if statement.unpaid_cents:
        lines.append(f"Unpaid    {format_amount(statement.unpaid_cents):>12}   of the invoice itself")
    return "\n".join(lines)
