"""LG-S14.2f: a fixed term ends by itself; it renews only by express agreement."""

from datetime import date, timedelta

import pytest

from billing.models import Order, Payment, QuoteVersion
from billing.subscriptions.policy.renewal import Term, end_told_by, renews_automatically
from contracts.registry import profile
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, paid, plain, read, sign, subscribed, visitor
from tests.clauses.test_lg_s20_3e_not_begun import renewal_signed

CLAUSE = "LG-S14.2f"


def test_a_fixed_term_never_renews_by_itself():
    assert not renews_automatically("fixed", terminated_on=None, ends_on=date(2027, 11, 19))


@pytest.mark.story(
    "LG-S14.2f",
    door="page",
    fr="Deux écoles à durée ferme reçoivent leur devis de renouvellement : celle qui le signe et le "
    "paie continue un an ; celle qui le reçoit sans le signer voit son abonnement prendre fin de "
    "lui-même, et rien ne lui est facturé.",
)
def test_only_the_school_that_agreed_and_paid_goes_on_after_its_fixed_term(browse, clock, now):
    """Two schools with a fixed term are sent their renewal quote: the one that signs and pays goes on for a
    year; the one that gets it without signing sees its subscription end by itself, and is invoiced
    nothing.
    """
    willing, silent = (subscribed(now, renewal="fixed") for _ in range(2))
    live(clock, date(2027, 10, 17))
    finance = desk(browse, now)
    for each in (willing, silent):
        quote = finance.post(url("renewal_prepare", each.pk))
        finance.post(f"{quote.url}send/")
    versions = {
        row.quote.customer_id: row
        for row in rows_of(QuoteVersion.objects.filter(state="sent").select_related("quote"))
    }
    buyer = visitor(browse, willing.contact)
    assert "commande est ferme" in read(sign(buyer, versions[willing.customer_id]))
    (order,) = rows_of(Order.objects.filter(version=versions[willing.customer_id]))
    paid(order, live(clock, date(2027, 11, 2)))
    live(clock, date(2027, 11, 16))
    goes_on = read(visitor(browse, willing.contact).get(url("portal_subscription", willing.pk)))
    assert "Commence le 16 novembre 2027 Premier jour après 16 novembre 2028" in goes_on
    ended = visitor(browse, silent.contact)
    assert "terminé" in read(ended.get(url("portal_subscription", silent.pk)))[:90]
    assert "FA-2027" not in read(ended.get(url("portal_invoices")))


@pytest.mark.story(
    "LG-S14.2f",
    door="page",
    fr="L’école signe et paie son renouvellement, puis sa banque reprend l’argent : à l’échéance, "
    "l’abonnement prend fin de lui-même.",
)
def test_a_renewal_whose_payment_was_taken_back_does_not_begin(browse, clock, now):
    """A school signs and pays its renewal, then its bank takes the money back: at the end of the term the
    subscription ends by itself.
    """
    school = subscribed(now, renewal="fixed")
    live(clock, date(2027, 10, 17))
    quote = desk(browse, now).post(url("renewal_prepare", school.pk))
    desk(browse, now).post(f"{quote.url}send/")
    (version,) = rows_of(QuoteVersion.objects.filter(state="sent"))
    sign(visitor(browse, school.contact), version)
    (order,) = rows_of(Order.objects.filter(version=version))
    invoice = paid(order, live(clock, date(2027, 10, 20)))
    (payment,) = rows_of(Payment.objects.filter(allocations__invoice=invoice))
    taken_back = {"bounce-on": "2027-10-21", "bounce-reason": "provision insuffisante"}
    live(clock, date(2027, 10, 21))
    answer = desk(browse, now).post(url("payment_bounce", payment.pk), taken_back)
    assert answer.status_code == 302
    live(clock, date(2027, 11, 16))
    ended = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "terminé" in ended[:90]


@pytest.mark.story(
    "LG-S14.2f",
    "LG-S5.2d",
    door="page",
    fr="Un renouvellement payé est dit payé, et la prévision du chiffre d’affaires le compte.",
)
def test_a_renewal_that_is_paid_goes_on_in_the_forecast(browse, clock, now):
    """A renewal that is paid is said to go on, in the forecast of revenue too."""
    school = subscribed(now, renewal="fixed")
    order = renewal_signed(browse, clock, now, school)
    paid(order, live(clock, date(2027, 10, 20)))
    live(clock, date(2027, 10, 20), hour=14)
    page = read(desk(browse, now).get(url("revenue")))
    assert "convenu" in page
    shown = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "est payé" in shown


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "day"),
    [
        (date(2026, 11, 16), date(2027, 11, 16), date(2027, 10, 17)),
        (date(2026, 11, 13), date(2026, 12, 13), date(2026, 11, 28)),  # a month: its middle
        (date(2027, 2, 1), date(2027, 3, 1), date(2027, 2, 15)),
        (date(2027, 1, 1), date(2027, 3, 1), date(2027, 1, 30)),
    ],
)
def test_the_end_of_a_fixed_term_is_told_thirty_days_before_or_in_its_middle(starts_on, ends_on, day):
    rules = profile("school", on=starts_on).renewal
    assert end_told_by(Term(starts_on, ends_on), renewal=rules) == day


@pytest.mark.story(
    "LG-S14.2f",
    door="agenda",
    fr="Un mois à durée ferme, commencé le 16 novembre : un seul courriel, qui dit le 16 décembre, et avant "
    "ce jour ; le mois fini, l’abonnement l’est aussi, et rien n’a parlé de janvier.",
)
@pytest.mark.django_db
def test_a_fixed_month_is_told_its_own_end_and_no_other(browse, clock, now):
    """A fixed month, begun on 16 November: one mail, which says 16 December, and before that day; the month
    over, so is the subscription, and nothing spoke of January.
    """
    month = subscribed(now, renewal="fixed", term_months=1)
    with inside_operator():
        ends_on = month.term.ends_on
    live(clock, *(now.date() + timedelta(days=n) for n in range(1, 30)))
    told = mails("ce qui se passe le")
    said = " ".join(plain(f"{each.subject} {each.body}") for each in told)
    assert len(told) == 1
    assert "16 décembre 2026" in said
    assert "janvier" not in said
    live(clock, ends_on, ends_on + timedelta(days=1))
    with inside_operator():
        month.refresh_from_db()
    assert month.ended_on == date(2026, 12, 16)
    assert len(mails("ce qui se passe le")) == 1
