"""Papers that are no invoices: quote, pro forma, claim for late payment, the report of sales to consumers."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.collections.actions.issue_interest_claim import interest_claim_pdf, issue_interest_claim
from billing.invoicing.actions.render_documents import pro_forma_pdf
from billing.invoicing.actions.report_sales import report_sales
from billing.invoicing.policy.channels import report_period
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.days import day_starts_at, paris_day
from billing.money.policy.rates import HalfYear
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.actions.issue_pro_forma import issue_pro_forma
from demo.factories.billing import ContactFactory, quote_sent
from demo.samples.invoices import SCHOOL, invoiced
from demo.samples.orders import Wanted, customer_named, order_of
from demo.samples.registry import SampleDocument, sample


def with_rates(now: datetime) -> datetime:
    """Return an instant whose rates of interest are known: this one, else one of the last half-year known."""
    last = max(interest_rates().statutory_by_half)
    if HalfYear.of(paris_day(now)) <= last:
        return now
    return day_starts_at(last.starts_on + timedelta(days=100)) + timedelta(hours=9)


@sample("devis")
def quote(now: datetime) -> SampleDocument:
    """Return a quote to be signed."""
    return SampleDocument(
        quote_pdf(quote_sent(ContactFactory.create(customer=customer_named("professional")), now=now))
    )


@sample("pro-forma")
def pro_forma(now: datetime) -> SampleDocument:
    """Return the pro forma of a quote."""
    version = quote_sent(ContactFactory.create(customer=customer_named("school")), now=now)
    return SampleDocument(
        pro_forma_pdf(issue_pro_forma(version=version, by=None, now=now, today=paris_day(now)))
    )


@sample("interets-de-retard")
def claim(now: datetime) -> SampleDocument:
    """Return the claim for an invoice forty days overdue, on the last days whose rates are known."""
    now = with_rates(now)
    then = now - timedelta(days=70)
    invoice = invoiced(order_of(customer_named("professional"), *SCHOOL, now=then), then)
    today = paris_day(now)
    return SampleDocument(
        interest_claim_pdf(issue_interest_claim(invoice=invoice, as_of=today, by=None, now=now, today=today))
    )


@sample("declaration-ventes-consommateurs")
def consumer_report(now: datetime) -> SampleDocument:
    """Return the report of ten days of sales to consumers."""
    for key in ("family", "german_family"):
        invoiced(order_of(customer_named(key), Wanted("preau-ecole", 2, 4900), now=now, method="card"), now)
    period = report_period(paris_day(now))
    made = report_sales(starts_on=period.starts_on, ends_on=period.ends_on, now=now)
    return SampleDocument(text=bytes(made.content))
