"""Going on with a subscription: renewed by express agreement before its end, or begun again while its data
are kept.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.methods import MethodRefused
from billing.models import Invoice, Order, Price, QuoteRequest, QuoteVersion, Subscription, SubscriptionOption
from billing.money.policy.days import paris_day
from billing.quotes.actions.order_renewal import NotRenewable, order_renewal, quote_renewal
from billing.quotes.actions.send_quote import send_quote
from billing.quotes.actions.sign_quote import sign_quote
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft, rewrite_quote
from billing.quotes.forms.quote_copy import lines_of, sites_of
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from billing.subscriptions.queries.renewals import renewal_options
from classrooms.models import Household
from demo.factories.billing import ContactFactory, invoice_of
from demo.factories.families import circle_of, family_contact, household_of
from demo.world import live_until
from isolation.context import inside, inside_operator
from tenants.models import Contract, Customer, SubTenant, Tenant
from tests.billing.subscriptions.test_plan_changes import option
from tests.billing.subscriptions.test_subscription_life import at, opened, pay
from tests.billing.support import buyer, clerk, rows_of, url


def bought_online(now, **chosen):
    """Return a paid subscription that no quote stands behind, as one that was ordered online."""
    subscription = opened(now, **({"renewal": "fixed", "quantity": 20} | chosen))
    Order.objects.filter(pk=subscription.order_id).update(version=None)
    return Subscription.objects.get(pk=subscription.pk)


def again(subscription, day, *, quantity=20, method="transfer", without=()):
    return order_renewal(
        subscription_id=subscription.pk,
        quantity=quantity,
        method=method,
        contact=subscription.contact,
        terms_version=uuid4(),
        now=at(day),
        today=day,
        without=without,
    )


@pytest.mark.usefixtures("as_operator")
def test_a_fixed_term_is_renewed_before_its_end_at_the_price_that_was_announced(now):
    subscription = bought_online(now)
    assert renewal_options(subscription, today=date(2027, 9, 1)) is None  # not announced yet
    Price.objects.filter(product=subscription.product).update(net_cents=600)
    live_until(at(date(2027, 10, 20)))
    Price.objects.filter(product=subscription.product).update(net_cents=900)
    offered = renewal_options(subscription, today=date(2027, 10, 20))
    assert (offered.kind, offered.unit_net_cents, offered.starts_on) == ("renewal", 600, date(2027, 11, 16))
    order = again(subscription, date(2027, 10, 20), quantity=25)
    with pytest.raises(NotRenewable):
        again(subscription, date(2027, 10, 21))
    assert order.net_cents == 25 * 600
    pay(invoice_of(order), at(date(2027, 10, 22)))
    live_until(at(date(2027, 10, 22)))
    subscription.refresh_from_db()
    assert (subscription.renewal_order, subscription.contract.licences) == (order, 20)
    live_until(at(date(2027, 11, 16)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert (subscription.ended_on, subscription.renewal_order) == (None, None)
    term = subscription.term
    assert (term.position, term.starts_on, term.ends_on, term.quantity, term.unit_net_cents, term.order) == (
        2,
        date(2027, 11, 16),
        date(2028, 11, 16),
        25,
        600,
        order,
    )
    assert term.terms_version == order.terms_version
    assert (subscription.contract.licences, subscription.contract.ends_on) == (25, date(2028, 11, 16))
    assert Contract.objects.filter(tenant=subscription.contract.tenant).count() == 1


@pytest.mark.usefixtures("as_operator")
def test_paid_after_the_end_it_begins_again_that_day(now):
    subscription = bought_online(now)
    live_until(at(date(2027, 10, 20)))
    order = again(subscription, date(2027, 11, 12))
    live_until(at(date(2027, 11, 17)))
    tenant = Tenant.objects.get(pk=subscription.contract.tenant_id)
    assert tenant.state == "ended"
    pay(invoice_of(order), at(date(2027, 11, 18)))
    live_until(at(date(2027, 11, 18)))
    tenant.refresh_from_db()
    new = Subscription.objects.get(order=order)
    assert (tenant.state, tenant.ended_at, new.activated_on) == ("open", None, date(2027, 11, 18))
    assert new.contract.tenant_id == tenant.pk


@pytest.mark.usefixtures("as_operator")
def test_what_ended_begins_again_at_todays_list_price_with_the_same_school(now):
    subscription = bought_online(now)
    live_until(at(date(2027, 11, 17)))
    Price.objects.filter(product=subscription.product).update(net_cents=700)
    day = date(2028, 3, 1)
    subscription = Subscription.objects.get(pk=subscription.pk)
    offered = renewal_options(subscription, today=day)
    assert (offered.kind, offered.unit_net_cents, offered.ends_on) == ("reactivation", 700, date(2029, 3, 1))
    with pytest.raises(MethodRefused):
        again(subscription, day, method="sepa_debit")
    order = again(subscription, day, quantity=30)
    assert renewal_options(subscription, today=day) is None
    pay(invoice_of(order), at(day))
    live_until(at(day))
    tenant = Tenant.objects.get(pk=subscription.contract.tenant_id)
    assert tenant.state == "open"
    new = Subscription.objects.get(order=order)
    assert (new.contract.tenant, new.contract.licences, new.term.starts_on) == (tenant, 30, day)
    assert renewal_options(subscription, today=day) is None


@pytest.mark.usefixtures("as_operator")
def test_no_longer_than_its_data_are_kept(now):
    subscription = bought_online(now)
    live_until(at(date(2027, 11, 17)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    last = date(2029, 11, 15)  # two calendar years after 16 November 2027, that day excluded
    Price.objects.filter(product=subscription.product).update(net_cents=700)
    assert renewal_options(subscription, today=last) is not None
    assert renewal_options(subscription, today=last + timedelta(days=1)) is None


@pytest.mark.usefixtures("as_operator")
def test_what_was_quoted_goes_on_by_a_quote_to_sign(now):
    subscription = opened(now, renewal="fixed")
    live_until(at(date(2027, 10, 20)))
    with pytest.raises(NotRenewable):
        again(subscription, date(2027, 10, 20))
    day = date(2027, 10, 20)
    version = quote_renewal(
        subscription_id=subscription.pk, quantity=None, contact=None, by=None, now=at(day), today=day
    )
    assert not version.is_amendment
    send_quote(version_id=version.pk, by=None, now=at(day), today=day)
    order = sign_quote(
        version_id=version.pk,
        contact=subscription.contact,
        name="x",
        signatory_title="y",
        terms_version=uuid4(),
        now=at(day),
        today=day,
    )
    pay(invoice_of(order), at(day))
    live_until(at(day))
    subscription.refresh_from_db()
    assert subscription.renewal_order == order
    live_until(at(date(2027, 11, 17)))
    assert Subscription.objects.get(pk=subscription.pk).term.order == order
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "open"


def written_again(version, day, **changed):
    """Write a draft again as the desk does: its lines as they were typed, some of it changed."""
    lines = [
        LineDraft(row["product"], row["description"], row["quantity"], row["unit_net"], site=row["site"])
        for row in lines_of(version)
    ]
    draft = QuoteDraft(
        customer_id=version.quote.customer_id,
        contact_id=version.quote.contact_id,
        method=version.method,
        valid_until=version.valid_until,
        term_months=version.term_months,
        renewal=version.renewal,
        **{"lines": lines, "sites": [SiteDraft(row["name"], row["slug"]) for row in sites_of(version) if row]}
        | changed,
    )
    return rewrite_quote(version_id=version.pk, draft=draft, by=None, now=at(day), today=day)


def signed(version, day):
    send_quote(version_id=version.pk, by=None, now=at(day), today=day)
    order = sign_quote(
        version_id=version.pk,
        contact=version.quote.contact,
        name="x",
        signatory_title="y",
        terms_version=uuid4(),
        now=at(day),
        today=day,
    )
    pay(invoice_of(order), at(day))
    live_until(at(day))
    return order


@pytest.mark.usefixtures("as_operator")
def test_a_renewal_quote_written_again_at_the_desk_still_renews(now):
    subscription = opened(now, renewal="fixed")
    day = date(2027, 10, 20)
    live_until(at(day))
    version = quote_renewal(
        subscription_id=subscription.pk, quantity=None, contact=None, by=None, now=at(day), today=day
    )
    extra = option()
    rows = lines_of(version)
    lines = [
        LineDraft(rows[0]["product"], "", 230, 450, site=rows[0]["site"]),
        LineDraft(extra.pk, "", 1, 12_000, site=0),
    ]
    version = written_again(version, day, lines=lines)
    assert {line.contract_id for line in version.lines.all()} == {subscription.contract_id}
    order = signed(version, day)
    subscription.refresh_from_db()
    assert (subscription.renewal_order, Contract.objects.filter(customer=subscription.customer).count()) == (
        order,
        1,
    )
    live_until(at(date(2027, 11, 17)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    taken = subscription.options.get()
    assert (subscription.term.quantity, taken.product, taken.quantity, taken.order) == (230, extra, 1, order)


@pytest.mark.usefixtures("as_operator")
def test_for_another_school_it_renews_nothing(now):
    subscription = opened(now, renewal="fixed")
    day = date(2027, 10, 20)
    live_until(at(day))
    version = quote_renewal(
        subscription_id=subscription.pk, quantity=None, contact=None, by=None, now=at(day), today=day
    )
    version = written_again(version, day, sites=[SiteDraft("Annexe", "annexe")])
    assert {line.contract_id for line in version.lines.all()} == {None}


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("kept", [True, False])
def test_it_begins_again_with_its_options_unless_they_are_left_out(now, kept):
    subscription = bought_online(now)
    day = date(2028, 3, 1)
    extra = option()
    SubscriptionOption.objects.create(
        subscription=subscription,
        product=extra,
        quantity=2,
        unit_net_cents=9000,
        order=subscription.order,
        created_at=now,
    )
    live_until(at(date(2027, 11, 17)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    (offered,) = renewal_options(subscription, today=day).options
    assert (offered.product, offered.quantity, offered.unit_net_cents) == (extra, 2, 12_000)
    order = again(subscription, day, without=() if kept else {extra.pk})
    assert order.net_cents == 20 * 490 + (24_000 if kept else 0)
    pay(invoice_of(order), at(day))
    live_until(at(day))
    new = Subscription.objects.get(order=order)
    assert [(row.product, row.quantity) for row in new.options.all()] == ([(extra, 2)] if kept else [])


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("positions", [(1, 2), (2,)])
def test_withdrawn_from_a_renewal_ends_nothing_that_runs_and_of_an_option_only_that(now, positions):
    subscription = bought_online(now)
    day = date(2027, 10, 20)
    Customer.objects.filter(pk=subscription.customer_id).update(customer_type="consumer")
    SubscriptionOption.objects.create(
        subscription=subscription,
        product=option(),
        quantity=2,
        unit_net_cents=9000,
        order=subscription.order,
        created_at=now,
    )
    live_until(at(day))
    order = again(subscription, day)
    pay(invoice_of(order), at(day))
    live_until(at(day))
    taken = {line.position: line.quantity for line in order.lines.filter(position__in=positions)}
    withdraw(
        order_id=order.pk, notice=WithdrawalNotice(taken, "button", day), by=None, now=at(day), today=day
    )
    subscription.refresh_from_db()
    assert (subscription.ended_on, subscription.renewal_order) == (None, None if 1 in positions else order)
    live_until(at(date(2027, 11, 17)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert (subscription.ended_on is None) == (positions == (2,))
    assert positions == (1, 2) or subscription.options.get().quantity == 0


class TestFamilies:
    """A household in the tenant that families share: the same one goes on, nobody's site is made."""

    def gone_by(self, now):
        with inside_operator():
            order = household_of(family_contact("Roussel", "nadia@roussel.example"), count=2, now=now)
            circle = circle_of(order)
            subscription = Subscription.objects.get(order=order)
            live_until(at(date(2027, 10, 20)))
            return circle, subscription

    def paid(self, order, day):
        pay(invoice_of(order), at(day))
        live_until(at(day))
        order.refresh_from_db()
        assert (order.state, order.sites.exists(), circle_of(order)) == (
            "open",
            False,
            SubTenant.objects.get(),
        )
        with inside(SubTenant.objects.get().tenant):
            assert Household.objects.count() == 1

    @pytest.mark.usefixtures("as_operator")
    def test_ordered_again_before_its_end(self, now):
        circle, subscription = self.gone_by(now)
        Order.objects.update(version=None)
        subscription.refresh_from_db()
        order = again(subscription, date(2027, 10, 20), quantity=2)
        assert renewal_options(subscription, today=date(2027, 10, 20)) is None
        self.paid(order, date(2027, 10, 20))
        live_until(at(date(2027, 11, 17)))
        circle.refresh_from_db()
        assert (circle.state, Subscription.objects.get().term.order) == ("open", order)

    @pytest.mark.usefixtures("as_operator")
    @pytest.mark.parametrize("quoted", [True, False])
    def test_begun_again_after_its_end(self, now, quoted):
        circle, subscription = self.gone_by(now)
        live_until(at(date(2027, 11, 17)))
        circle.refresh_from_db()
        assert (circle.state, circle.tenant.state) == ("ended", "open")
        day = date(2027, 12, 1)
        if quoted:
            subscription.refresh_from_db()
            details = {"quantity": None, "contact": None, "by": None, "now": at(day), "today": day}
            order = signed(quote_renewal(subscription_id=subscription.pk, **details), day)
            order.refresh_from_db()
            assert (order.state, circle_of(order), order.sites.exists()) == ("open", circle, False)
        else:
            Order.objects.update(version=None)
            subscription.refresh_from_db()
            self.paid(again(subscription, day, quantity=2), day)
        circle.refresh_from_db()
        assert (circle.state, circle.ended_at) == ("open", None)
        assert renewal_options(Subscription.objects.get(pk=subscription.pk), today=day) is None
        invoices = Invoice.objects.filter(customer=subscription.customer)
        assert set(invoices.values_list("tenant_id", flat=True)) == {None}  # no neighbour reads them


def test_the_buyer_begins_again_from_the_customer_area(browse, now, clock):
    with inside_operator():
        contact = ContactFactory()
        subscription = opened(now, renewal="fixed", quantity=20, contact=contact)
        Order.objects.filter(pk=subscription.order_id).update(version=None)
        live_until(at(date(2027, 11, 17)))
    clock.move_to(at(date(2028, 1, 10)))
    page = buyer(browse, contact)
    address = url("portal_renew", subscription.pk)
    assert "Recommencer" in page.get(url("portal_subscription", subscription.pk)).text
    assert "4,90" in page.get(address).text
    wanted = {"quantity": "20", "method": "transfer"}
    assert page.post(address, wanted).status_code == 422  # the terms are not ticked
    assert page.post(address, wanted | {"terms": "on"}).status_code == 302
    with inside_operator():
        order = Order.objects.latest("confirmed_at")
        assert (order.net_cents, order.version, order.terms_version is not None) == (9800, None, True)
        assert order.sites.get().tenant_id == subscription.contract.tenant_id
    assert page.post(address, wanted | {"terms": "on"}).status_code == 302  # told that it goes on already
    assert len(rows_of(Order.objects.filter(version=None))) == 2


def test_a_quoted_customer_asks_for_the_quote_and_finance_prepares_it_in_one_click(browse, now, clock):
    with inside_operator():
        contact = ContactFactory()
        subscription = opened(now, renewal="fixed", contact=contact)
        live_until(at(date(2027, 10, 20)))
    clock.move_to(at(date(2027, 10, 20)))
    desk = clerk(browse, at(date(2027, 10, 20)))
    assert "Préparer le devis" in desk.get(url("subscription", subscription.pk)).text
    assert desk.post(url("renewal_prepare", subscription.pk)).status_code == 302
    page = buyer(browse, contact)
    answer = page.post(url("portal_renew", subscription.pk), {"quantity": "100"})
    assert answer.status_code == 302
    (request,) = rows_of(QuoteRequest.objects)
    assert request.users == 100
    drafts = rows_of(QuoteVersion.objects.filter(state="draft"))
    assert sorted(version.net_cents for version in drafts) == [100 * 490, 218 * 490]
    assert paris_day(request.asked_at) == date(2027, 10, 20)
