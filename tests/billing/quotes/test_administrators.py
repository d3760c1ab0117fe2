"""A school's new administrator: asked for by the operator, confirmed by its client's signatory."""

from datetime import UTC, date, datetime

import pytest

from audit.models import Entry
from billing.models import AdministratorDemand, Contact
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.models import Invitation, Person
from tenants.models import Contract, Customer
from tests.billing.support import url
from tests.clauses.stage import desk, later, live, mails, plain, read, subscribed, visitor

pytestmark = pytest.mark.django_db

NEW = "marie.nouvelle@ecole.example"


@pytest.fixture
def admin(browse, now):
    return desk(browse, now, "operator_administrator")


@pytest.fixture
def school(now):
    """A subscribed school with an administrator; its contact signs for the client."""
    found = subscribed(now)
    with inside_operator():
        contact = found.contact
        Customer.objects.filter(pk=contact.customer_id).update(
            signatory=f"{contact.first_name} {contact.last_name}"
        )
        tenant = Contract.objects.select_related("tenant").get(pk=found.contract_id).tenant
    with inside(tenant):
        person_with("administrator", now=now, email="ancien@ecole.example")
    found.place = tenant
    return found


def asked(admin, school, **more):
    word = {"signatory": str(school.contact.pk), "document": "Lettre du 12 novembre", "email": NEW} | more
    return admin.post(url("administrator_new", school.place.pk), word)


def invited(school):
    with inside(school.place):
        return [row.state(datetime.now(UTC)) for row in Invitation.objects.filter(email=NEW)]


def demand():
    with inside_operator():
        return AdministratorDemand.objects.get()


def test_nothing_opens_before_the_signatory_confirms_and_everybody_is_told(admin, browse, now, clock, school):
    assert asked(admin, school, close_former="on").status_code == 302
    assert invited(school) == ["expired"]
    later(clock, minutes=2)
    assert not [m for m in mails("") if m.to == [NEW]]
    assert [m.to for m in mails("demandé") if m.to == ["ancien@ecole.example"]]
    (to_confirm,) = mails("confirmez le nouvel administrateur")
    assert to_confirm.to == [school.contact.email]
    portal = visitor(browse, school.contact)
    page = url("portal_administrator", demand().pk)
    words = read(portal.get(page))
    assert NEW in words
    assert "Lettre du 12 novembre" in words
    assert portal.post(page).status_code == 302
    later(clock, minutes=2)
    assert invited(school) == ["open"]
    assert [m for m in mails("") if m.to == [NEW]]
    (named,) = [m for m in mails("est nommé") if m.to == ["ancien@ecole.example"]]
    assert "Votre compte y est fermé" in plain(named.body)
    with inside(school.place):
        assert not Person.objects.get(email="ancien@ecole.example").is_active
    assert portal.post(page).status_code == 302  # answered already: said, nothing is sent twice
    assert "confirmée" in read(admin.get(url("administrator_new", school.place.pk)))


def test_the_operators_trail_never_names_whom_it_invites(admin, browse, now, school):
    asked(admin, school, close_former="on")
    visitor(browse, school.contact).post(url("portal_administrator", demand().pk))
    with inside(school.place):
        invitation = Invitation.objects.get(email=NEW)
        first, named = (
            Entry.objects.get(verb=verb) for verb in ("administrator.asked_for", "administrator.named")
        )
        assert first.personal.part == {"email": NEW, "document": "Lettre du 12 novembre"}
        assert named.facts == {"closed": 1, "confirmed_by": str(school.contact.pk)}
    with inside_operator():
        entry = Entry.objects.get(verb="tenant.administrator_named")
        assert (entry.facts["invitation"], entry.facts["closed"]) == (str(invitation.pk), 1)
        known = Entry.objects.values_list("facts", "personal__part")
        assert NEW not in str(list(known))  # it outlives the school's erasures


def test_what_the_signatory_refuses_invites_nobody(admin, browse, now, clock, school):
    asked(admin, school, close_former="on")
    portal = visitor(browse, school.contact)
    page = url("portal_administrator", demand().pk)
    assert portal.post(page, {"refuse": "1"}).status_code == 302
    later(clock, minutes=2)
    assert invited(school) == ["cancelled"]
    assert "personne n’est invité" in read(portal.get(page))
    assert not [m for m in mails("") if m.to == [NEW]]
    assert mails("pas de nouvel administrateur")
    with inside(school.place):
        assert Person.objects.get(email="ancien@ecole.example").is_active


def test_a_word_that_comes_too_late_changes_nothing(admin, browse, now, clock, school):
    asked(admin, school)
    live(clock, date(2026, 12, 2))
    portal = visitor(browse, school.contact)
    page = url("portal_administrator", demand().pk)
    assert "expiré" in read(portal.get(page))
    assert portal.post(page).status_code == 302
    assert demand().confirmed_at is None
    assert invited(school) == ["expired"]


def test_only_who_is_known_to_sign_is_asked_and_only_they_see_it(admin, browse, now, school):
    with inside_operator():
        other = Contact.objects.create(
            customer=school.customer, email="autre@mairie.example", last_name="Autre", created_at=now
        )
    assert asked(admin, school, signatory=str(other.pk)).status_code == 422
    asked(admin, school)
    page = url("portal_administrator", demand().pk)
    assert visitor(browse, other).get(page).status_code == 404
    assert visitor(browse, other).post(page).status_code == 404


def test_without_a_known_signatory_nobody_is_asked(admin, now, school):
    with inside_operator():
        other = Customer.objects.create(name="Autre mairie", email="x@y.example", created_at=now)
        Contact.objects.create(customer=other, email="x@y.example", last_name="Zed", created_at=now)
        Contract.objects.filter(pk=school.contract_id).update(customer=other)
    words = read(admin.get(url("administrator_new", school.place.pk)))
    assert "Aucun signataire connu" in words
    assert asked(admin, school).status_code == 422


def test_an_address_that_signs_in_already_is_given_the_role_there(admin, school):
    answer = asked(admin, school, email="ancien@ecole.example")
    assert answer.status_code == 422
    with inside_operator():
        assert not AdministratorDemand.objects.exists()
