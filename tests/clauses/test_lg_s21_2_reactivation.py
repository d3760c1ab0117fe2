"""LG-S21.2: for as long as its data are kept, two years, an ended subscription may begin again."""

from datetime import date, timedelta

import pytest

from billing.models import Order, Subscription
from billing.subscriptions.policy.renewals import can_reactivate, reactivable_until
from classrooms.models import Student
from contracts.policy.profiles import KeptPeriod
from demo.factories.billing import ContactFactory
from demo.factories.classrooms import StudentFactory
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tenants.middleware import forget_hosts
from tenants.models import Tenant
from tenants.policy.keeping import reopening
from tests.billing.support import url
from tests.clauses.stage import at, desk, later, live, mails, paid, read, subscribed, visitor

ENDED = date(2026, 11, 16)


def test_two_years_after_the_end():
    assert reactivable_until(ENDED, kept=KeptPeriod(years=2)) == date(2028, 11, 16)


@pytest.mark.parametrize(
    ("today", "may"),
    [
        (date(2026, 11, 15), False),
        (ENDED, True),
        (date(2028, 11, 15), True),
        (date(2028, 11, 16), False),
    ],
)
def test_as_long_as_the_data_are_kept(today, may):
    assert can_reactivate(ENDED, kept=KeptPeriod(years=2), today=today, runs_elsewise=False) is may


def test_neither_what_runs_nor_what_began_again_elsewhere():
    assert not can_reactivate(None, kept=KeptPeriod(years=2), today=ENDED, runs_elsewise=False)
    assert not can_reactivate(ENDED, kept=KeptPeriod(years=2), today=ENDED, runs_elsewise=True)


def test_a_profile_that_keeps_nothing_has_no_way_back():
    assert not can_reactivate(ENDED, kept=KeptPeriod(), today=ENDED, runs_elsewise=False)


@pytest.mark.parametrize(
    ("state", "asked", "what"),
    [
        ("ended", False, "again"),
        ("ended", True, "wait"),  # the controller's word stands until it is taken back
        ("erased", False, "anew"),
        ("open", False, "as_it_is"),
        ("suspended", False, "as_it_is"),
    ],
)
def test_what_a_paid_reactivation_does(state, asked, what):
    assert reopening(state, is_deletion_asked=asked) == what


class Ended:
    """A school whose term is over, its head who had all of it deleted, its buyer who pays for it again."""

    def __init__(self, browse, clock):
        self.browse, self.clock = browse, clock
        with inside_operator():
            self.contact = ContactFactory()
        school = subscribed(at(date(2025, 11, 16), 9), self.contact, renewal="fixed", quantity=20)
        self.tenant = school.contract.tenant
        with inside_operator():
            Order.objects.filter(pk=school.order_id).update(version=None)  # as it is bought online
        with inside(self.tenant):
            since = at(date(2025, 11, 16))
            self.head = person_with("administrator", now=since, email="direction@erables.example")
            StudentFactory()
        self.old = school
        live(clock, ENDED)
        forget_hosts()

    def head_page(self):
        return self.browse(self.tenant, self.head)

    def ordered(self, day):
        page = visitor(self.browse, self.contact)
        wanted = {"quantity": "20", "method": "transfer", "terms": "on"}
        assert page.post(url("portal_renew", self.old.pk), wanted).status_code == 302
        with inside_operator():
            order = Order.objects.latest("confirmed_at")
        self.clock.move_to(at(day, 14))
        paid(order, at(day, 14))
        later(self.clock, minutes=1)
        return order

    def order_now(self, order):
        with inside_operator():
            order.refresh_from_db()
            places = [one.contract.tenant for one in Subscription.objects.filter(order=order)]
            return order.state, places

    def state(self):
        with inside_operator():
            return Tenant.objects.get(pk=self.tenant.pk).state


@pytest.fixture
def ended(browse, clock, now):
    yield Ended(browse, clock)
    forget_hosts()


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S21.2",
    door="page",
    fr="La directrice fait tout supprimer, puis la mairie paie une réactivation : rien ne s’ouvre et rien "
    "n’est gardé sans elle ; les deux sont prévenues, et tout rouvre dès qu’elle reprend sa décision.",
)
def test_a_reactivation_waits_while_an_early_deletion_stands(ended):
    day = date(2026, 11, 20)
    live(ended.clock, day)
    name = {"confirm_name": ended.tenant.name}
    assert ended.head_page().post("/privacy/end/delete/", name).status_code == 302
    order = ended.ordered(day)
    assert (ended.state(), ended.order_now(order)) == ("ended", ("funded", []))
    assert len(mails("ouverture en attente")) == 1
    (asked,) = mails("ou rouvrir")
    assert asked.to == [ended.head.email]
    assert "/privacy/end/" in asked.body
    buyer = visitor(ended.browse, ended.contact)
    assert "ouverture en attente" in read(buyer.get(url("portal_order", order.pk)))
    assert "ouverture en attente" in read(desk(ended.browse, at(day)).get(url("order", order.pk)))
    assert ended.head_page().post("/privacy/end/keep/").status_code == 302
    later(ended.clock, minutes=1)
    later(ended.clock, minutes=1)
    state, (place,) = ended.order_now(order)
    assert (state, place.pk, ended.state()) == ("open", ended.tenant.pk, "open")
    with inside(ended.tenant):
        assert Student.objects.count() == 1
    live(ended.clock, day + timedelta(days=2))
    assert ended.state() == "open"


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S21.2",
    door="agenda",
    fr="La directrice fait tout supprimer et ne revient pas dessus : la suppression a lieu, et la "
    "réactivation payée entre-temps ouvre une école vide à la même adresse.",
)
def test_a_reactivation_opens_an_empty_school_once_the_early_deletion_is_done(ended):
    day = date(2026, 11, 20)
    live(ended.clock, day)
    assert (
        ended.head_page().post("/privacy/end/delete/", {"confirm_name": ended.tenant.name}).status_code == 302
    )
    order = ended.ordered(day)
    live(ended.clock, day + timedelta(days=1))
    later(ended.clock, minutes=1)
    later(ended.clock, minutes=1)
    assert ended.state() == "erased"
    state, (place,) = ended.order_now(order)
    assert (state, place.state, place.slug) == ("open", "open", ended.tenant.slug)
    assert place.pk != ended.tenant.pk
    with inside(place):
        assert not Student.objects.exists()
    assert ended.contact.email in {each for mail in mails("") for each in mail.to}


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S21.2",
    door="page",
    fr="La réactivation est payée d’abord et rouvre l’école : plus rien n’est à supprimer d’avance.",
)
def test_paid_before_anything_is_asked_it_opens_at_once(ended):
    day = date(2026, 11, 20)
    live(ended.clock, day)
    order = ended.ordered(day)
    assert (ended.state(), ended.order_now(order)[0]) == ("open", "open")
    ended.head_page().post("/privacy/end/delete/", {"confirm_name": ended.tenant.name})
    live(ended.clock, day + timedelta(days=2))
    assert ended.state() == "open"
