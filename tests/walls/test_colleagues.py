"""Links, sessions and secrets of a colleague: of another role, another circle, another buyer or place."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db.models import F
from django.test import Client

from billing.customers.gateways import portal_link
from billing.customers.gateways.portal_link import VALID_SECONDS, token_for
from billing.customers.views.sign_in import OPEN_SECONDS
from billing.models import Contact
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from demo.factories.people import PASSWORD, person_with
from dpa.queries.mails import undo_token
from exports.policy.keeping import LINK_DAYS
from exports.queries import download_token
from isolation.context import inside, inside_operator
from people.actions.deactivate_person import deactivate_person
from people.actions.give_role import end_role
from people.actions.invite import cancel_invitation, invite, resend_invitation
from people.actions.make_token import make_token
from people.actions.revoke_tokens import revoke_tokens
from people.models import Invitation, Membership
from tests.billing.carts import fill_shelves, put
from tests.billing.support import buyer, url
from tests.conftest import host_of
from tests.walls.world import build

pytestmark = pytest.mark.django_db
MINE = "/api/v1/quotes/"


@pytest.fixture
def world(school):
    return build(school)


@pytest.fixture
def house(db, now):
    """Give a colleague of each role in the operator's house."""
    with inside_operator():
        return {
            role: person_with(role, now=now, username=f"mur.{role}", email=f"{role}@op.example")
            for role in ("operator_administrator", "finance", "support")
        }


# Secrets of programs


@pytest.fixture
def secret(house, now):
    with inside_operator():
        details = {"name": "Mur", "days": 30, "now": now, "today": now.date()}
        return {role: make_token(person=person, **details)[1] for role, person in house.items()}


def asked_with(client, secret):
    return client.get(MINE, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_a_program_may_do_what_its_tokens_owner_may_whoever_is_signed_in_beside(house, secret, browse):
    chief = browse(None, house["operator_administrator"])
    assert asked_with(chief, secret["finance"]) == 200
    assert asked_with(chief, secret["support"]) == 403


def test_a_revoked_token_opens_nothing_and_the_colleagues_do(house, secret, now):
    with inside_operator():
        revoke_tokens(person_ids=[house["finance"].pk], by=None, now=now)
    assert asked_with(Client(HTTP_HOST="localhost"), secret["finance"]) == 401
    assert asked_with(Client(HTTP_HOST="localhost"), secret["operator_administrator"]) == 200


def test_ones_own_token_is_revoked_once(house, browse, now):
    with inside_operator():
        details = {"name": "Mur", "days": 30, "now": now, "today": now.date()}
        token = make_token(person=house["finance"], **details)[0]
    client = browse(None, house["finance"])
    answers = [client.post(f"/me/tokens/{token.pk}/revoke/").status_code for _ in range(2)]
    assert answers == [302, 404]


def test_a_token_opens_nothing_from_its_last_day_on(secret, clock, now):
    clock.move_to(now + timedelta(days=29))
    assert asked_with(Client(HTTP_HOST="localhost"), secret["finance"]) == 200
    clock.move_to(now + timedelta(days=30))
    assert asked_with(Client(HTTP_HOST="localhost"), secret["finance"]) == 401


def test_the_token_of_a_closed_account_opens_nothing(house, secret, now):
    with inside_operator():
        type(house["finance"]).objects.filter(pk=house["finance"].pk).update(is_active=False)
    assert asked_with(Client(HTTP_HOST="localhost"), secret["finance"]) == 401


def test_a_token_made_at_a_school_opens_nothing_in_the_house(world, school, now):
    with inside(school):
        made = make_token(
            person=world.people["administrator"], name="Mur", days=30, now=now, today=now.date()
        )
    assert asked_with(Client(HTTP_HOST="localhost"), made[1]) == 401


# Links of buyers


@pytest.fixture
def two_buyers(db, now):
    """Give two buyers, each with an invoice."""
    with inside_operator():
        contacts = [ContactFactory(), ContactFactory()]
        return [(contact, invoice_of(order_signed(contact, now=now))) for contact in contacts]


def enters(token):
    client = Client(HTTP_HOST="localhost")
    looked = client.get(url("portal_sign_in_link", token)).status_code
    went = client.post(url("portal_sign_in_link", token)).status_code
    return looked, went, client.get("/portal/").status_code


OPEN = (200, 302, 200)
DEAD = (410, 410, 302)


def test_a_link_opens_until_its_contacts_links_are_renewed(two_buyers):
    (contact, _invoice), (other, _other) = two_buyers
    token = token_for(contact)
    assert enters(token) == OPEN
    with inside_operator():
        Contact.objects.filter(pk=contact.pk).update(link_version=F("link_version") + 1)
    assert enters(token) == DEAD
    assert enters(token_for(other)) == OPEN


def test_a_link_of_an_older_or_a_later_version_is_dead(two_buyers):
    contact = two_buyers[0][0]
    for version in (contact.link_version - 1, contact.link_version + 1, str(contact.link_version), None):
        said = signing.dumps([contact.id.hex, version], salt=portal_link.SALT, compress=True)
        assert enters(said) == DEAD, version


def test_a_link_is_dead_after_its_days(two_buyers, clock, now):
    token = token_for(two_buyers[0][0])
    clock.move_to(now + timedelta(seconds=VALID_SECONDS - 60))
    assert enters(token) == OPEN
    clock.move_to(now + timedelta(seconds=VALID_SECONDS + 60))
    assert enters(token) == DEAD


def test_what_was_signed_for_something_else_is_no_link(two_buyers):
    contact = two_buyers[0][0]
    for salt in ("dpa.undo", "exports.download", "billing.portal "):
        said = signing.dumps([contact.id.hex, contact.link_version], salt=salt, compress=True)
        assert enters(said) == DEAD
    for broken in ([contact.id.hex], contact.id.hex, ["nothing", 1], {"id": contact.id.hex}):
        assert enters(signing.dumps(broken, salt=portal_link.SALT, compress=True)) == DEAD


def test_who_opens_a_colleagues_link_is_that_colleague_and_no_longer_themselves(two_buyers, browse):
    (mine, my_invoice), (theirs, their_invoice) = two_buyers
    client = buyer(browse, mine)
    assert client.get(url("portal_invoice", my_invoice.pk)).status_code == 200
    assert client.post(url("portal_sign_in_link", token_for(theirs))).status_code == 302
    assert client.get(url("portal_invoice", their_invoice.pk)).status_code == 200
    assert client.get(url("portal_invoice", my_invoice.pk)).status_code == 404


def test_the_portal_closes_after_its_hours_whatever_else_the_browser_did(two_buyers, browse, clock, now):
    client = buyer(browse, two_buyers[0][0])
    shelves = fill_shelves()
    clock.move_to(now + timedelta(seconds=OPEN_SECONDS - 60))
    assert client.get("/portal/").status_code == 200
    put(client, shelves["cartes"], 1)  # the session itself begins its time again
    clock.move_to(now + timedelta(seconds=OPEN_SECONDS + 60))
    assert client.get("/portal/").status_code == 302
    with inside_operator():
        assert client.session["cart_id"]


# Invitations


@pytest.fixture
def asked(world, school, now):
    """Give an administrator's invitation to a colleague who has an account and one to somebody new."""
    with inside(school):
        details = {"by": world.people["administrator"], "now": now}
        known = world.people["professional"]
        invitation = Invitation.objects.create(
            email=known.email,
            role=world.people["administrator"].memberships.get().role,
            person=known,
            nonce="0" * 32,
            token_hash="1" * 64,
            created_at=now,
            sent_at=now,
            expires_at=now + timedelta(days=14),
        )
        invitation.renew(now=now)
        invitation.save()
        return invitation, invite(email="toute.nouvelle@mur.example", role_key="teacher", **details)


def path_of(invitation):
    return f"/invitation/{invitation.token}/"


def boxes(client, path):
    """Return all boxes of the page ticked and its fields filled in."""
    form = client.get(path).context.get("form")
    names = form.fields if form else {}
    return {name: PASSWORD if name == "password" else "on" for name in names}


def roles_of(person):
    return sorted(held.role.shipped for held in Membership.objects.filter(person=person))


def test_a_colleagues_invitation_gives_nobody_else_its_role(asked, world, school, browse):
    invitation, _new = asked
    teacher = world.people["teacher"]
    client = browse(school, teacher)
    page = client.get(path_of(invitation))
    client.post(path_of(invitation), boxes(client, path_of(invitation)) | {"terms_0": "on"})
    with inside(school):
        assert roles_of(teacher) == ["teacher"]
        assert roles_of(invitation.person) == ["professional"]
    assert (page.status_code, page.context.get("form")) == (200, None)
    assert Client(HTTP_HOST=host_of(school)).post(path_of(invitation), {}).context.get("form") is None


def test_it_gives_its_own_person_the_role(asked, world, school, browse):
    invitation, _new = asked
    client = browse(school, invitation.person)
    assert client.post(path_of(invitation), boxes(client, path_of(invitation))).status_code == 302
    with inside(school):
        assert roles_of(invitation.person) == ["administrator", "professional"]
    assert client.post(path_of(invitation), {}).status_code == 410


def test_an_account_that_waits_for_a_password_sets_it_by_its_own_link(asked, school):
    invitation, _new = asked
    with inside(school):
        invitation.person.set_unusable_password()
        invitation.person.save()
    page = Client(HTTP_HOST=host_of(school)).get(path_of(invitation))
    assert "password" in page.context["form"].fields


@pytest.mark.parametrize("why", ["resent", "cancelled", "expired", "accepted"])
def test_a_link_that_was_replaced_taken_back_or_is_over_opens_nothing(asked, world, school, now, clock, why):
    _known, invitation = asked
    old = path_of(invitation)
    details = {"by": world.people["administrator"], "now": now}
    assert Client(HTTP_HOST=host_of(school)).get(old).status_code == 200
    with inside(school):
        if why == "resent":
            resend_invitation(invitation=invitation, **details)
        if why == "cancelled":
            cancel_invitation(invitation=invitation, **details)
        if why == "accepted":
            Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    if why == "expired":
        clock.move_to(now + timedelta(days=14))
    client = Client(HTTP_HOST=host_of(school))
    assert (client.get(old).status_code, client.post(old, {}).status_code) == (410, 410)


def test_the_link_of_a_closed_account_doesnt_open_it_again(asked, school, world, now):
    invitation, _new = asked
    with inside(school):
        deactivate_person(person=invitation.person, by=world.people["administrator"], now=now)
    assert Client(HTTP_HOST=host_of(school)).get(path_of(invitation)).status_code == 410


def test_an_invitation_opens_nothing_elsewhere(asked, nursery):
    for host in (host_of(nursery), "localhost"):
        for invitation in asked:
            assert Client(HTTP_HOST=host).get(path_of(invitation)).status_code == 410


# Sessions


def session_of(school, person):
    with inside(school):
        return UserSession.objects.create(
            user=person, ip="192.0.2.7", user_agent="x", session_key=f"mur-{person.pk.hex[:20]}"
        )


def still_there(school, session):
    with inside(school):
        return UserSession.objects.filter(pk=session.pk).exists()


def test_nobody_closes_a_colleagues_session_from_their_own_page(world, school, browse):
    theirs = session_of(school, world.people["administrator"])
    browse(school, world.people["teacher"]).post("/me/sessions/end/", {"session": str(theirs.pk)})
    assert still_there(school, theirs)


def test_a_session_named_on_somebody_elses_page_stays(world, school, browse):
    theirs = session_of(school, world.people["professional"])
    named = session_of(school, world.people["teacher"])
    client = browse(school, world.people["administrator"])
    client.post(f"/people/{world.people['teacher'].pk}/sessions/end/", {"session": str(theirs.pk)})
    assert (still_there(school, theirs), still_there(school, named)) == (True, True)
    client.post(f"/people/{world.people['teacher'].pk}/sessions/end/", {"session": str(named.pk)})
    assert (still_there(school, theirs), still_there(school, named)) == (True, False)


def test_a_session_carries_no_right_that_its_person_lost(world, school, browse, now):
    client = browse(school, world.people["teacher"])
    assert client.get("/pupils/").status_code == 200
    with inside(school):
        held = world.people["teacher"].memberships.get()
        end_role(membership=held, by=world.people["administrator"], now=now)
    assert client.get("/pupils/").status_code == 403


def test_a_session_left_too_long_is_locked(world, school, browse, clock, now):
    client = browse(school, world.people["teacher"])
    assert client.get("/pupils/").status_code == 200
    clock.move_to(now + timedelta(minutes=school.lock_after_minutes, seconds=5))
    assert "/session/locked/" in client.get("/pupils/").get("Location", "")


# Links to exports and to what undoes a deletion


def test_an_exports_link_opens_for_who_asked_and_for_nobody_above(world, school, browse, clock, now):
    with inside(school):
        from exports.models import ExportJob

        job = ExportJob.objects.get(requested_by=world.people["teacher"])
        token = download_token(job)
    path = f"/exports/fetch/{token}/"
    assert browse(school, world.people["teacher"]).get(path).status_code == 410  # not built yet
    for role in ("administrator", "professional", "guardian"):
        client = browse(school, world.people[role])
        assert client.get(path).status_code == 404, role
        assert client.get(f"/exports/{job.pk}/").status_code == 404, role
        assert client.post(f"/exports/{job.pk}/throw-away/").status_code == 404, role
    details = {"job": str(job.pk), "person": str(world.people["administrator"].pk)}
    named_another = signing.dumps(details, salt="exports.download")
    for role in ("teacher", "administrator"):
        client = browse(school, world.people[role])
        assert client.get(f"/exports/fetch/{named_another}/").status_code == 404, role
    clock.move_to(now + timedelta(days=LINK_DAYS, seconds=5))
    client = browse(school, world.people["teacher"])
    assert client.get(path).status_code == 404


def test_the_link_that_undoes_a_deletion_is_for_that_one_in_that_place(world, school, nursery, clock, now):
    from dpa.models import Erasure

    with inside(school):
        deletion = Erasure.objects.get()
        token = undo_token(deletion)
    here = Client(HTTP_HOST=host_of(school))
    assert here.get(f"/privacy/undo/{token}/").status_code == 200
    assert Client(HTTP_HOST=host_of(nursery)).get(f"/privacy/undo/{token}/").status_code == 404
    for other in (f"{token}x", signing.dumps(str(deletion.pk), salt="exports.download"), str(deletion.pk)):
        assert here.get(f"/privacy/undo/{other}/").status_code == 404
    clock.move_to(now + timedelta(hours=12))
    assert here.post(f"/privacy/undo/{token}/").status_code == 410
    with inside(school):
        assert Erasure.objects.get().state != "undone"
