"""LG-S11: technical requirements are versioned; major changes are announced ahead, minor ones not."""

from datetime import date

import pytest

from billing.catalogue.policy.catalogue import TooSoon, Version, check_announced, requirements_on
from tests.billing.support import url
from tests.clauses.stage import desk, later, live, mails, plain, read, subscribed

CLAUSE = "LG-S11"
VERSIONS = [Version(1, date(2026, 1, 1)), Version(2, date(2026, 9, 1)), Version(3, date(2026, 12, 1))]


@pytest.mark.parametrize(
    ("on", "number"),
    [(date(2025, 12, 31), None), (date(2026, 8, 31), 1), (date(2026, 11, 30), 2), (date(2026, 12, 1), 3)],
)
def test_an_order_keeps_the_version_in_force_that_day(on, number):
    found = requirements_on(VERSIONS, on)
    assert (found.number if found else None) == number


def test_what_was_announced_for_a_day_holds_from_it_whatever_was_published_since():
    versions = [Version(1, date(2026, 1, 1)), Version(2, date(2026, 12, 16)), Version(3, date(2026, 12, 12))]
    found = [requirements_on(versions, date(2026, 12, day)).number for day in (11, 12, 15, 16, 17)]
    assert found == [1, 3, 3, 2, 2]


def test_a_major_change_is_told_thirty_days_ahead_a_minor_one_not():
    told = date(2026, 11, 1)
    check_announced(is_major=False, published_on=told, in_force_on=told)
    check_announced(is_major=True, published_on=told, in_force_on=date(2026, 12, 1))
    with pytest.raises(TooSoon) as soon:
        check_announced(is_major=True, published_on=told, in_force_on=date(2026, 11, 30))
    assert soon.value.earliest == date(2026, 12, 1)


@pytest.mark.story(
    "LG-S11",
    door="page",
    fr="Un changement majeur des prérequis, voulu pour le 15 décembre, est refusé car annoncé trop "
    "tard ; publié pour le 16, il est écrit aux abonnés, et la boutique montre l’ancienne version "
    "jusqu’à la veille.",
)
def test_a_major_change_waits_thirty_days_after_it_was_told(browse, clock, now, shelves):
    """A major change of the requirements, wanted for 15 December, is refused as told too late; published for
    the 16th, it is written to subscribers, and the shop shows the version before it to the eve.
    """
    practice = shelves["cabinet"]
    subscribed(now, product="cabinet", quantity=3)
    shop = url("shop_product", "cabinet")
    page = url("product_requirements", practice.pk)
    new = {"requirements-text_fr": "Un navigateur de 2027", "requirements-text_en": "A browser of 2027"}
    new |= {"requirements-is_major": "on"}
    finance = desk(browse, now)
    early = finance.post(page, new | {"requirements-in_force_on": "2026-12-15"})
    assert early.status_code == 422
    assert "16 décembre 2026" in plain(early.content.decode())
    assert finance.post(page, new | {"requirements-in_force_on": "2026-12-16"}).status_code == 302
    later(clock, minutes=5)
    (told,) = mails("prérequis")
    assert "Un navigateur de 2027" in told.body
    assert "16 décembre 2026" in told.body
    live(clock, date(2026, 12, 15), hour=22)
    assert "version 1 Un navigateur récent" in read(browse(None).get(shop))
    live(clock, date(2026, 12, 16))
    assert "version 2 Un navigateur de 2027" in read(browse(None).get(shop))
