"""An order with nothing to pay waits for nobody's money."""

from decimal import Decimal

import pytest
from django.core import mail

from agenda.loop import tick
from agenda.models import Obligation
from billing.accounting.actions.validate_entries import validate_entries
from billing.accounting.gateways.chart import chart
from billing.accounting.queries.ledger import fec_rows
from billing.catalogue.policy.discount import Discount
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.queries.balances import state_of, with_balance
from billing.models import Invoice, Order
from billing.money.policy.days import paris_day
from demo.factories.billing import order_signed
from isolation.context import inside_operator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("down_payment_pct", "method"), [(0, "transfer"), (30, "transfer"), (0, "cheque")])
def test_an_order_with_a_discount_of_all_of_it_opens(now, down_payment_pct, method):
    today = paris_day(now)
    free = {"method": method, "discount": Discount(pct=Decimal(100))}
    with inside_operator():
        order_signed(now=now, method="transfer")
        order = order_signed(now=now, down_payment_pct=down_payment_pct, **free)
        order_signed(now=now, method="transfer")
        (invoice,) = with_balance(Invoice.objects.filter(order=order))
        assert (invoice.gross_cents, invoice.balance_cents, invoice.is_down_payment) == (0, 0, False)
        assert state_of(invoice, today=today) == "paid"
        waiting = Obligation.objects.waiting().filter(kind="overdue", subject_id=invoice.pk)
        assert not waiting.exists()
        assert invoice_pdf(invoice)
    tick(now)
    with inside_operator():
        assert Order.objects.get(pk=order.pk).state == Order.State.FULFILLED
        validate_entries(now=now)
        numbers = {row.number for row in fec_rows(chart(), starts_on=today, ends_on=today)}
    assert numbers == {1, 2, 3}  # the price and its discount are both booked
    told = [each.body for each in mail.outbox if order.number in each.subject]
    assert told
    assert all("virement" not in each and "0,00" in each for each in told)
    assert all("crédité" not in each.subject for each in mail.outbox)
