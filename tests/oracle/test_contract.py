"""A contract and its money, whatever happens in mid-course."""

import sys
from datetime import timedelta

import pytest

from agenda.loop import tick
from agenda.models import Obligation
from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Order
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.quotes.actions.sign_quote import sign_quote
from billing.quotes.actions.write_quote import SiteDraft
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, quote_sent
from demo.world import live_until
from tenants.models import Tenant
from tests.oracle.contract import Access, Money, Reminders
from tests.oracle.playing import play

pytestmark = [pytest.mark.usefixtures("as_operator", "papers")]
SOON = timedelta(minutes=5)
WARNED = timedelta(days=430)  # both subscriptions renewed, nobody paid, a warning is on its way
SITES = [SiteDraft("École du Bac", "bac"), SiteDraft("École du Pré", "pre")]


@pytest.fixture
def papers(monkeypatch):
    """Leave the judgment of electronic invoices at its gateway: an example is cheap."""
    [rules] = [module for name, module in sys.modules.items() if name.endswith(".einvoice.rules")]
    monkeypatch.setattr(rules, "_judged", lambda xml, judge: ())


@pytest.fixture
def scene(now):
    """Return an order of two schools that is paid and open, whose subscriptions renew by themselves."""
    buyer = ContactFactory(customer=CustomerFactory(name="Ensemble scolaire des Érables"))
    product = catalogue().prices.get(product__key="preau-ecole").product
    lines = [LineDraft(product.pk, "", quantity, 490, site=site) for quantity, site in ((120, 0), (80, 1))]
    version = quote_sent(buyer, now=now, sites=SITES, lines=lines, renewal="automatic")
    today = paris_day(now)
    order = sign_quote(
        version_id=version.pk,
        contact=buyer,
        name=buyer.name,
        signatory_title=buyer.job_title,
        terms_version=version.pk,
        now=now,
        today=today,
    )
    invoice = invoice_of(order)
    cheque = receive_cheque(
        invoice=invoice, amount_cents=invoice.gross_cents, received_on=today, reference="", by=None, now=now
    )
    clear_payment(payment_id=cheque.pk, credited_on=today, by=None, now=now, today=today)
    tick(now)
    order.refresh_from_db()
    assert order.state == "open"
    rounds = Obligation.objects.waiting().exclude(clause__startswith="LG-S").exclude(clause__startswith="CGI")
    rounds.update(state="dropped", settled_at=now)  # the nightly rounds of what isn't money
    live_until(now + WARNED)
    Order.objects.filter(pk=order.pk).update(version=None)  # as if taken online: the plan changes by itself
    return order


def machine(kind, order, now):
    """Return a machine on this scene."""
    ids = list(Tenant.objects.filter(slug__in=["bac", "pre"]).values_list("pk", flat=True))
    return type(
        kind.__name__,
        (kind,),
        {"order": order, "starts_at": now + WARNED + timedelta(minutes=5), "tenant_ids": ids},
    )


def test_every_cent_is_paid_credited_or_owed_once(scene, now):
    play(machine(Money, scene, now), examples=4)


def test_access_is_closed_if_and_only_if_a_cause_stands(scene, now):
    play(machine(Access, scene, now), examples=4)


def test_nobody_is_reminded_of_what_is_not_overdue(scene, now):
    play(machine(Reminders, scene, now), examples=4)
