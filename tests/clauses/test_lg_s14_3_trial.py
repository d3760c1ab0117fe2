"""LG-S14.3: a trial is for clients who subscribed online with an online payment method, never a cheque.

Not ended before its end, it is activated and invoiced that day.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Invoice, Order, Product, Refund, Subscription
from billing.orders.policy.cart import trial_is_open_to
from billing.subscriptions.actions import change_plan
from billing.subscriptions.policy.trial import (
    InTrial,
    Period,
    activated_on,
    check_addition,
    reminded_on,
    stops_on,
    trial_from,
)
from isolation.context import inside_operator
from tests.billing.carts import FAMILY, bought, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, by_card, desk, later, live, mails, paid, plain, read, visitor

CLAUSE = "LG-S14.3"
BEGUN = date(2026, 11, 16)
TRIAL = Period(BEGUN, date(2026, 12, 16))
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("online", "method", "open_"),
    [
        (True, "card", True),
        (True, "sepa_debit", True),
        (True, "cheque", False),
        (True, "transfer", False),
        (False, "card", False),
    ],
)
def test_who_may_try(online, method, open_):
    assert trial_is_open_to(online=online, method=method) is open_


def test_thirty_days_from_the_opening():
    assert trial_from(BEGUN, days=30) == TRIAL


def test_a_trial_lasts_a_day_at_least():
    with pytest.raises(ValueError, match="a day"):
        trial_from(BEGUN, days=0)


@pytest.mark.parametrize(
    ("days", "on"), [(30, date(2026, 12, 13)), (4, date(2026, 11, 17)), (3, None), (1, None)]
)
def test_the_reminder_three_days_before_with_a_day_between(days, on):
    assert reminded_on(trial_from(BEGUN, days=days), ahead_days=3) == on


@pytest.mark.parametrize(
    ("said_on", "at_once", "stops"),
    [
        (BEGUN, False, date(2026, 12, 16)),
        (BEGUN, True, BEGUN),
        (date(2026, 12, 15), False, date(2026, 12, 16)),  # the last day is in time
        (date(2026, 12, 15), True, date(2026, 12, 15)),
        (date(2026, 12, 16), False, None),
        (date(2026, 12, 16), True, None),  # that day it is activated
    ],
)
def test_ended_before_its_end_or_too_late(said_on, at_once, stops):
    assert stops_on(TRIAL, said_on=said_on, at_once=at_once) == stops


def test_not_ended_it_is_activated_on_its_end():
    assert activated_on(TRIAL, stopped_on=None) == date(2026, 12, 16)


@given(begun=DAYS, days=st.integers(1, 400), said=st.integers(0, 800), at_once=st.booleans())
def test_either_it_stops_or_it_is_activated_never_both(begun, days, said, at_once):
    trial = trial_from(begun, days=days)
    stops = stops_on(trial, said_on=begun + timedelta(days=said), at_once=at_once)
    assert (stops is None) == (said >= days)
    assert (activated_on(trial, stopped_on=stops) is None) == (stops is not None)
    assert stops is None or begun <= stops <= trial.ends_on


def family_on_trial(browse, clock, shelves, provider):
    """Return a family's browser and its subscription, tried from the shop with a card saved."""
    shop = browse(None)
    by_card(provider, bought(shop, shelves["famille"], FAMILY, 1, method="card"), clock)
    with inside_operator():
        return shop, Subscription.objects.select_related("contact__customer").get()


def charged(provider):
    """Return what the provider took, in cents."""
    return [row["amount"] for row in provider.book.rows.values() if row["object"] == "payment_intent"]


@pytest.mark.story(
    "LG-S14.3",
    door="page",
    fr="Une famille arrête son essai de quatorze jours le dernier soir : l’accès s’arrête avec l’essai, "
    "et rien n’est ni facturé ni débité.",
)
def test_a_trial_ended_on_its_last_evening_costs_nothing(browse, clock, shelves, provider):
    """A family ends its fourteen-day trial on the last evening: access stops with the trial, and nothing is
    invoiced or charged.
    """
    _shop, family = family_on_trial(browse, clock, shelves, provider)
    clock.move_to(at(date(2026, 11, 29), 22, 30))  # 23:30 in Paris
    home = visitor(browse, family.contact)
    home.post(url("portal_trial", family.pk), {"when": "end"})
    live(clock, date(2026, 11, 30), date(2026, 12, 1))
    home = visitor(browse, family.contact)
    assert "terminé" in read(home.get(url("portal_subscription", family.pk)))[:80]
    assert "FA-2026" not in read(home.get(url("portal_invoices")))
    assert charged(provider) == []


@pytest.mark.story(
    "LG-S14.3",
    door="page",
    fr="Une famille laisse courir son essai : prévenue avant, elle est abonnée et facturée de 58,80 € "
    "le jour où il finit, et débitée sur la carte enregistrée ; par virement, l’essai ne lui était "
    "pas ouvert.",
)
def test_a_trial_left_alone_is_activated_invoiced_and_charged_on_its_end(browse, clock, shelves, provider):
    """A family lets its trial run: told before, it is subscribed and invoiced 58.80 EUR on the day the trial
    ends, and charged on the card it saved; by transfer no trial was open to it.
    """
    other = browse(None)
    put(other, shelves["famille"])
    other.post(url("shop_details"), FAMILY)
    review = read(shown(other)[0])
    assert "Essai 14 jours, en payant par carte ou prélèvement" in review
    assert "virement" not in review
    _shop, family = family_on_trial(browse, clock, shelves, provider)
    live(clock, date(2026, 11, 27))
    assert len(mails("se termine le 30 novembre 2026")) == 1
    assert charged(provider) == []
    live(clock, date(2026, 11, 30), hour=9)
    live(clock, date(2026, 11, 30), hour=10)
    home = visitor(browse, family.contact)
    running = read(home.get(url("portal_subscription", family.pk)))
    assert "Commence le 30 novembre 2026 Premier jour après 30 novembre 2027" in running
    assert "30 novembre 2026 30 novembre 2026 58,80 € 0,00 € payée" in read(home.get(url("portal_invoices")))
    assert charged(provider) == [5880]


def test_nothing_is_added_before_the_trials_end():
    for ends_on, today in ((None, BEGUN), (TRIAL.ends_on, TRIAL.ends_on)):
        check_addition(ends_on, today=today)
    with pytest.raises(InTrial) as refused:
        check_addition(TRIAL.ends_on, today=TRIAL.ends_on - timedelta(days=1))
    assert refused.value.first_day == TRIAL.ends_on


def more(browse, family, count=3, **confirmed):
    """Return the answer to a family that wants so many profiles."""
    wanted = {"famille": str(count)} | confirmed
    return visitor(browse, family.contact).post(url("portal_plan", family.pk), wanted)


CONFIRMED = {"confirm": "1", "method": "card", "terms": "on"}


@pytest.mark.story(
    "LG-S14.3",
    "LG-S15",
    door="page",
    fr="Une famille à l’essai demande deux profils de plus, puis finance essaie par un avenant : rien n’est "
    "facturé avant la fin de l’essai, et la page dit à partir de quand ; ce jour-là ils coûtent "
    "l’année entière, sans un jour de plus.",
)
def test_nothing_is_added_or_charged_while_it_is_tried(browse, clock, shelves, provider):
    """A family on trial wants two profiles more, then finance tries by an amendment: nothing is invoiced
    before the trial's end, and the page says from when on; that day they cost a whole year, not a day more.
    """
    _shop, family = family_on_trial(browse, clock, shelves, provider)
    for answer in (more(browse, family), more(browse, family, **CONFIRMED)):
        assert answer.status_code == 422
        assert "point à corriger Rien n’est facturé pendant un essai" in plain(answer.text)
        assert "à partir du 30 novembre 2026" in plain(answer.text)
    contract = f"contract-{family.contract_id}"
    typed = {
        "contact": str(family.contact.pk),
        "method": "card",
        "valid_until": "2026-12-10",
        "payment_days": "30",
        "language": "fr",
        f"{contract}-licences_after": "3",
        f"{contract}-term_price": "49,00",
    }
    amended = desk(browse, at(BEGUN)).post(url("amend", family.contact.customer_id), typed)
    assert (amended.status_code, "à partir du 30 novembre 2026" in plain(amended.text)) == (422, True)
    assert rows_of(Invoice.objects) == []
    assert len(rows_of(Order.objects)) == 1
    live(clock, date(2026, 11, 30), hour=9)
    told = read(more(browse, family))
    assert "365 jours sur les 365" in told
    assert more(browse, family, **CONFIRMED).status_code == 302


@pytest.mark.story(
    "LG-S14.3",
    door="page",
    fr="Deux profils ajoutés à un essai ont été payés, un troisième attend : la famille arrête l’essai, "
    "ce qui fut payé est crédité et remboursé, ce qui attend est annulé.",
)
def test_what_was_added_to_a_trial_is_given_back_when_it_is_stopped(
    browse, clock, shelves, provider, monkeypatch
):
    """Two profiles added to a trial were paid, one more waits: the family stops the trial, what was paid is
    credited and refunded, what waits is cancelled.
    """
    _shop, family = family_on_trial(browse, clock, shelves, provider)
    monkeypatch.setattr(change_plan, "check_addition", lambda *_args, **_said: None)
    assert more(browse, family, **CONFIRMED).status_code == 302
    (added,) = rows_of(Order.objects.exclude(pk=family.order_id))
    asked = paid(added, later(clock, minutes=1))
    assert more(browse, family, 4, **CONFIRMED).status_code == 302
    (waits,) = rows_of(Order.objects.exclude(pk__in=[family.order_id, added.pk]))
    answer = visitor(browse, family.contact).post(url("portal_trial", family.pk), {"when": "now"})
    assert answer.status_code == 302
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note", order=added))
    (refund,) = rows_of(Refund.objects)
    assert (note.gross_cents, refund.amount_cents) == (asked.gross_cents, asked.gross_cents)
    (cancelled,) = rows_of(Order.objects.filter(state="cancelled"))
    assert cancelled == waits


def recorded(browse, family, on, received):
    """Record an e-mail that ends a subscription; return whether it was taken."""
    word = {"word-received_at": received, "word-reason": "arrêt"}
    return desk(browse, at(on)).post(url("termination_record", family.pk), word).status_code == 302


@pytest.mark.story(
    "LG-S14.3",
    "LG-S20.2",
    door="page",
    fr="Une famille écrit pendant son essai qu’elle arrête ; on ne l’enregistre que trois jours après sa "
    "fin, l’année facturée et débitée : c’est la réception qui compte, tout est crédité et rendu.",
)
def test_an_email_received_during_a_trial_and_recorded_after_it_costs_nothing(
    browse, clock, shelves, provider
):
    """A family writes during its trial that it stops; it is recorded only three days after its end, when the
    year was invoiced and charged: receipt counts, all of it is credited and given back.
    """
    _shop, family = family_on_trial(browse, clock, shelves, provider)
    live(clock, date(2026, 11, 30), hour=9)
    live(clock, date(2026, 11, 30), hour=10)
    assert charged(provider) == [5880]
    live(clock, date(2026, 12, 3))
    assert recorded(browse, family, date(2026, 12, 3), "2026-11-28T18:30")
    later(clock, minutes=3)
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note"))
    (refund,) = rows_of(Refund.objects)
    assert (note.gross_cents, refund.amount_cents) == (5880, 5880)
    home = visitor(browse, family.contact)
    assert "terminé" in read(home.get(url("portal_subscription", family.pk)))[:80]
    assert "0,00 € annulée par avoir" in read(home.get(url("portal_invoices")))
    assert len(mails(note.number)) == 1


@pytest.mark.story(
    "LG-S14.3",
    "LG-S20.2",
    door="page",
    fr="Deux abonnements sont essayés ensemble et l’un est arrêté par courriel, enregistré pendant l’essai "
    "ou après lui : l’autre seul est payé.",
)
@pytest.mark.parametrize("recorded_on", [date(2026, 11, 28), date(2026, 12, 3)])
def test_of_two_tried_together_the_one_that_is_stopped_costs_nothing(
    browse, clock, shelves, provider, recorded_on
):
    """Two subscriptions are tried together and one is stopped by e-mail, recorded during the trial or after
    it: only the other is paid.
    """
    with inside_operator():
        Product.objects.filter(key="famille-mois").update(trial_days=14, term_months=12)
    shop = browse(None)
    put(shop, shelves["famille-mois"])
    by_card(provider, bought(shop, shelves["famille"], FAMILY, 1, method="card"), clock)
    (family,) = rows_of(Subscription.objects.filter(product__key="famille"))
    for day in sorted({date(2026, 11, 28), date(2026, 11, 30), recorded_on}):
        live(clock, day, hour=9)
        if day == recorded_on:
            assert recorded(browse, family, day, "2026-11-27T18:30")
        live(clock, day, hour=10)
    asked = sum(
        -each.gross_cents if each.is_credit_note else each.gross_cents for each in rows_of(Invoice.objects)
    )
    back = sum(each.amount_cents for each in rows_of(Refund.objects))
    assert (asked, sum(charged(provider)) - back) == (600, 600)
    (month,) = rows_of(Subscription.objects.filter(product__key="famille-mois"))
    assert (month.ended_on, family.pk != month.pk) == (None, True)
