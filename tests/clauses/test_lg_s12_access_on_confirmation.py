"""LG-S12: access opens once the order is confirmed and paid; by an e-mail that invites to set a password."""

import pytest

from agenda.loop import tick
from agenda.models import Obligation
from billing.money.policy.days import paris_day
from billing.payments.actions.credit_cheque import credit_cheque
from billing.payments.actions.receive_cheque import receive_cheque
from billing.workflows.actions.open_access import NotFunded, open_access
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside
from people.models import Invitation
from tenants.models import Tenant

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
    credit_cheque(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
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
