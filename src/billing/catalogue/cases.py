"""The contract's own figures about prices and methods, for the pages of their clauses and the tests."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.catalogue.policy.dispatch import dispatch_day
from billing.catalogue.policy.methods import cheque_fee
from billing.catalogue.policy.prices import Promo, shown, to_pay
from contracts.gateways.holidays import public_holidays
from contracts.policy.cases import CENTS, DAY, case

PARIS = ZoneInfo("Europe/Paris")


def _fee_net(rate_pct: str) -> int:
    """Return the part of the cheque fee of 18.00 € that is no VAT, at a rate."""
    split = cheque_fee("cheque", rate_pct=Decimal(rate_pct), fee_cents=1800)
    return split.net_cents if split else 0


def _leaves(at: datetime) -> date:
    """Return the day a parcel validated at an instant leaves."""
    return dispatch_day(at, holidays=public_holidays("FR", None, (at.year, at.year + 1)))


case(
    "LG-S6.1",
    "4.90 € without VAT at 20%, as a consumer reads it",
    "4,90 € hors taxes à 20 %, tels que les lit un consommateur",
    lambda: shown(490, Decimal(20), consumer=True).cents,
    588,
    CENTS,
)
case(
    "LG-S6.1",
    "The same, as a professional reads it",
    "Les mêmes, tels que les lit un professionnel",
    lambda: shown(490, Decimal(20), consumer=False).cents,
    490,
    CENTS,
)
case(
    "LG-S6.2",
    "The cheque fee of 18.00 € including VAT, without it at 20%",
    "Les frais de chèque de 18,00 € TTC, hors taxes à 20 %",
    lambda: _fee_net("20"),
    1500,
    CENTS,
)
case(
    "LG-S6.2",
    "The same at 8.5%, overseas",
    "Les mêmes à 8,5 %, outre-mer",
    lambda: _fee_net("8.5"),
    1659,
    CENTS,
)
case(
    "LG-S7",
    "Validated on Tuesday 12 May 2026 at 15:00: leaves the same day",
    "Validée le mardi 12 mai 2026 à 15 h 00 : part le jour même",
    lambda: _leaves(datetime(2026, 5, 12, 15, 0, tzinfo=PARIS)),
    date(2026, 5, 12),
    DAY,
)
case(
    "LG-S7",
    "One second later: not on Thursday, which is Ascension Day, but on Tuesday the 19th",
    "Une seconde plus tard : pas le jeudi, qui est l’Ascension, mais le mardi 19",
    lambda: _leaves(datetime(2026, 5, 12, 15, 0, 1, tzinfo=PARIS)),
    date(2026, 5, 19),
    DAY,
)
case(
    "LG-S7",
    "Validated on Thursday 24 December 2026 at 15:30: leaves on Tuesday the 29th",
    "Validée le jeudi 24 décembre 2026 à 15 h 30 : part le mardi 29",
    lambda: _leaves(datetime(2026, 12, 24, 15, 30, tzinfo=PARIS)),
    date(2026, 12, 29),
    DAY,
)
case(
    "MC-11",
    "4.90 € on the list, 3.90 € until 1 October: a new customer on 30 September",
    "4,90 € au tarif, 3,90 € jusqu’au 1er octobre : un nouveau client le 30 septembre",
    lambda: to_pay(490, [Promo(390, date(2026, 9, 1), date(2026, 10, 1))], on=date(2026, 9, 30)).net_cents,
    390,
    CENTS,
)
case(
    "MC-11",
    "The same promotion, asked of a running customer: the list price",
    "La même promotion, pour un client en cours : le prix du tarif",
    lambda: (
        to_pay(
            490, [Promo(390, date(2026, 9, 1), date(2026, 10, 1))], on=date(2026, 9, 30), is_new=False
        ).net_cents
    ),
    490,
    CENTS,
)
