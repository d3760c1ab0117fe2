"""MC-1s: a product withdrawn from sale stays to the end of the subscription, and at least 6 months after the
notice.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.policy.catalogue import TooSoon, check_phaseout
from billing.models import Product, QuoteVersion, Subscription
from billing.money.policy.calendar_months import add_months
from billing.subscriptions.policy.renewal import Term, access_ends_on, is_last_term
from demo.factories.billing import ContactFactory, CustomerFactory
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, plain, read, subscribed, visitor

CLAUSE = "MC-1s"
TOLD = date(2026, 11, 16)
UNTIL = date(2027, 5, 16)


def ends(starts_on, months, renewal, **more):
    """Return when access ends of a subscription that began on a day, for so many months at a time."""
    first = Term(starts_on, add_months(starts_on, months), 1)
    told = {"activated_on": starts_on, "months": months, "access_until": UNTIL}
    return access_ends_on(first, renewal=renewal, **told | more)


@pytest.mark.parametrize(
    ("starts_on", "months", "renewal", "ends_on"),
    [
        (date(2026, 9, 1), 12, "automatic", date(2027, 9, 1)),  # paid for longer than the notice
        (date(2026, 1, 1), 12, "automatic", date(2028, 1, 1)),  # renewed before the six months are over
        (date(2026, 11, 1), 1, "automatic", date(2027, 6, 1)),  # month by month, past the six months
        (date(2026, 1, 1), 12, "fixed", date(2027, 1, 1)),  # a fixed term ends by itself, as it always did
    ],
)
def test_the_end_of_the_term_that_the_notice_reaches(starts_on, months, renewal, ends_on):
    assert ends(starts_on, months, renewal) == ends_on


def test_who_terminates_leaves_on_their_own_day():
    assert ends(date(2026, 1, 1), 12, "automatic", stops_on=date(2027, 1, 1)) == date(2027, 1, 1)


def test_less_than_six_months_is_refused():
    check_phaseout(announced_on=TOLD, access_until=UNTIL)
    with pytest.raises(TooSoon) as soon:
        check_phaseout(announced_on=TOLD, access_until=date(2027, 5, 15))
    assert soon.value.earliest == UNTIL


@given(told=st.dates(date(2020, 1, 1), date(2090, 1, 1)), months=st.integers(1, 24))
def test_nobody_who_renews_loses_access_within_six_months(told, months):
    until = add_months(told, 6)
    term = Term(told, add_months(told, months), 1)
    details = {"activated_on": told, "months": months, "renewal": "automatic", "access_until": until}
    found = access_ends_on(term, **details)
    assert found >= until
    assert is_last_term(found, access_until=until)
    assert not is_last_term(found, access_until=None)


def ended(subscription):
    """Return the day a subscription ended, and why."""
    (row,) = rows_of(Subscription.objects.filter(pk=subscription.pk))
    return row.ended_on, row.end_reason


@pytest.mark.story(
    "MC-1s",
    door="page",
    fr="Un produit est retiré : l’école à reconduction lit le 16 novembre 2028, celle à durée ferme le "
    "16 novembre 2027, celle qui s’abonne ensuite est prévenue aussitôt ; l’une résilie entre-temps, et "
    "chacune perd l’accès le jour annoncé ou le sien, aucune reconduction n’étant promise à tort.",
)
def test_each_is_told_the_day_on_which_access_really_ends(browse, clock, now):
    """A product is withdrawn: the school that renews reads 16 November 2028, the one of a fixed term 16
    November 2027, one that subscribes afterwards is told at once; one terminates meanwhile, and each loses
    access on the day told, or its own; no renewal is promised in vain.
    """
    automatic = subscribed(now)
    leaving = subscribed(now, school("Les Tilleuls"))
    fixed = subscribed(now, school("Les Saules"), renewal="fixed")
    live(clock, date(2027, 10, 1))
    with inside_operator():
        product = Product.objects.get(key="preau-ecole")
    typed = {
        "phaseout-sold_until": "2028-01-01",
        "phaseout-access_until": "2028-04-01",
        "phaseout-reason_fr": "Remplacé par un autre",
        "phaseout-reason_en": "Replaced",
    }
    answer = desk(browse, now).post(url("product_phaseout", product.pk), typed)
    assert answer.status_code == 302
    later(clock, minutes=2)
    told = {mail.to[0]: plain(mail.body) for mail in mails("retiré de la vente")}
    assert "jusqu’au 16 novembre 2028" in told[automatic.contact.email]
    assert "jusqu’au 16 novembre 2027" in told[fixed.contact.email]
    new = subscribed(live(clock, date(2027, 10, 15)), school("Les Ormes"))
    later(clock, minutes=2)
    (last,) = [plain(mail.body) for mail in mails("retiré de la vente") if mail.to[0] == new.contact.email]
    assert "jusqu’au 15 octobre 2028" in last
    home = visitor(browse, leaving.contact)
    assert home.post(url("portal_terminate", leaving.pk), {"confirm": "1"}).status_code == 302
    live(clock, date(2027, 11, 16), date(2028, 9, 12), date(2028, 10, 15), date(2028, 11, 16))
    assert mails("ce qui se passe le 15 octobre 2028") == []
    assert [ended(each) for each in (automatic, leaving, fixed, new)] == [
        (date(2028, 11, 16), "phased_out"),
        (date(2027, 11, 16), "button"),
        (date(2027, 11, 16), "term"),
        (date(2028, 10, 15), "phased_out"),
    ]
    (over,) = [each for each in mails("est terminé") if each.to[0] == automatic.contact.email]
    assert "réactiver" not in plain(over.body)


def school(name):
    """Return who signs for a school of that name."""
    with inside_operator():
        return ContactFactory(customer=CustomerFactory(name=name))


@pytest.mark.story(
    "MC-1s",
    door="page",
    fr="Un produit se retire de la vente : au terme fixe qui suit, personne n’est invité à le reprendre, "
    "et ni le client ni la maison ne peut préparer une année de plus.",
)
def test_a_fixed_term_of_what_was_withdrawn_is_not_offered_again(browse, clock, now):
    """A product is withdrawn from sale: at the end of the fixed term nobody is invited to go on, and neither
    the client nor the desk can prepare another year.
    """
    school = subscribed(now, renewal="fixed")
    live(clock, date(2027, 2, 1))
    with inside_operator():
        product = Product.objects.get(key="preau-ecole")
    typed = {"phaseout-sold_until": "2027-04-01", "phaseout-access_until": "2027-09-01"}
    typed |= {"phaseout-reason_fr": "Remplacé par un autre", "phaseout-reason_en": "Replaced"}
    assert desk(browse, now).post(url("product_phaseout", product.pk), typed).status_code == 302
    live(clock, date(2027, 4, 1), date(2027, 9, 1), date(2027, 10, 12), date(2027, 10, 17))
    assert not mails("que si vous en convenez")
    portal = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Renouveler" not in portal
    desk(browse, now).post(url("renewal_prepare", school.pk))
    assert len(rows_of(QuoteVersion.objects)) == 1
