"""Access to a whole tenant by hand: a ground, the notice it stands on, who is told, and what it closes."""

from datetime import date, timedelta

import pytest

from agenda.models import Obligation
from billing.models import Contact, Subscription, Suspension
from billing.subscriptions.policy.by_hand import CLIENT_ASKED, CONTRACT_OVER, why_not_ended
from isolation.context import inside_operator
from tenants.actions.keep_after_end import waiting_for
from tenants.middleware import forget_hosts
from tenants.models import Contract, Customer, Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, later, live, mails, plain, read, subscribed
from tests.tenants.families import Two

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browse, now):
    return desk(browse, now, "operator_administrator")


def place_of(school):
    return school.contract.tenant


def state(tenant):
    with inside_operator():
        return Tenant.objects.get(pk=tenant.pk).state


def without_subscription(school):
    """Let the contract of a school stand alone, as one opened by hand does."""
    with inside_operator():
        Subscription.objects.filter(pk=school.pk).update(ended_on=date(2026, 11, 16))


@pytest.mark.parametrize(
    ("ground", "subscribed", "in_force", "why"),
    [
        (CLIENT_ASKED, True, True, "subscribed"),
        (CONTRACT_OVER, True, False, "subscribed"),
        (CONTRACT_OVER, False, True, "in_force"),
        (CONTRACT_OVER, False, False, ""),
        (CLIENT_ASKED, False, True, ""),
    ],
)
def test_what_contracts_let_end_by_hand(ground, subscribed, in_force, why):
    assert why_not_ended(ground, subscribed=subscribed, in_force=in_force) == why


def test_a_ground_there_is_not_ends_nothing():
    with pytest.raises(ValueError, match="no such ground"):
        why_not_ended("because", subscribed=False, in_force=False)


def test_a_breach_is_told_first_and_a_danger_stops_access_at_once(admin, now, clock):
    school = subscribed(now)
    tenant = place_of(school)
    page = url("tenant_access", tenant.pk)
    breach = {"suspend-cause": "breach", "suspend-reason": "Comptes partagés"}
    assert admin.post(page, breach).status_code == 302
    assert state(tenant) == "open"
    later(clock, minutes=2)
    assert any("Comptes partagés" in plain(each.body) for each in mails(""))
    assert not mails("suspendu")
    assert "Comptes partagés" in read(admin.get(page))
    danger = {"suspend-cause": "danger", "suspend-reason": "Envois en masse"}
    assert admin.post(page, danger).status_code == 302
    assert state(tenant) == "suspended"
    later(clock, minutes=2)
    assert any("Envois en masse" in plain(each.body) for each in mails("suspendu"))
    with inside_operator():
        rows = {row.cause: row for row in Suspension.objects.all()}
    assert admin.post(url("tenant_lift", tenant.pk, rows["danger"].pk)).status_code == 302
    assert state(tenant) == "open"


def test_nothing_stops_without_a_ground_or_anybody_to_tell(admin, now):
    school = subscribed(now)
    tenant = place_of(school)
    page = url("tenant_access", tenant.pk)
    assert admin.post(page, {"suspend-cause": "danger", "suspend-reason": " "}).status_code == 422
    unpaid = {"suspend-cause": "unpaid", "suspend-reason": "Impayé"}
    assert admin.post(page, unpaid).status_code == 422
    with inside_operator():
        other = Customer.objects.create(name="Sans contact", email="x@y.example", created_at=now)
        Contract.objects.filter(pk=school.contract_id).update(customer=other)
        assert not Contact.objects.filter(customer=other).exists()
    answer = admin.post(page, {"suspend-cause": "danger", "suspend-reason": "Envois"})
    assert answer.status_code == 422
    assert "Sans contact" in answer.content.decode()
    assert state(tenant) == "open"


def test_a_subscription_ends_on_its_own_page_and_nowhere_else(admin, now):
    school = subscribed(now)
    tenant = place_of(school)
    assert url("subscription", school.pk) in admin.get(url("tenant_access", tenant.pk)).content.decode()
    asked = {"end-ground": CLIENT_ASKED, "end-reason": "Courrier du 3", "end-name": tenant.name}
    answer = admin.post(url("tenant_end", tenant.pk), asked)
    assert answer.status_code == 422
    assert state(tenant) == "open"


def test_a_contract_alone_ends_on_its_clients_word_and_they_are_told(admin, now, clock):
    school = subscribed(now)
    tenant = place_of(school)
    without_subscription(school)
    page = url("tenant_end", tenant.pk)
    asked = {"end-ground": CONTRACT_OVER, "end-reason": "Terme", "end-name": tenant.name}
    answer = admin.post(page, asked)
    assert answer.status_code == 422
    assert "en vigueur" in answer.content.decode()
    asked |= {"end-ground": CLIENT_ASKED, "end-reason": "lettre du 3 novembre"}
    assert admin.post(page, asked | {"end-name": "autre"}).status_code == 422
    assert admin.post(page, asked).status_code == 302
    assert state(tenant) == "ended"
    later(clock, minutes=2)
    with inside_operator():
        promise = waiting_for(tenant.pk).get()
    told = plain(mails(tenant.name)[-1].body)
    assert "lettre du 3 novembre" in told
    assert str(promise.run_at.year) in told
    assert admin.post(page, asked).status_code == 302  # ended meanwhile: said, nothing done twice


def test_what_is_left_goes_on_written_instruction_only_and_can_be_taken_back(admin, now, clock):
    school = subscribed(now)
    tenant = place_of(school)
    page = url("tenant_delete", tenant.pk)
    word = {"delete-instruction": "M. le maire, lettre du 2", "delete-name": tenant.name}
    assert admin.post(page, word).status_code == 302  # not ended: nothing is promised
    with inside_operator():
        assert not waiting_for(tenant.pk).exists()
    without_subscription(school)
    asked = {"end-ground": CLIENT_ASKED, "end-reason": "lettre", "end-name": tenant.name}
    admin.post(url("tenant_end", tenant.pk), asked)
    assert admin.post(page, word | {"delete-instruction": ""}).status_code == 422
    assert admin.post(page, word).status_code == 302
    later(clock, minutes=2)
    (told,) = mails("sous 24 heures")
    assert "12 heures" in plain(told.body)
    with inside_operator():
        promise = waiting_for(tenant.pk).get()
        assert Obligation.objects.get(pk=promise.pk).due_at - now <= timedelta(hours=25)
    assert "tout est supprimé" in read(admin.get(url("tenant_access", tenant.pk))).lower()
    live(clock, date(2026, 11, 18))
    assert state(tenant) == "erased"


def test_a_tenant_many_share_says_what_it_closes_and_asks_its_name(admin, now, clock):
    forget_hosts()
    two = Two(now)
    page = url("tenant_access", two.tenant.pk)
    assert "2 foyers" in read(admin.get(page))
    breach = {"suspend-cause": "breach", "suspend-reason": "x", "suspend-name": two.tenant.name}
    assert admin.post(page, breach).status_code == 422  # whose?
    danger = breach | {"suspend-cause": "danger"}
    assert admin.post(page, danger | {"suspend-name": "x"}).status_code == 422
    assert admin.post(page, danger).status_code == 302
    assert [two.state(0), two.state(1)] == ["suspended", "suspended"]
    one = danger | {"suspend-customer": str(two.orders[0].customer_id)}
    with inside_operator():
        first = Suspension.objects.get(customer=two.orders[0].customer)
    assert admin.post(url("tenant_lift", two.tenant.pk, first.pk)).status_code == 302
    assert [two.state(0), two.state(1)] == ["open", "suspended"]
    assert admin.post(page, one).status_code == 302
    assert two.state(0) == "suspended"
    forget_hosts()
