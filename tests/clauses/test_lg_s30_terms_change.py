"""LG-S30: a substantial change is announced at least 30 days before the renewal it applies from.

An editorial one at once.
"""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.queries.subscriptions import terms_in_force
from contracts.policy.terms import TooSoon, binds_from, check_in_force
from isolation.context import inside_operator
from tenants.models import TermsNotice
from tests.billing.support import PUBLIC, rows_of, url
from tests.clauses.stage import desk, later, live, mails, plain, read, subscribed, visitor

TODAY = date(2026, 11, 16)
SALE = {"published_on": TODAY, "change": "LG-S30", "notice_days": 30}


def test_an_editorial_change_is_in_force_at_once():
    assert check_in_force(TODAY, is_substantial=False, **SALE) == TODAY


def test_a_substantial_one_thirty_days_later_at_the_earliest():
    assert check_in_force(date(2026, 12, 16), is_substantial=True, **SALE) == date(2026, 12, 16)
    with pytest.raises(TooSoon) as early:
        check_in_force(date(2026, 12, 15), is_substantial=True, **SALE)
    assert early.value.earliest == date(2026, 12, 16)


def test_nothing_is_in_force_before_it_is_published():
    with pytest.raises(TooSoon):
        check_in_force(date(2026, 11, 15), is_substantial=False, **SALE)


def test_where_terms_change_for_new_orders_only_nobody_is_kept_waiting():
    assert (
        check_in_force(TODAY, is_substantial=True, published_on=TODAY, change="MC-0", notice_days=0) == TODAY
    )


@pytest.mark.parametrize(
    ("renews_on", "found"),
    [
        (date(2026, 12, 15), None),  # 29 days after the notice: the one after
        (date(2026, 12, 16), date(2026, 12, 16)),  # 30 days
        (date(2027, 9, 1), date(2027, 9, 1)),
        (None, None),  # no renewal is known
    ],
)
def test_the_next_renewal_thirty_days_after_the_notice_binds(renews_on, found):
    values = {"noticed_on": TODAY, "in_force_on": date(2026, 12, 16), "notice_days": 30}
    assert binds_from(renews_on=renews_on, **values) == found


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_nobody_is_bound_by_what_they_were_not_told_of_in_time(noticed_on, until_force, until_renewal):
    in_force_on = noticed_on + timedelta(days=until_force)
    renews_on = noticed_on + timedelta(days=until_renewal)
    bound = binds_from(noticed_on=noticed_on, in_force_on=in_force_on, renews_on=renews_on, notice_days=30)
    assert bound is None or (bound - noticed_on).days >= 30
    assert bound is None or bound >= in_force_on


def terms_now():
    """Return the terms of sale of a school in force today."""
    with inside_operator():
        return terms_in_force("school", "fr", on=TODAY).pk


def published(browse, now, version, in_force_on):
    """Publish a substantial version of a school's terms of sale at the desk."""
    typed = {
        "kind": "sale",
        "profile": "school",
        "language": "fr",
        "version": version,
        "is_substantial": "yes",
        "in_force_on": in_force_on,
        "text": f"Un texte nouveau, version {version}.",
        "confirm": "1",
    }
    page = reverse("tenants:publish_terms", urlconf=PUBLIC)
    answer = desk(browse, now, "operator_administrator").post(page, typed)
    assert answer.status_code == 302, read(answer)


def terms_of(browse, school):
    """Return the version of the terms a school reads on its subscription's page."""
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    return re.search(r"Conditions de vente Version (\S+)", page)[1]


@pytest.mark.story(
    "LG-S30",
    door="mail",
    fr="L’avis de reconduction est déjà parti quand les conditions changent, trente-deux jours avant : le "
    "courriel dit qu’elles s’appliquent à cette reconduction, et c’est ce qui arrive.",
)
def test_what_the_mail_announces_is_what_binds(browse, clock, now):
    """The renewal notice has left already when the terms change, thirty-two days before: the mail says that
    they apply from that renewal, and so they do.
    """
    school = subscribed(now, terms=terms_now())
    live(clock, date(2027, 10, 12))
    assert len(mails("ce qui se passe le 16 novembre 2027")) == 1
    live(clock, date(2027, 10, 15))
    published(browse, now, "2027-10", "2027-11-15")
    later(clock, minutes=2)
    (told,) = mails("version 2027-10")
    assert "à partir de votre renouvellement du 16 novembre 2027" in plain(told.body)
    assert terms_of(browse, school) != "2027-10"
    live(clock, date(2027, 11, 16))
    assert terms_of(browse, school) == "2027-10"


@pytest.mark.story(
    "LG-S30",
    door="mail",
    fr="Le même courriel revient : on le note, un autre part aussitôt, vingt-sept jours avant ; il dit que "
    "les nouvelles conditions attendent, et l’école est reconduite sous les anciennes, puis un an plus tard "
    "sous les nouvelles.",
)
def test_a_mail_that_came_back_binds_nobody(browse, clock, now):
    """The same mail comes back: it is noted and another leaves at once, twenty-seven days before; it says
    that the new terms wait, and the school renews under the old ones, under the new ones a year later.
    """
    school = subscribed(now, terms=terms_now())
    live(clock, date(2027, 10, 12), date(2027, 10, 15))
    old = terms_of(browse, school)
    published(browse, now, "2027-10", "2027-11-15")
    later(clock, minutes=2)
    live(clock, date(2027, 10, 20))
    (notice,) = rows_of(TermsNotice.objects.all())
    assert desk(browse, now).post(url("terms_notice_bounce", notice.pk)).status_code == 302
    later(clock, minutes=2)
    _first, again = mails("version 2027-10")
    assert "au moins 30 jours" in plain(again.body)
    live(clock, date(2027, 11, 16))
    assert terms_of(browse, school) == old
    live(clock, date(2028, 10, 12), date(2028, 11, 16))
    assert terms_of(browse, school) == "2027-10"


@pytest.mark.story(
    "LG-S30",
    door="page",
    fr="Reconduite sous de nouvelles conditions, on apprend que leur avis n’était jamais arrivé : l’école "
    "garde les anciennes jusqu’à la reconduction suivante, et un nouvel avis part.",
)
def test_a_mail_known_to_have_come_back_after_the_renewal_bound_nobody(browse, clock, now):
    """Renewed under new terms, it turns out that their notice never arrived: the school keeps the old ones
    until the renewal after, and a new notice leaves.
    """
    school = subscribed(now, terms=terms_now())
    live(clock, date(2027, 10, 12), date(2027, 10, 15))
    old = terms_of(browse, school)
    published(browse, now, "2027-10", "2027-11-15")
    later(clock, minutes=2)
    live(clock, date(2027, 11, 16), date(2027, 11, 20))
    assert terms_of(browse, school) == "2027-10"
    (notice,) = rows_of(TermsNotice.objects.all())
    assert desk(browse, now).post(url("terms_notice_bounce", notice.pk)).status_code == 302
    later(clock, minutes=2)
    assert len(mails("version 2027-10")) == 2
    assert terms_of(browse, school) == old
    live(clock, date(2028, 10, 12), date(2028, 11, 16))
    assert terms_of(browse, school) == "2027-10"


@pytest.mark.story(
    "LG-S30",
    "LG-S14.2n",
    door="mail",
    fr="Les conditions changent avant l’avis de reconduction, qui les nomme ; reconduite, on apprend que "
    "leur propre courriel était revenu : l’avis de reconduction les avait dites, elles valent, et le nouveau "
    "courriel le dit.",
)
def test_terms_that_the_renewal_notice_named_bind_and_the_new_mail_says_so(browse, clock, now):
    """The terms change before the renewal notice, which names them; renewed, it turns out that their own mail
    had come back: the renewal notice had told them, they hold, and the new mail says so.
    """
    school = subscribed(now, terms=terms_now())
    live(clock, date(2027, 9, 1))
    published(browse, now, "2027-10", "2027-10-15")
    later(clock, minutes=2)
    (notice,) = rows_of(TermsNotice.objects.all())
    live(clock, date(2027, 10, 12), date(2027, 11, 16), date(2027, 11, 20))
    assert desk(browse, now).post(url("terms_notice_bounce", notice.pk)).status_code == 302
    later(clock, minutes=2)
    assert terms_of(browse, school) == "2027-10"
    again = mails("version 2027-10")[-1]
    assert "depuis votre renouvellement du 16 novembre 2027" in plain(again.body)
    assert "à partir de" not in plain(again.body)
