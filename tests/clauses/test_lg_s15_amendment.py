"""LG-S15: a plan change shows price and effect before it is made.

On a quoted contract it is an amendment to sign.
"""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Invoice, Order, QuoteVersion, Subscription
from billing.subscriptions.policy.amendment import (
    Amendment,
    NotMore,
    TermOver,
    agreed_again,
    amendment,
    is_of_this_term,
    site_addition,
    still_true,
)
from billing.subscriptions.policy.periods import ServicePeriod, service_period
from isolation.context import inside_operator
from tenants.models import Contract, Customer, Tenant
from tests.billing.carts import PRACTICE, bought, dear
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, paid, read, sign, subscribed, visitor

YEAR = {"term_price_cents": 490, "term_months": 12, "ends_on": date(2027, 9, 1)}


def asked(after: int, on: date, before: int = 218, **changed) -> Amendment:
    return amendment(licences_before=before, licences_after=after, counts_from=on, **(YEAR | changed))


def test_the_effect_and_the_price_are_known_before_it_is_signed():
    found = asked(230, date(2027, 3, 1))
    assert (found.licences_before, found.licences_after, found.added) == (218, 230, 12)
    assert (found.starts_on, found.ends_on) == (date(2027, 3, 1), date(2027, 9, 1))
    assert (found.days, found.days_of_term) == (184, 365)
    assert found.unit_net_cents == 247  # 4.90 × 184 / 365 = 2.4701…
    assert found.net_cents == 12 * 247


@pytest.mark.parametrize(
    ("on", "unit"),
    [
        (date(2026, 9, 1), 490),  # the first day of the term: a whole term
        (date(2027, 8, 31), 1),  # its last day: 1.34 cents
        (date(2026, 3, 1), 737),  # a term and a half before its end
    ],
)
def test_the_price_is_pro_rata_to_the_days_left(on, unit):
    assert asked(219, on).unit_net_cents == unit


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2027, 1, 31), date(2027, 2, 28), 1),  # the month after has no such day
        (date(2027, 8, 31), date(2028, 2, 29), 6),
        (date(2028, 2, 29), date(2029, 2, 28), 12),
        (date(2027, 10, 31), date(2027, 11, 30), 1),
    ],
)
def test_a_term_costs_a_whole_term_on_its_first_day(starts_on, ends_on, months):
    term = {"term_months": months, "ends_on": ends_on, "term_starts_on": starts_on}
    found = asked(219, starts_on, **term)
    assert (found.unit_net_cents, found.days, found.days_of_term) == (490, found.days, found.days)
    assert asked(219, starts_on + timedelta(days=1), **term).unit_net_cents < 490


def test_days_before_the_term_are_none_of_it():
    term = {"ends_on": date(2027, 9, 1), "term_starts_on": date(2026, 9, 1)}
    found = asked(230, date(2026, 8, 18), **term)
    assert (found.starts_on, found.days, found.days_of_term) == (date(2026, 9, 1), 365, 365)
    assert found.unit_net_cents == 490
    running = ServicePeriod(date(2026, 9, 1), date(2027, 9, 1))
    told = {"ordered_on": date(2026, 8, 18), "term_months": 12, "running": running, "is_added": True}
    assert service_period(**told) == running


def test_licences_only_go_up_during_a_term():
    for after in (218, 217, 0):
        with pytest.raises(NotMore):
            asked(after, date(2027, 3, 1))


def test_a_term_that_is_over_or_has_no_end_is_not_amended():
    for changed in ({"ends_on": date(2027, 3, 1)}, {"ends_on": None}):
        with pytest.raises(TermOver):
            asked(230, date(2027, 3, 1), **changed)


@given(st.integers(1, 364), st.integers(1, 5000))
def test_a_day_later_never_costs_more(days, added):
    first = date(2026, 9, 1)
    sooner = asked(218 + added, first + timedelta(days=days - 1))
    later = asked(218 + added, first + timedelta(days=days))
    assert later.net_cents <= sooner.net_cents <= added * 490


def test_what_changed_meanwhile_needs_a_new_version():
    kept = {"licences_before": 218, "ends_on": date(2027, 9, 1)}
    assert still_true(licences_now=218, today=date(2027, 3, 1), **kept)
    assert not still_true(licences_now=230, today=date(2027, 3, 1), **kept)
    assert not still_true(licences_now=218, today=date(2027, 9, 1), **kept)


def test_a_school_more_costs_a_whole_term_of_its_own():
    found = site_addition(licences=40, term_price_cents=490, term_months=12)
    assert (found.net_cents, found.term_months) == (19_600, 12)
    for wrong, error in (({"licences": 0}, NotMore), ({"term_months": 0}, TermOver)):
        with pytest.raises(error):
            site_addition(**{"licences": 1, "term_price_cents": 490, "term_months": 12} | wrong)


@pytest.mark.story(
    "LG-S15",
    door="page",
    fr="Une commune ajoute douze licences à son école et en ouvre une seconde : prix et effet sont montrés "
    "avant tout ; elle signe, le tarif double, et la seconde école n’ouvre qu’une fois payée, au prix dit.",
)
def test_a_school_more_is_shown_signed_and_opens_once_paid(browse, clock, now):
    """A commune adds twelve licences to its school and opens a second one: price and effect are shown before
    anything; it signs, the list price doubles, and the second school opens once paid, at the price told.
    """
    with inside_operator():
        running = subscribed(now, quantity=100)
        contract, contact = running.contract, running.contact
    live(clock, date(2027, 3, 1))
    page = url("amend", contact.customer_id)
    typed = {
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2027-03-15",
        "payment_days": "30",
        "language": "fr",
        f"contract-{contract.pk}-licences_after": "112",
        f"contract-{contract.pk}-term_price": "4,90",
        "new-name": "École du Pré",
        "new-slug": "ecole-du-pre",
        "new-licences": "40",
    }
    told = read(desk(browse, now).post(page, typed | {"act": "count"}))
    assert "de 100 à 112 licences" in told
    assert "40 licences pour une nouvelle école, 12 mois" in told
    assert "40 × 4,90 € = 196,00 €" in told
    assert rows_of(QuoteVersion.objects.filter(quote__customer=contact.customer_id, state="draft")) == []
    assert desk(browse, now).post(page, typed | {"new-licences": ""}).status_code == 422
    assert desk(browse, now).post(page, typed).status_code == 302
    (version,) = rows_of(QuoteVersion.objects.filter(state="draft"))
    desk(browse, now).post(url("quote_send", version.pk))
    assert sign(visitor(browse, contact), version).status_code == 200
    dear("preau-ecole", 980)
    live(clock, date(2027, 3, 2))
    with inside_operator():
        assert Contract.objects.get(pk=contract.pk).licences == 100  # until it is paid
        assert not Tenant.objects.filter(slug="ecole-du-pre").exists()
        order = Order.objects.get(version=version)
    paid(order, at(date(2027, 3, 3)))
    live(clock, date(2027, 3, 3))
    with inside_operator():
        assert Contract.objects.get(pk=contract.pk).licences == 112
        second = Contract.objects.select_related("subscription").get(tenant__slug="ecole-du-pre")
        term = second.subscription.term
    assert (second.licences, term.unit_net_cents, term.ends_on) == (40, 490, date(2028, 3, 3))


@pytest.mark.story(
    "LG-S15",
    door="page",
    fr="Un cabinet qui s’est abonné en ligne voit ce que coûtent deux profils de plus jusqu’au terme ; un "
    "jour plus tard c’est un peu moins, et rien ne change avant qu’il paie.",
)
def test_a_plan_taken_online_shows_what_more_costs_before_it_is_more(browse, clock, shelves, now):
    """A practice that subscribed online sees what two profiles more cost to the end of its term; a day later
    a little less, and nothing changes before it pays.
    """
    bought(browse(None), shelves["cabinet"], PRACTICE, 5, method="transfer")
    with inside_operator():
        order = Order.objects.get()
    paid(order, now)
    live(clock, date(2026, 11, 16))
    with inside_operator():
        running = Subscription.objects.select_related("contact", "contract").get()
    page = url("portal_plan", running.pk)
    more = {"cabinet": "7"}
    live(clock, date(2027, 5, 17))
    first = read(visitor(browse, running.contact).post(page, more))
    assert "de 5 à 7" in first
    live(clock, date(2027, 5, 18))
    second = read(visitor(browse, running.contact).post(page, more))
    assert amount_in(second) < amount_in(first)
    agreed = more | {"confirm": "1", "method": "transfer", "terms": "on"}
    assert visitor(browse, running.contact).post(page, agreed).status_code == 302
    with inside_operator():
        assert Contract.objects.get(pk=running.contract_id).licences == 5
        extra = Order.objects.latest("confirmed_at")
    paid(extra, at(date(2027, 5, 19)))
    live(clock, date(2027, 5, 19))
    with inside_operator():
        assert Contract.objects.get(pk=running.contract_id).licences == 7


def amount_in(page):
    """Return what a page asks to pay now, in cents."""
    found = re.search(r"À payer maintenant ([\d ]+),(\d\d) €", page)
    assert found, page
    return int(found[1].replace(" ", "")) * 100 + int(found[2])


@pytest.mark.parametrize(
    ("signed_on", "ended_on", "adds"),
    [
        (date(2027, 8, 31), None, False),  # the last day of the term that is over
        (date(2027, 9, 1), None, True),
        (date(2027, 12, 1), date(2028, 1, 1), False),
    ],
)
def test_what_was_priced_for_a_term_adds_to_that_term_only(signed_on, ended_on, adds):
    over = [date(2026, 9, 1), date(2027, 9, 1)]
    assert is_of_this_term(signed_on=signed_on, earlier_ends=over, ended_on=ended_on) is adds


@pytest.mark.story(
    "LG-S15",
    door="page",
    fr="Une cliente ajoute douze profils en cours de terme : le montant affiché avec la TVA, arrondi profil "
    "par profil, est au centime celui de la facture.",
)
def test_the_amount_told_is_to_the_cent_what_is_invoiced(browse, clock, shelves, now):
    """A client adds twelve profiles during the term: the amount shown with VAT, rounded for each, is to the
    cent what is invoiced.
    """
    bought(browse(None), shelves["cabinet"], PRACTICE, 5, method="transfer")
    with inside_operator():
        order = Order.objects.get()
        Customer.objects.update(customer_type="consumer")
    paid(order, now)
    live(clock, date(2026, 11, 16), date(2027, 5, 18))
    with inside_operator():
        running = Subscription.objects.select_related("contact").get()
    page = url("portal_plan", running.pk)
    more = {"cabinet": "17"}
    told = amount_in(read(visitor(browse, running.contact).post(page, more)))
    agreed = more | {"confirm": "1", "method": "transfer", "terms": "on"}
    assert visitor(browse, running.contact).post(page, agreed).status_code == 302
    (invoice,) = rows_of(Invoice.objects.exclude(order=order))
    assert told == invoice.gross_cents
    assert told % 12 == 0  # so many times the price of one


@pytest.mark.parametrize(
    ("current", "before", "now", "agreed"),
    [
        (None, 3, 5, 3),  # as was agreed before the addition
        (None, None, 5, None),
        (4, 3, 5, 4),  # said since
        (6, None, 5, None),  # more than there are: as many as now
    ],
)
def test_what_was_agreed_for_the_next_term_holds_again(current, before, now, agreed):
    assert agreed_again(current=current, before=before, now=now) == agreed


@pytest.mark.story(
    "LG-S15",
    door="page",
    fr="Un cabinet a convenu de trois profils pour la suite, en ajoute deux, et sa banque reprend l’argent : "
    "les deux s’en vont, et le terme suivant est pour trois, comme convenu.",
)
def test_fewer_agreed_for_the_next_term_outlives_an_addition_taken_back(browse, clock, shelves, now):
    """A practice agreed on three profiles for the next term, adds two, and its bank takes the money back: the
    two go, and the next term is for three, as agreed.
    """
    bought(browse(None), shelves["cabinet"], PRACTICE, 5, method="transfer")
    with inside_operator():
        order = Order.objects.get()
    paid(order, now)
    live(clock, date(2026, 11, 16))
    with inside_operator():
        running = Subscription.objects.select_related("contact").get()
    page = url("portal_plan", running.pk)
    agreed = {"confirm": "1", "method": "transfer", "terms": "on"}
    assert visitor(browse, running.contact).post(page, agreed | {"cabinet": "3"}).status_code == 302
    assert visitor(browse, running.contact).post(page, agreed | {"cabinet": "7"}).status_code == 302
    with inside_operator():
        extra = Order.objects.latest("confirmed_at")
    paid(extra, at(date(2026, 11, 18)))
    with inside_operator():
        running.refresh_from_db()
        assert (running.contract.licences, running.next_quantity) == (7, 7)
        payment = extra.allocated_payments().get()
    live(clock, date(2026, 11, 20))
    back = {"bounce-on": "2026-11-19", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    with inside_operator():
        running = Subscription.objects.select_related("contract").get()
        assert (running.contract.licences, running.next_quantity) == (5, 3)
