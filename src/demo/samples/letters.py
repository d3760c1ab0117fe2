"""Letters: the formal notice to pay, a professional's and a consumer's."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.collections.actions.render_formal_notice import formal_notice_pdf
from billing.money.policy.days import paris_day
from demo.samples.invoices import SCHOOL, invoiced
from demo.samples.orders import Wanted, customer_named, order_of
from demo.samples.registry import SampleDocument, sample


@sample("mise-en-demeure-professionnel")
def to_a_professional(now: datetime) -> SampleDocument:
    """Return the notice for an invoice forty days overdue, with what the delay has cost."""
    then = now - timedelta(days=70)
    invoice = invoiced(order_of(customer_named("professional"), *SCHOOL, now=then), then)
    return SampleDocument(formal_notice_pdf(invoice, today=paris_day(now)))


@sample("mise-en-demeure-consommateur")
def to_a_consumer(now: datetime) -> SampleDocument:
    """Return the notice from which a consumer's interest runs."""
    then = now - timedelta(days=70)
    order = order_of(customer_named("family"), Wanted("preau-ecole", 2, 4900), now=then, method="card")
    return SampleDocument(formal_notice_pdf(invoiced(order, then), today=paris_day(now)))
