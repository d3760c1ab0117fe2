"""Every address of the public host × the operator's roles, buyers and visitors × methods.

Read from the urlconf.
"""

from datetime import date, timedelta

import pytest
from django.test import Client

from agenda.actions import instant, open_obligation
from agenda.models import OutboxMessage
from audit.models import Entry
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.collections.actions.record_registered_letter import record_registered_letter
from billing.collections.actions.suspend import suspend_for
from billing.invoicing.actions.report_sales import report_sales
from billing.models import Subscription
from billing.money.policy.days import paris_day
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.quotes.actions.ask_administrator import ask_administrator
from billing.quotes.actions.issue_pro_forma import issue_pro_forma
from billing.subscriptions.actions.announce_renewal import announce_renewal
from billing.subscriptions.actions.force_majeure import EventFacts, start_force_majeure
from billing.workflows.actions.open_access import open_access
from contracts.models import TermsVersion
from demo.factories.billing import catalogue, invoice_of, order_signed, quote_sent
from demo.factories.people import person_with
from isolation.context import inside_operator
from people.actions.invite import invite
from people.actions.make_token import make_token
from people.models import Membership, Role
from people.policy.permissions import ANYONE, CONTACT, SIGNED_IN
from tenants.actions.tell_terms import tell_terms
from tests.billing.support import buyer
from tests.walls.addresses import METHODS, addresses
from tests.walls.asking import READING, ask, plain
from tests.walls.finance import finance_papers
from tests.walls.money import money_papers
from tests.walls.processors import accepted_annexes, processor_papers, request_papers
from tests.walls.shop import sent_paper, shop_papers
from tests.walls.world import absent, told_of_a_breach

pytestmark = pytest.mark.django_db
STAFF = ("operator_administrator", "finance", "support", "dpo")
OWN_KEYS = {"account_reset_password_from_key", "account_confirm_email"}
PUBLISHED = {"terms_id", "clause"}


def running(contact, now):
    """Return a subscription of a buyer and one of everything that may stand against it."""
    order = order_signed(contact, now=now, method="transfer", renewal="automatic")
    day = paris_day(now)
    details = {"by": None, "now": now}
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=day,
        credited_on=day,
        reference="8",
        today=day,
        **details,
    )
    open_access(order_id=order.pk, now=now, today=day)
    subscription = order.subscriptions.get()
    letter = record_registered_letter(
        purpose="breach", number="1A", sent_on=day, subscription_id=subscription.pk, reason="x", **details
    )
    event = start_force_majeure(subscription=subscription, facts=EventFacts("x", day), **details)
    tenant = subscription.contract.tenant
    stop = suspend_for(
        tenant=tenant,
        customer=contact.customer,
        cause="danger",
        reason="x",
        **details,
    )
    ends_on = subscription.term.ends_on
    notice = announce_renewal(subscription_id=subscription.pk, renews_on=ends_on, now=now, today=day)
    OutboxMessage.objects.filter(key=notice.message_key).update(state=OutboxMessage.State.SENT, sent_at=now)
    terms = TermsVersion.objects.filter(kind="sale", profile="school", language="fr").first()
    told = tell_terms(terms=terms, contract=subscription.contract, now=now)
    OutboxMessage.objects.filter(key=told.message_key).update(state=OutboxMessage.State.SENT, sent_at=now)
    found = {
        "subscription_id": subscription,
        "terms_notice_id": told,
        "notice_id": notice,
        "letter_id": letter,
        "force_majeure_id": event,
        "suspension_id": stop,
    }
    return {name: row.pk for name, row in found.items()}


def demand(contact, found, by, now):
    """Return a new administrator asked for in a buyer's name, for the school of their subscription."""
    tenant = Subscription.objects.get(pk=found["subscription_id"]).contract.tenant
    word = {"email": f"n{contact.pk.hex[:8]}@ecole.example", "document": "x", "close_former": False}
    return ask_administrator(tenant=tenant, signatory=contact, by=by, now=now, **word)


class Desk:
    """The operator's people, two buyers with documents of their own, and one of everything an address can
    name.
    """

    def __init__(self, school, now):
        self.people = {
            role: person_with(role, now=now, username=f"mur.{role}", email=f"{role}@op.example")
            for role in STAFF
        }
        catalogue()
        late = [invoice_of(order_signed(now=now - timedelta(days=120))) for _ in range(2)]
        self.mine, self.theirs = (self.papers(each, now) for each in late)
        teller = self.people["finance"]
        notice = told_of_a_breach(school)
        invitation = invite(email="nouveau@op.example", role_key="support", by=None, now=now)
        self.objects = {
            "tenant_id": school.pk,
            "breach_id": notice.breach_id,
            "affected_id": notice.affected_id,
            "delivery_id": notice.deliveries.get().pk,
            "language": "fr",
            "person_id": teller.pk,
            "token_id": make_token(person=teller, name="Mur", days=30, now=now, today=paris_day(now))[0].pk,
            "membership_id": Membership.objects.get(person=teller).pk,
            "role_id": Role.objects.get(shipped="finance").pk,
            "invitation_id": invitation.pk,
            "obligation_id": open_obligation(
                "LG-S12", subject=teller.pk, **instant(now), now=now, kind="wall"
            ).pk,
            "terms_id": TermsVersion.objects.values_list("pk", flat=True)[0],
            "report_id": report_sales(starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 11), now=now).pk,
            "key": "nothing",
            "clause": "LG-S12",
            "number": 1,
            **processor_papers(school, now),
            **request_papers(school, now),
            "annex_id": accepted_annexes(school, now).pk,
        }
        self.special = {
            "people:invited": {"token": invitation.token},
            "billing:portal_sign_in_link": {"token": "nothing"},
            "billing:portal_link_renew": {"token": "nothing"},
            "account_reset_password_from_key": {"uidb36": "0", "key": "set-password"},
        }

    def papers(self, late, now):
        contact = late.order.contact
        day = paris_day(now)
        claim = issue_interest_claim(invoice=late, as_of=day, by=None, now=now, today=day)
        came = {"amount_cents": late.gross_cents, "received_on": day, "credited_on": day, "reference": "6"}
        record_transfer(invoice=late, by=None, now=now, today=day, **came)  # else nothing more is sold
        order = order_signed(contact, now=now)
        invoice = invoice_of(order)
        paid = {"amount_cents": 5000, "received_on": day, "reference": "7", "by": None, "now": now}
        cheque = receive_cheque(invoice=invoice, **paid)
        version = quote_sent(contact, now=now)
        return {
            "contact": contact,
            "contact_id": contact.pk,
            "customer_id": contact.customer_id,
            "version_id": version.pk,
            "pro_forma_id": issue_pro_forma(version=version, by=None, now=now, today=day).pk,
            "order_id": order.pk,
            "invoice_id": invoice.pk,
            "payment_id": cheque.pk,
            "claim_id": claim.pk,
            **(found := running(contact, now)),
            "demand_id": demand(contact, found, self.people["operator_administrator"], now).pk,
            **money_papers(contact, now),
            "document_id": sent_paper(contact, now).pk,
            **shop_papers(contact, now),
            **finance_papers(contact, invoice, now),
        }

    def kwargs(self, address, papers):
        mine = self.objects | papers | self.special.get(address.name, {})
        return {name: mine[name] for name in address.parameters}


@pytest.fixture
def desk(school, now, db):
    with inside_operator():
        return Desk(school, now)


def with_token(client, person, now):
    """Return a browser that also shows a token, as programs do."""
    with inside_operator():
        _token, secret = make_token(person=person, name="Mur", days=30, now=now, today=paris_day(now))
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def is_for_programs(address):
    return address.name.startswith("billing:api")


def held_by(person):
    with inside_operator():
        return set(person.memberships.get().role.permissions)


def test_every_parameter_is_known_to_these_tests(desk):
    unknown = []
    for address in addresses("public"):
        try:
            desk.kwargs(address, desk.mine)
        except KeyError as missing:
            unknown.append(f"{address} lacks {missing}")
    assert unknown == []


def test_visitors_see_what_is_public_and_nothing_else(desk):
    client = Client(HTTP_HOST="localhost")
    wrong = []
    for address in addresses("public"):
        for method in METHODS:
            response, _body = ask(client, address, method, desk.kwargs(address, desk.mine))
            if address.permission == ANYONE:
                fine = response.status_code < 500
            elif is_for_programs(address):
                fine = response.status_code == 401
            else:
                door = "/portal/sign-in/" if address.permission == CONTACT else "/account/login/"
                fine = response.status_code == 302 and door in response["Location"]
            if not fine:
                wrong.append(f"{method} {address}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", STAFF)
def test_staff_do_what_their_role_says_and_nothing_else(desk, browse, now, role):
    client = with_token(browse(None, desk.people[role]), desk.people[role], now)
    wrong = []
    held = held_by(desk.people[role])
    for address in addresses("public"):
        if address.permission in {ANYONE, CONTACT}:
            continue
        for method in METHODS:
            allowed = address.permission == SIGNED_IN or address.permission in held
            if allowed and method == "head":
                continue  # as GET, which is asked
            response, _body = ask(client, address, method, desk.kwargs(address, desk.mine))
            fine = response.status_code not in {403, 500} if allowed else response.status_code == 403
            if not fine:
                wrong.append(f"{method} {address}: {response.status_code}")
    assert wrong == []


def test_a_session_is_not_a_token(desk, browse):
    client = browse(None, desk.people["operator_administrator"])
    wrong = []
    for address in addresses("public"):
        if not is_for_programs(address) or address.permission == ANYONE:
            continue
        for method in METHODS:
            response, _body = ask(client, address, method, desk.kwargs(address, desk.mine))
            if response.status_code != 401:
                wrong.append(f"{method} {address}: {response.status_code}")
    assert wrong == []


def test_staff_are_told_the_same_of_what_does_not_exist(desk, browse, now):
    chief = desk.people["operator_administrator"]
    client = with_token(browse(None, chief), chief, now)
    wrong = []
    for address in addresses("public"):
        if (
            not set(address.parameters) - PUBLISHED
            or address.permission in {ANYONE, CONTACT}
            or address.name in OWN_KEYS
        ):
            continue
        for method in READING:
            response, _body = ask(client, address, method, absent(desk.kwargs(address, desk.mine)))
            if response.status_code not in {302, 404, 405}:
                wrong.append(f"{method} {address}: {response.status_code}")
    assert wrong == []


def test_a_buyer_reads_their_own_papers_and_no_others(desk, browse, now):
    client = buyer(browse, desk.mine["contact"])
    wrong = []
    for address in addresses("public"):
        if address.permission != CONTACT:
            continue
        own, _ = ask(client, address, "get", desk.kwargs(address, desk.mine))
        if own.status_code not in {200, 302, 405}:
            wrong.append(f"get {address}: {own.status_code} for their own")
        if not address.parameters:
            continue
        foreign = desk.kwargs(address, desk.theirs)
        nothing = absent(foreign)
        for method in READING:
            one, theirs = ask(client, address, method, foreign)
            two, none = ask(client, address, method, nothing)
            if (one.status_code, plain(theirs, foreign.values())) != (
                two.status_code,
                plain(none, nothing.values()),
            ):
                wrong.append(f"{method} {address}: told apart")
            if one.status_code not in {404, 405}:
                wrong.append(f"{method} {address}: {one.status_code} for another's")
    assert wrong == []


def test_a_buyer_is_nobody_in_the_console(desk, browse):
    client = buyer(browse, desk.mine["contact"])
    wrong = []
    for address in addresses("public"):
        if address.permission in {ANYONE, CONTACT}:
            continue
        response, _body = ask(client, address, "get", desk.kwargs(address, desk.mine))
        if is_for_programs(address) and response.status_code == 401:
            continue
        if response.status_code != 302 or "/account/login/" not in response["Location"]:
            wrong.append(f"{address}: {response.status_code}")
    assert wrong == []


def test_a_teacher_of_a_school_is_nobody_on_the_public_host(desk, school, browse, now):
    from isolation.context import inside

    with inside(school):
        teacher = person_with("administrator", now=now, username="mur.t", email="t@mur.example")
    client = browse(school, teacher)
    client.defaults["HTTP_HOST"] = "localhost"
    assert client.get("/console/").status_code == 302
    assert client.get("/portal/").status_code == 302


def test_a_refusal_to_staff_is_in_the_operators_trail(desk, browse):
    browse(None, desk.people["support"]).get("/console/audit/")
    with inside_operator():
        entry = Entry.objects.filter(verb="access.denied").latest("seq")
        assert (entry.actor_id, entry.facts["right"]) == (desk.people["support"].pk, "console.audit")
