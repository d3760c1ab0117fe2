"""The contract's own figures about late payers, for the pages of their clauses and the tests."""

from datetime import date
from decimal import Decimal

from billing.collections.policy.late_interest import late_interest, professional_rate
from billing.collections.policy.suspension import SuspensionNotice, suspended_from
from billing.invoicing.policy.paid import Payment
from billing.money.gateways.rate_tables import interest_rates
from contracts.gateways.holidays import public_holidays
from contracts.policy.cases import CENTS, DAY, PER_CENT, case


def _owed(
    customer_type: str, cents: int, due_on: date, *payments: tuple[date, int], interest_only: bool = False
) -> int:
    """Return what a late payer owes beyond the price in cents: interest, and the flat fee once."""
    statement = late_interest(
        customer_type=customer_type,
        amount_cents=cents,
        due_on=due_on,
        notice_on=due_on,
        payments=[Payment(day, amount) for day, amount in payments],
        rates=interest_rates(),
        flat_fee_cents=4000,
    )
    return statement.interest_cents if interest_only else statement.total_cents


def _stops(sent_on: date) -> date | None:
    """Return the first day without access after a notice sent on a day, eight business days in France."""
    return suspended_from(
        SuspensionNotice(sent_on),
        when="after_notice",
        cause="unpaid",
        today=sent_on,
        business_days=8,
        holidays=public_holidays("FR", None, (sent_on.year, sent_on.year + 1)),
    )


LATE = "LG-S6.3p"
case(
    LATE,
    "1,200.00 € due on 31 March 2026, paid on 30 April: 30 days at 12.15%, and 40 € once",
    "1 200,00 € échus le 31 mars 2026, payés le 30 avril : 30 jours à 12,15 %, et 40 € une fois",
    lambda: _owed("professional", 120000, date(2026, 3, 31), (date(2026, 4, 30), 120000)),
    5198,
    CENTS,
)
case(
    LATE,
    "2,400.00 € due on 31 January 2026, 1,400.00 € paid on 2 March and the rest on 1 April: a part payment "
    "lowers the base from its day",
    "2 400,00 € échus le 31 janvier 2026, 1 400,00 € payés le 2 mars et le reste le 1er avril : un acompte "
    "réduit la base dès son jour",
    lambda: _owed(
        "professional", 240000, date(2026, 1, 31), (date(2026, 3, 2), 140000), (date(2026, 4, 1), 100000)
    ),
    7396,
    CENTS,
)
case(
    LATE,
    "588.00 € due on 20 September 2026, paid on 19 November: the rate of 1 July holds, not the change of "
    "16 September",
    "588,00 € échus le 20 septembre 2026, payés le 19 novembre : le taux du 1er juillet vaut, non "
    "le changement du 16 septembre",
    lambda: _owed("professional", 58800, date(2026, 9, 20), (date(2026, 11, 19), 58800)),
    5199,
    CENTS,
)
case(
    LATE,
    "1,000.00 € due on 15 January 2024, paid on 1 March: 46 days over 365 in a leap year too",
    "1 000,00 € échus le 15 janvier 2024, payés le 1er mars : 46 jours sur 365, même une année bissextile",
    lambda: _owed("professional", 100000, date(2024, 1, 15), (date(2024, 3, 1), 100000)),
    5917,
    CENTS,
)
case(
    LATE,
    "Paid on the due date: nothing",
    "Payée le jour de l’échéance : rien",
    lambda: _owed("professional", 120000, date(2026, 3, 31), (date(2026, 3, 31), 120000)),
    0,
    CENTS,
)
case(
    LATE,
    "The rate of an invoice due in the first half of 2026",
    "Le taux d’une facture échue au premier semestre 2026",
    lambda: professional_rate(date(2026, 6, 30), interest_rates()),
    Decimal("12.15"),
    PER_CENT,
)
case(
    "LG-S6.3c",
    "A consumer’s 119.00 €, formal notice on 1 March 2026, paid on 15 April: 45 days at 6.67%, no 40 €",
    "119,00 € d’un consommateur, mise en demeure le 1er mars 2026, payés le 15 avril : 45 jours à 6,67 %, "
    "sans les 40 €",
    lambda: _owed("consumer", 11900, date(2026, 3, 1), (date(2026, 4, 15), 11900)),
    98,
    CENTS,
)
case(
    "LG-S19",
    "Notice sent on 2 April 2026: eight business days, Easter Monday not counted; access stops on 16 April",
    "Avis envoyé le 2 avril 2026 : huit jours ouvrés sans le lundi de Pâques ; l’accès s’arrête le 16 avril",
    lambda: _stops(date(2026, 4, 2)),
    date(2026, 4, 16),
    DAY,
)
case(
    "LG-S19",
    "Notice sent on 22 December 2026: Christmas and New Year’s Day not counted; access stops on 6 January",
    "Avis envoyé le 22 décembre 2026 : ni Noël ni le jour de l’an ne comptent ; "
    "l’accès s’arrête le 6 janvier",
    lambda: _stops(date(2026, 12, 22)),
    date(2027, 1, 6),
    DAY,
)
