"""Write a dated price list; one that was in force is never edited, a new one copies it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Price, PriceList
from billing.money.gateways.rate_tables import tax_table
from billing.money.gateways.taxation import seller_party
from billing.money.policy.money import currency as checked_currency
from billing.money.policy.tax import Party, treatment
from billing.money.policy.vat import split_gross


class ListInForce(Exception):
    """Raised on a list that is, or was, in force: a change is a new list."""


class DayTaken(Exception):
    """Raised when another list of the currency starts on the same day."""


class TooEarly(Exception):
    """Raised when a list would start today or before: prices change ahead, never backwards."""


@transaction.atomic
def copy_price_list(
    *,
    source: PriceList | None,
    name: str,
    currency: str,
    starts_on: date,
    by: Actor | None,
    now: datetime,
    today: date,
    first: bool = False,
) -> PriceList:
    """Return a new list with the prices of `source`; the list it follows ends the day it starts.

    The first list of a currency may start today. Raises TooEarly, DayTaken.
    """
    checked_currency(currency)
    known = list(PriceList.objects.select_for_update().filter(currency=currency))
    _check_start(starts_on, known, today)
    made = PriceList.objects.create(
        name=name,
        currency=currency,
        starts_on=starts_on,
        ends_on=_follower(known, starts_on),
        delivery_net_cents=source.delivery_net_cents if source else 0,
        free_delivery_from_cents=source.free_delivery_from_cents if source else None,
    )
    for before in known:
        if before.starts_on < starts_on and (before.ends_on is None or before.ends_on > starts_on):
            before.ends_on = starts_on
            before.save(update_fields=["ends_on"])
    _copy_prices(source, made)
    facts = {
        "name": name,
        "currency": currency,
        "starts_on": str(starts_on),
        "copies": source and str(source.pk),
    }
    log_action("price_list.written", by=by, on=made, at=now, facts=facts)
    return made


def _check_start(starts_on: date, known: list[PriceList], today: date) -> None:
    """Raise TooEarly or DayTaken when no list of this currency may start on a day."""
    if starts_on < today or (starts_on == today and any(each.starts_on <= today for each in known)):
        raise TooEarly(starts_on)
    if any(each.starts_on == starts_on for each in known):
        raise DayTaken(starts_on)


def _copy_prices(source: PriceList | None, made: PriceList) -> None:
    copied = Price.objects.filter(price_list=source) if source else Price.objects.none()
    Price.objects.bulk_create(
        Price(
            price_list=made,
            product_id=each.product_id,
            net_cents=each.net_cents,
            gross_cents=each.gross_cents,
            tax_key=each.tax_key,
            term_months=each.term_months,
            from_quantity=each.from_quantity,
        )
        for each in copied
    )


def _follower(known: list[PriceList], starts_on: date) -> date | None:
    return min((each.starts_on for each in known if each.starts_on > starts_on), default=None)


@transaction.atomic
def put_prices(
    *,
    price_list_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    delivery_net_cents: int,
    free_from_cents: int | None,
    by: Actor,
    now: datetime,
    today: date,
) -> PriceList:
    """Return a list that isn't in force yet, with these prices instead of those it had.

    A price told with its VAT alone, for consumers, has the net that VAT at home leaves of it. Raises
    ListInForce.
    """
    held = PriceList.objects.select_for_update().get(pk=price_list_id)
    if not held.is_editable(today):
        raise ListInForce(held.name)
    before = {_key(each): each.net_cents for each in held.prices.all()}
    held.prices.all().delete()
    Price.objects.bulk_create(_price(held, row) for row in rows)
    held.delivery_net_cents = delivery_net_cents
    held.free_delivery_from_cents = free_from_cents
    held.save(update_fields=["delivery_net_cents", "free_delivery_from_cents"])
    after = {_key(each): each.net_cents for each in held.prices.all()}
    changed = sum(1 for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    log_action(
        "price_list.changed", by=by, on=held, at=now, facts={"name": held.name, "prices_changed": changed}
    )
    return held


def _price(held: PriceList, row: Mapping[str, Any]) -> Price:
    """Return a price of a list; where only the one with VAT is told, the other is what that leaves."""
    price = Price(price_list=held, **row)
    if price.net_cents is None:
        home = Party(country=seller_party().country, kind="consumer")
        told = treatment(
            seller_party(),
            home,
            price.product.nature,
            held.starts_on,
            table=tax_table(),
            tax_key=price.tax_key,
        )
        price.net_cents = split_gross(price.gross_cents or 0, told.rate_pct).net_cents
    return price


def _key(price: Price) -> tuple[object, ...]:
    return price.product_id, price.term_months, price.from_quantity


@transaction.atomic
def drop_price_list(*, price_list_id: UUID, by: Actor, now: datetime, today: date) -> None:
    """Take away a list that is not in force yet; the one before it goes on. Raises ListInForce."""
    held = PriceList.objects.select_for_update().get(pk=price_list_id)
    if not held.is_editable(today):
        raise ListInForce(held.name)
    PriceList.objects.filter(currency=held.currency, ends_on=held.starts_on).update(ends_on=held.ends_on)
    log_action(
        "price_list.dropped",
        by=by,
        on=held,
        at=now,
        facts={"name": held.name, "starts_on": str(held.starts_on)},
    )
    held.delete()
