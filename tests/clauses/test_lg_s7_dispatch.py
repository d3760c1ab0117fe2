"""Goods leave on Tuesdays and Thursdays, never on a day off."""

from datetime import date, datetime

import pytest

from billing.catalogue.policy.dispatch import NoDispatch, dispatch_day, dispatch_days
from billing.models import Delivery
from contracts.gateways.holidays import public_holidays
from tests.billing.carts import TEACHER, bought, only_order, order, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, by_card, desk, later, live, mails, plain, read, visitor
from tests.golden import rows

HOLIDAYS = public_holidays("FR", None, (2026, 2027))


@pytest.mark.parametrize("row", rows("dispatch"), ids=lambda row: row["why"])
def test_the_golden_days(row):
    leave = {date.fromisoformat(day) for day in row["announced_leave"].split("|") if day}
    found = dispatch_day(
        datetime.fromisoformat(row["validated_at_paris"]), holidays=HOLIDAYS, closed=frozenset(leave)
    )
    assert found == date.fromisoformat(row["expected_dispatch"])


@pytest.mark.parametrize(
    ("validated", "leaves"),
    [
        ("2026-11-16T23:59:00", "2026-11-17"),  # a Monday night: the hour counts on a dispatch day only
        ("2026-11-17T15:00:00", "2026-11-17"),
        ("2026-11-17T15:00:00.000001", "2026-11-19"),
        ("2026-11-21T08:00:00", "2026-11-24"),
    ],
)
def test_the_cut_off(validated, leaves):
    assert dispatch_day(datetime.fromisoformat(validated), holidays=HOLIDAYS) == date.fromisoformat(leaves)


def test_a_year_of_leave_is_said_and_not_waited_for():
    closed = frozenset(date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(800))
    with pytest.raises(NoDispatch):
        dispatch_day(datetime(2026, 1, 5, 10), holidays=frozenset(), closed=closed)  # noqa: DTZ001 - a wall clock


def test_the_next_days_on_which_goods_leave():
    found = dispatch_days(date(2026, 12, 22), 3, holidays=frozenset({date(2026, 12, 24)}), closed=frozenset())
    assert found == [date(2026, 12, 22), date(2026, 12, 29), date(2026, 12, 31)]


def ordered(browse, clock, shelves, provider, hour, minute):
    """Return the page of an order of things placed on Tuesday 17 November, at an hour UTC."""
    clock.move_to(at(date(2026, 11, 17), hour, minute))
    by_card(provider, bought(browse(None), shelves["cartes"], TEACHER, 2, method="card"), clock)
    placed = only_order()
    return placed, read(visitor(browse, placed.contact).get(url("portal_order", placed.pk)))


def parcel():
    """Return the only parcel."""
    (found,) = rows_of(Delivery.objects.all())
    return found


@pytest.mark.story(
    "LG-S7",
    door="page",
    fr="Commandé un mardi à 14 h 59 et payé à 15 h 02, le colis garde le jour montré ; il n’est pas prêt à "
    "16 h, passe au jeudi, et ne part le mercredi que si l’on dit pourquoi : l’acheteur le lit.",
)
def test_the_day_shown_holds_and_another_day_says_why(browse, clock, shelves, provider, now):
    """Ordered on a Tuesday at 14:59 and paid at 15:02, the parcel keeps the day that was shown; not ready at
    16:00, it goes to the Thursday; it leaves on the Wednesday only if somebody says why: its buyer reads it.
    """
    placed, words = ordered(browse, clock, shelves, provider, 13, 59)  # 14:59 in Paris
    assert placed.leaves_on == parcel().leaves_on == date(2026, 11, 17)
    assert "Il part le 17 novembre 2026" in words
    live(clock, date(2026, 11, 17), hour=18)
    assert (parcel().leaves_on, parcel().moved_because) == (date(2026, 11, 19), "not_ready")
    live(clock, date(2026, 11, 18))
    page = url("delivery_ship", parcel().pk)
    label = {"ship-carrier": "La Poste", "ship-tracking": "6A"}
    assert desk(browse, now).post(page, label).status_code == 422
    told = label | {"ship-reason": "Le transporteur passe mercredi cette semaine"}
    assert desk(browse, now).post(page, told).status_code == 302
    later(clock, minutes=2)
    (left,) = mails("en route")
    assert "17 novembre 2026" in plain(left.body)
    assert "Le transporteur passe mercredi" in plain(left.body)
    words = read(visitor(browse, placed.contact).get(url("portal_order", placed.pk)))
    assert "Il est parti le 18 novembre 2026" in words


@pytest.mark.story(
    "LG-S7",
    door="page",
    fr="L’acheteur lit « mardi » à 14 h 58 et confirme à 15 h 01 : la revue ne vaut plus, on lui montre "
    "jeudi, et c’est jeudi que la commande garde.",
)
def test_a_day_that_passed_while_the_buyer_read_is_shown_again(browse, clock, shelves, provider):
    """The buyer reads Tuesday at 14:58 and confirms at 15:01: the review no longer counts, Thursday is shown,
    and Thursday is what the order keeps.
    """
    shop = browse(None)
    clock.move_to(at(date(2026, 11, 17), 13, 58))
    put(shop, shelves["cartes"], 2)
    shop.post(url("shop_details"), TEACHER)
    shop.post(url("shop_review"), {"method": "transfer"})
    page, seen = shown(shop)
    assert "17 novembre 2026" in read(page)
    clock.move_to(at(date(2026, 11, 17), 14, 1))
    assert order(shop, seen=seen).status_code == 422
    assert "19 novembre 2026" in read(shown(shop)[0])
    assert order(shop).status_code == 302
    assert only_order().leaves_on == date(2026, 11, 19)
