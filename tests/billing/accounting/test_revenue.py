"""Revenue, what recurs and what is deferred, read from what really happened."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.accounting.queries.deferred import deferred_lines
from billing.accounting.queries.revenue import invoiced, recurring_by_currency, renewals
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import Product
from billing.money.policy.days import paris_day
from billing.money.policy.money import round_cents
from billing.payments.actions.record_transfer import record_transfer
from billing.subscriptions.actions.terminate import terminate_on_notice
from billing.workflows.actions.open_access import open_access
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
LAST = date(2026, 12, 31)


def opened(now, **chosen):
    """Return an order that was paid and opened on the day of `now`."""
    order = order_signed(now=now, method="transfer", **chosen)
    day = paris_day(now)
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=day,
        credited_on=day,
        reference="1",
        by=None,
        now=now,
        today=day,
    )
    open_access(order_id=order.pk, now=now, today=day)
    order.refresh_from_db()
    return order


def test_a_month_is_what_was_invoiced_less_what_was_credited(now):
    with inside_operator():
        one, two = (invoice_of(order_signed(now=at)) for at in (now - timedelta(days=40), now))
        credit_invoice(
            corrects=two, reason="Geste commercial", amounts={1: 1000}, by=None, now=now, today=paris_day(now)
        )
        (october, november) = invoiced(first=FIRST, last=LAST)["EUR"]
        assert october.total_cents == one.net_cents
        assert november.total_cents == two.net_cents - 1000
        assert november.cents["fees"] == 1500  # the cheque's
        assert invoiced(first=date(2026, 11, 2), last=LAST)["EUR"] == [november]


def test_deposits_are_no_revenue(now):
    with inside_operator():
        order_signed(now=now, down_payment_pct=30)
        assert not any(month.total_cents for month in invoiced(first=FIRST, last=LAST).get("EUR", []))


def test_a_subscription_recurs_renews_and_is_lost(now):
    with inside_operator():
        order = opened(now - timedelta(days=40), renewal="automatic")
        subscription = order.subscriptions.get()
        day = paris_day(now)
        rows = {row.month: row for row in recurring_by_currency(first=FIRST, last=day)["EUR"]}
        month = round(subscription.term.net_cents / 12)
        assert rows[date(2026, 9, 1)].mrr_cents == 0
        assert (rows[date(2026, 10, 1)].new_cents, rows[date(2026, 11, 1)].mrr_cents) == (month, month)
        (coming,) = renewals(day)
        assert (coming.state, coming.on, coming.cents) == (
            "to_announce",
            subscription.term.ends_on,
            order_net(order),
        )
        terminate_on_notice(subscription_id=subscription.pk, how="button", received_at=now, by=None, now=now)
        assert [each.state for each in renewals(day)] == ["terminated"]


def order_net(order):
    return sum(line.net_cents for line in order.lines.exclude(product=None))


def test_a_fixed_term_ends(now):
    with inside_operator():
        opened(now)
        assert [each.state for each in renewals(paris_day(now))] == ["fixed"]


def test_what_is_not_served_yet_is_deferred_by_the_days_of_the_term(now):
    with inside_operator():
        order = opened(now)
        term = order.subscriptions.get().term
        (line,) = deferred_lines(paris_day(now))
        days = (term.ends_on - term.starts_on).days
        assert (line.served.starts_on, line.served.ends_on) == (term.starts_on, term.ends_on)
        assert line.deferred_cents == pytest.approx(term.net_cents * (days - 1) / days, abs=1)
        assert line.recognised_cents + line.deferred_cents == term.net_cents
        assert deferred_lines(term.ends_on) == []
        assert deferred_lines(term.starts_on - timedelta(days=1)) == []


def test_what_nobody_opened_yet_is_deferred_whole_and_a_credit_note_lessens_it(now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer"))
        (line,) = deferred_lines(paris_day(now))
        assert (line.served.starts_on, line.deferred_cents) == (None, invoice.net_cents)
        credit_invoice(
            corrects=invoice,
            reason="Geste commercial",
            amounts={1: 1000},
            by=None,
            now=now,
            today=paris_day(now),
        )
        assert [each.deferred_cents for each in deferred_lines(paris_day(now))] == [invoice.net_cents - 1000]
        credit_invoice(corrects=invoice, reason="Geste commercial", by=None, now=now, today=paris_day(now))
        assert deferred_lines(paris_day(now)) == []


def test_things_are_deferred_for_a_consumer_until_they_have_them(now):
    with inside_operator():
        thing = Product.objects.create(
            key="affiche", name_fr="Affiche", name_en="Poster", kind="goods", methods=["transfer"], stock=9
        )
        line = [LineDraft(thing.pk, "Affiche", 2, 900)]
        order_signed(
            now=now, method="transfer", lines=line, site_slug=""
        )  # a professional's, from the conclusion on
        family = ContactFactory(customer__customer_type="consumer", customer__siren="")
        order_signed(family, now=now, method="transfer", lines=line, site_slug="")
        assert [each.deferred_cents for each in deferred_lines(paris_day(now))] == [1800]


def test_a_discount_is_served_as_each_of_the_lines_it_is_on(now):
    """A tenth off a thing that has left and a year that begins: the thing's part of it is served at once."""
    with inside_operator():
        thing = Product.objects.create(
            key="affiche", name_fr="Affiche", name_en="Poster", kind="goods", methods=["transfer"], stock=9
        )
        catalogue()
        year = Product.objects.get(key="preau-ecole")
        lines = [LineDraft(year.pk, "", 10, 1_200), LineDraft(thing.pk, "Affiche", 2, 900)]
        order = opened(now, lines=lines, discount=Discount(pct=Decimal(10)))
        term = order.subscriptions.get().term
        rest = {
            (line.line.kind, line.served.ends_on): line.deferred_cents
            for line in deferred_lines(paris_day(now))
        }
        days = (term.ends_on - term.starts_on).days
        left = round_cents(Decimal(12_000) * (days - 1) / days)
        assert rest.pop(("product", term.ends_on)) == left
        assert rest.pop(("discount", term.ends_on)) == -round_cents(Decimal(1_200) * (days - 1) / days)
        assert rest == {}  # what has left for a professional is served, with its part of the discount


def test_pages_and_files(browse, now):
    with inside_operator():
        invoice = invoice_of(opened(now, renewal="automatic"))
    finance = clerk(browse, now)
    page = finance.get(url("revenue")).content.decode()
    assert "<svg" in page
    assert "annonc" in page
    for what in ("", "recurring", "renewals"):
        assert b"EUR" in b"".join(finance.get(url("revenue"), {"format": "csv", "what": what}))
    page = finance.get(url("deferred"), {"on": "2026-11-30"}).content.decode()
    assert invoice.number in page
    assert invoice.number.encode() in b"".join(
        finance.get(url("deferred"), {"on": "2026-11-30", "format": "csv"})
    )
    assert finance.get(url("deferred"), {"on": "x"}).status_code == 422


def test_the_statements_do_not_grow_with_the_subscriptions(now):
    counts = []
    with inside_operator():
        for _ in range(2):
            for _ in range(2):
                opened(now)
            with CaptureQueriesContext(connection) as asked:
                invoiced(first=FIRST, last=LAST)
                recurring_by_currency(first=FIRST, last=LAST)
                renewals(paris_day(now))
                deferred_lines(paris_day(now))
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_recurs_is_net_of_discounts_and_of_what_was_credited(now):
    with inside_operator():
        then = now - timedelta(days=40)
        order = opened(then, discount=Discount(pct=Decimal(10)))
        term = order.subscriptions.get().term
        month = round_cents(Decimal(term.net_cents) * Decimal("0.9") / 12)
        invoice = invoice_of(order)
        credit_invoice(
            corrects=invoice, amounts={1: 1200}, reason="x", by=None, now=now, today=paris_day(now)
        )
        rows = {row.month: row for row in recurring_by_currency(first=FIRST, last=LAST)["EUR"]}
        assert rows[date(2026, 10, 1)].mrr_cents == month
        assert rows[date(2026, 11, 1)].mrr_cents == pytest.approx(month - 100, abs=1)
        assert rows[date(2026, 11, 1)].contraction_cents == pytest.approx(100, abs=1)
        (ends,) = renewals(paris_day(now))
        assert (ends.state, ends.goes_on) == ("fixed", False)
        assert ends.cents == round_cents(Decimal(term.net_cents) * Decimal("0.9")) - 1200
