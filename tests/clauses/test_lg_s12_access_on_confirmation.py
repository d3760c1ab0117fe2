"""LG-S12: access opens once the order is confirmed and paid; by an e-mail that invites to set a password."""

import re

import pytest
from django.test import Client

from agenda.loop import tick
from agenda.models import Obligation
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.workflows.actions.open_access import NotFunded, open_access
from demo.factories.billing import invoice_of, order_signed
from demo.factories.people import PASSWORD
from isolation.context import inside, inside_operator
from people.models import Invitation
from tenants.models import Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, later, mails

CLAUSE = "LG-S12"


@pytest.mark.usefixtures("as_operator")
def test_the_buyer_is_invited_as_soon_as_the_funds_are_credited(now):
    order = order_signed(now=now)
    today = paris_day(now)
    with pytest.raises(NotFunded):
        open_access(order_id=order.id, now=now, today=today)
    cheque = receive_cheque(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=today,
        reference="",
        by=None,
        now=now,
    )
    clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
    tick(now)
    tenant = Tenant.objects.get(slug=order.sites.get().slug)
    buyer = order.contact.email
    with inside(tenant):
        assert Invitation.objects.get().email == buyer
    kept = Obligation.objects.get(clause=CLAUSE, subject_id=order.id)
    assert kept.state == "kept"
    assert kept.evidence == {"tenants": [str(tenant.id)]}
    assert open_access(order_id=order.id, now=now, today=today) == [tenant.id]  # once more changes nothing
    with inside(tenant):
        assert Invitation.objects.count() == 1


@pytest.mark.story(
    "LG-S12",
    door="page",
    fr="Le premier chèque d’une école est rejeté : elle ne reçoit aucune invitation ; le second est "
    "crédité, un courriel l’invite, et elle entre avec le mot de passe qu’elle choisit.",
)
def test_a_bounced_cheque_invites_nobody_and_the_second_one_does(browse, clock, now):
    """A school's first cheque bounces: it gets no invitation; the second is credited, a mail invites it, and
    it comes in with the password it chooses.
    """
    with inside_operator():
        invoice = invoice_of(order_signed(now=now))
    cheque = {
        "invoice": str(invoice.pk),
        "method": "cheque",
        "amount": "1299,84",
        "received_on": "2026-11-16",
    }
    finance = desk(browse, now)
    first = finance.post(url("payment_new"), cheque)
    finance.post(f"{first.url}bounce/", {"bounce-on": "2026-11-16", "bounce-reason": "sans provision"})
    later(clock, minutes=5)
    assert mails("Votre invitation") == []
    second = finance.post(url("payment_new"), cheque)
    later(clock, minutes=5)
    assert mails("Votre invitation") == []  # received isn't credited
    finance.post(f"{second.url}credit/", {"credit-on": "2026-11-16"})
    later(clock, minutes=5)
    (told,) = mails("Votre invitation")
    host, path = re.search(r"//([^/]+)(/\S*invitation/\S+)", told.body).groups()
    head = Client(HTTP_HOST=host)
    typed = {"first_name": "Solène", "last_name": "Marchetti", "password": PASSWORD}
    assert head.get("/").status_code == 302
    assert head.post(path, typed | {"terms_0": "on"}).url == "/"
    assert head.get("/").status_code == 200
