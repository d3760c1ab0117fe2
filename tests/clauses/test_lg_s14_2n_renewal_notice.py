"""LG-S14.2n: announced at least 30 days ahead, with the price and terms that apply.

Else the old ones renew.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.core import mail

from billing.catalogue.policy.discount import Discount
from billing.models import Invoice, Order, Payment, QuoteVersion, Refund, RenewalNotice
from billing.subscriptions.policy.renewal import (
    Announcement,
    Term,
    announced_in_confirmation,
    applies_at,
    notice_due_on,
    overcharged,
)
from contracts.registry import profile
from isolation.context import inside_operator
from tests.billing.carts import dear
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, later, live, mails, paid, plain, read, sign, subscribed, visitor
from tests.clauses.test_lg_s5_2d_a_credited_line_opens_nothing import two_schools
from tests.clauses.test_lg_s5_2d_amendments_and_specific_terms import amendment

CLAUSE = "LG-S14.2n"
RULES = profile("school", on=date(2026, 9, 1)).renewal
RENEWS = date(2027, 9, 1)
OLD = Announcement(date(2026, 9, 1), 12_00, "1.0")


def test_a_year_is_announced_thirty_days_before_its_end():
    assert notice_due_on(Term(date(2026, 9, 1), RENEWS), renewal=RULES) == date(2027, 8, 2)


@pytest.mark.parametrize(
    ("starts", "ends", "due"),
    [
        (date(2027, 2, 1), date(2027, 3, 1), date(2027, 1, 30)),  # 28 days: during the period before
        (date(2027, 1, 1), date(2027, 2, 1), date(2027, 1, 1)),
    ],
)
def test_a_month_is_announced_during_the_period_before(starts, ends, due):
    assert notice_due_on(Term(starts, ends, 4), renewal=RULES) == due


def test_the_first_month_is_announced_in_the_order_confirmation():
    assert announced_in_confirmation(Term(date(2027, 1, 1), date(2027, 2, 1)), renewal=RULES)
    assert not announced_in_confirmation(Term(date(2027, 1, 1), date(2027, 2, 1), 2), renewal=RULES)
    assert not announced_in_confirmation(Term(date(2027, 1, 1), date(2028, 1, 1)), renewal=RULES)


@pytest.mark.parametrize(("sent", "price"), [(date(2027, 8, 2), 15_00), (date(2027, 8, 3), 12_00)])
def test_a_new_price_told_a_day_too_late_waits(sent, price):
    new = Announcement(sent, 15_00, "2.0")
    assert applies_at(RENEWS, current=OLD, announced=[new], renewal=RULES).unit_net_cents == price


def test_the_last_notice_in_time_counts_and_none_renews_as_it_was():
    told = [Announcement(date(2027, 6, 1), 14_00), Announcement(date(2027, 7, 1), 13_50)]
    assert applies_at(RENEWS, current=OLD, announced=told, renewal=RULES).unit_net_cents == 13_50
    assert applies_at(RENEWS, current=OLD, announced=[], renewal=RULES) is OLD


@pytest.mark.story(
    "LG-S14.2n",
    door="agenda",
    fr="L’école apprend à temps qu’elle sera reconduite le 16 novembre à 4,90 € ; le tarif double le "
    "1er : trop tard pour l’annoncer, elle est reconduite à 4,90 €, et le nouveau prix attend "
    "l’année suivante, annoncé à son tour.",
)
def test_a_price_raised_after_the_notice_waits_for_the_renewal_after(browse, clock, now):
    """A school is told in time that it renews on 16 November at 4.90 EUR; the list price doubles on the 1st:
    too late to be told, it renews at 4.90, and the new price waits a year, told in its turn.
    """
    school = subscribed(now)
    page = url("portal_subscription", school.pk)
    live(clock, date(2027, 10, 17))
    (told,) = mails("ce qui se passe le 16 novembre 2027")
    assert "4,90 €" in plain(told.body)
    live(clock, date(2027, 11, 1))
    dear("preau-ecole", 980)
    live(clock, date(2027, 11, 16))
    assert "Prix unitaire HT 4,90 €" in read(visitor(browse, school.contact).get(page))
    live(clock, date(2028, 10, 17), date(2028, 11, 16))
    (told,) = mails("ce qui se passe le 16 novembre 2028")
    assert "9,80 €" in plain(told.body)
    assert "Prix unitaire HT 9,80 €" in read(visitor(browse, school.contact).get(page))


@pytest.mark.story(
    "LG-S14.2n",
    door="agenda",
    fr="Le tarif double un mois et demi avant la reconduction, mais la messagerie est en panne : "
    "personne n’a rien su, l’école est reconduite à l’ancien prix.",
)
def test_a_notice_that_never_left_raises_no_price(browse, clock, now, monkeypatch):
    """The list price doubles six weeks before the renewal, but no mail leaves: nobody knew, the school is
    renewed at the old price.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 1))
    dear("preau-ecole", 980)

    def refuse(*_args, **_options):
        raise OSError("no route to the mail server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Commence le 16 novembre 2027" in page
    assert "Prix unitaire HT 4,90 €" in page


@pytest.mark.story(
    "LG-S14.2n",
    "LG-S15",
    door="page",
    fr="Douze licences de plus payées après l’avis : un autre avis part, au même prix, pour ce qui sera "
    "reconduit ; la banque reprend leur virement, un troisième le dit.",
)
def test_what_is_added_after_the_notice_is_announced_anew_and_what_leaves_too(browse, clock, now):
    """Twelve licences more are paid after the notice: another one leaves, at the same price, for what will
    renew; the bank takes their transfer back, and a third one says so.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 17))
    dear("preau-ecole", 980)  # too late to be told
    live(clock, date(2027, 10, 28))
    version = amendment(school.contract, at(date(2027, 10, 28)), 12)
    assert sign(visitor(browse, version.quote.contact), version).status_code == 200
    money = transferred(browse, now, version, "2027-10-28")
    later(clock, minutes=2)
    first, second = (plain(each.body) for each in mails("ce qui se passe le 16 novembre 2027"))
    assert "pour 218" in first
    assert "pour 230" in second
    assert "4,90 €" in second
    assert "prend la place de celui du 17 octobre 2027" in second
    live(clock, date(2027, 11, 3))
    taken_back = {"bounce-on": "2027-11-03", "bounce-reason": "provision insuffisante"}
    assert desk(browse, now).post(url("payment_bounce", money.pk), taken_back).status_code == 302
    later(clock, minutes=2)
    *_, third = (plain(each.body) for each in mails("ce qui se passe le 16 novembre 2027"))
    assert "pour 218" in third
    assert "prend la place de celui du 28 octobre 2027" in third


@pytest.mark.story(
    "LG-S14.2n",
    door="page",
    fr="Reconduction signée et payée, puis douze licences de plus pour la fin du terme : aucun avis "
    "ne dit que l’abonnement s’arrête.",
)
def test_what_was_agreed_to_already_is_announced_no_more(browse, clock, now):
    """The renewal is signed and paid, then twelve licences more for the rest of the term: no notice says that
    the subscription ends.
    """
    school = subscribed(now, renewal="fixed")
    live(clock, date(2027, 10, 12), date(2027, 10, 17))
    quote = desk(browse, now).post(url("renewal_prepare", school.pk))
    desk(browse, now).post(f"{quote.url}send/")
    (version,) = rows_of(QuoteVersion.objects.filter(state="sent"))
    sign(visitor(browse, school.contact), version)
    (order,) = rows_of(Order.objects.filter(version=version))
    paid(order, live(clock, date(2027, 10, 20)))
    later(clock, minutes=2)
    told = len(mails("ce qui se passe le 16 novembre 2027"))
    live(clock, date(2027, 10, 28))
    more = amendment(school.contract, at(date(2027, 10, 28)), 12)
    assert sign(visitor(browse, school.contact), more).status_code == 200
    transferred(browse, now, more, "2027-10-28")
    later(clock, minutes=2)
    assert len(mails("ce qui se passe le 16 novembre 2027")) == told


@pytest.mark.story(
    "LG-S14.2n",
    "LG-S15",
    door="page",
    fr="Le tarif double après l’avis et une licence de plus est payée à temps pour un autre : il part "
    "au prix annoncé, qui s’applique.",
)
def test_one_licence_more_raises_nobodys_price(browse, clock, now):
    """The list price doubles after the notice, and one licence more is paid while another could be told: the
    notice leaves at the price that was announced, and that one applies.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 12))
    (first,) = mails("ce qui se passe le 16 novembre 2027")
    live(clock, date(2027, 10, 14))
    dear("preau-ecole", 980)
    more = amendment(school.contract, at(date(2027, 10, 14)), 1)
    assert sign(visitor(browse, school.contact), more).status_code == 200
    transferred(browse, now, more, "2027-10-14")
    later(clock, minutes=2)
    _first, second = (plain(each.body) for each in mails("ce qui se passe le 16 novembre 2027"))
    assert "4,90 €" in second
    assert "9,80 €" not in second
    live(clock, date(2027, 11, 16))
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Prix unitaire HT 4,90 €" in page


def transferred(browse, now, version, day):
    """Return the credited transfer of a day that finance records for the invoice of a version."""
    (invoice,) = rows_of(Invoice.objects.filter(order__version=version))
    money = {"invoice": str(invoice.pk), "method": "transfer", "received_on": day, "credited_on": day}
    money |= {"amount": f"{invoice.gross_cents / 100:.2f}"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    with inside_operator():
        return Payment.objects.filter(allocations__invoice=invoice).latest("created_at")


@pytest.mark.story(
    "LG-S14.2n",
    door="page",
    fr="L’avis d’un tarif doublé revient à l’envoyeur : on le note, un autre part aussitôt, trop tard pour "
    "le nouveau prix ; l’école est reconduite à l’ancien et le nouvel avis le dit.",
)
def test_a_notice_that_came_back_announces_nothing(browse, clock, now):
    """The notice of a doubled price comes back: it is noted and another leaves at once, too late for the new
    price; the school is renewed at the old one, and the new notice says so.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 1))
    dear("preau-ecole", 980)
    live(clock, date(2027, 10, 12))
    (notice,) = rows_of(RenewalNotice.objects.all())
    assert notice.unit_net_cents == 980
    live(clock, date(2027, 10, 25))
    assert desk(browse, now).post(url("renewal_notice_bounce", notice.pk)).status_code == 302
    live(clock, date(2027, 10, 26))
    first, second = rows_of(RenewalNotice.objects.order_by("created_at"))
    assert first.bounced_on == date(2027, 10, 25)
    assert second.unit_net_cents == 490
    assert len(mails("ce qui se passe le 16 novembre 2027")) == 2
    live(clock, date(2027, 11, 16))
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Prix unitaire HT 4,90 €" in page


@pytest.mark.parametrize(("asked", "told", "cents"), [(980, 490, 20 * 490), (490, 490, 0), (400, 490, 0)])
def test_a_renewal_asks_no_more_than_was_told_in_time(asked, told, cents):
    assert overcharged(20, asked_cents=asked, told_cents=told) == cents


@pytest.mark.story(
    "LG-S14.2n",
    door="page",
    fr="Reconduite au tarif doublé, payée, on apprend que l’avis n’était jamais arrivé : l’école garde "
    "l’ancien prix, la différence est créditée et rendue, et la reconduction suivante est annoncée à temps.",
)
def test_a_notice_known_to_have_come_back_after_the_renewal_raised_no_price(browse, clock, now):
    """Renewed at a doubled price and paid, it turns out that the notice never arrived: the school keeps the
    old price, the difference is credited and given back, and the next renewal is announced in time.
    """
    school = subscribed(now)
    live(clock, date(2027, 10, 1))
    dear("preau-ecole", 980)
    live(clock, date(2027, 10, 12), date(2027, 11, 16))
    (notice,) = rows_of(RenewalNotice.objects.filter(renews_on=date(2027, 11, 16)))
    with inside_operator():
        order = school.term.order
        invoice = Invoice.objects.get(order=order)
    assert invoice.net_cents == 218 * 980
    paid(order, at(date(2027, 11, 18)))
    live(clock, date(2027, 11, 20))
    desked = url("subscription", school.pk)
    bounce = url("renewal_notice_bounce", notice.pk)
    assert bounce in desk(browse, now).get(desked).content.decode()
    assert desk(browse, now).post(bounce).status_code == 302
    live(clock, date(2027, 11, 21))
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Prix unitaire HT 4,90 €" in page
    (note,) = rows_of(Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE))
    assert abs(note.net_cents) == 218 * 490
    (refund,) = rows_of(Refund.objects.all())
    assert refund.amount_cents == abs(note.gross_cents)
    assert len(mails("garde ses conditions")) == 1
    live(clock, date(2028, 10, 12), date(2028, 11, 16))
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Prix unitaire HT 9,80 €" in page


@pytest.mark.story(
    "LG-S14.2n",
    door="mail",
    fr="Une commune a deux écoles au même produit : chaque annonce de renouvellement dit laquelle.",
)
def test_the_notice_of_one_of_two_schools_names_it(db, clock, now):
    """A town has two schools with the same product: each notice of renewal says which one it is about."""
    paid(two_schools(now, renewal="automatic"), now)
    mail.outbox.clear()
    live(clock, date(2027, 10, 12), date(2027, 10, 16))
    told = " ".join(plain(f"{each.subject} {each.body}") for each in mails(""))
    assert "École du Bac" in told
    assert "École du Pré" in told


def test_a_discount_that_ends_with_its_period_is_said_in_the_notice(browse, clock, now):
    with inside_operator():
        school = subscribed(now, discount=Discount(pct=Decimal(20)))
    live(clock, date(2027, 10, 17), date(2027, 10, 18))
    (notice,) = mails("ce qui")
    assert "La remise de la période en cours s’arrête avec elle." in plain(notice.body)
    assert school.renewal == "automatic"


def test_a_notice_without_a_discount_says_none(browse, clock, now):
    subscribed(now)
    live(clock, date(2027, 10, 17), date(2027, 10, 18))
    (notice,) = mails("ce qui")
    assert "remise" not in plain(notice.body)
