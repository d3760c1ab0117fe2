"""What a customer agreed to: per order the documents that bind them, the one that prevails first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.orders.models import Order
from billing.quotes.models import QuoteVersion
from billing.subscriptions.models import SubscriptionTerm
from contracts.models import TermsVersion
from contracts.policy.precedence import DPA, SALE, SPECIFIC, has_agreement_on_data, in_order
from contracts.queries import published_terms
from tenants.models import Customer

READ_WITHOUT = "school"  # whose terms an order without a subscription is made under, as for its signature


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """One document of an agreement: a version of terms, or the quote that was signed."""

    kind: str
    terms: TermsVersion | None = None
    quote: QuoteVersion | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """An order with what was accepted for it; for personal data `papers` stand in the order they prevail."""

    order: Order
    papers: tuple[AgreementDocument, ...]
    has_dpa: bool


def agreements(customer: Customer) -> list[Agreement]:
    """Return the agreements of a customer, the newest first, in a bounded number of statements."""
    orders = Order.objects.filter(customer=customer).exclude(state=Order.State.CANCELLED)
    rows = list(
        orders.select_related("version__quote", "version__signature", "steps").prefetch_related(
            "lines__product"
        )
    )
    terms = dict(SubscriptionTerm.objects.filter(order__in=rows).values_list("order_id", "terms_version"))
    accepted = {row.pk: row.terms_accepted or terms.get(row.pk) for row in rows}
    known = TermsVersion.objects.defer("text").in_bulk([each for each in accepted.values() if each])
    offers = {row.pk: _offer(row) for row in rows}
    published = published_terms({READ_WITHOUT, *offers.values()})
    return [_agreement(row, customer, known.get(accepted[row.pk]), offers[row.pk], published) for row in rows]


def _offer(order: Order) -> str:
    sold = (line.product.profile for line in order.lines.all() if line.product and line.product.profile)
    return next(sold, READ_WITHOUT)


def _agreement(
    order: Order, customer: Customer, sale: TermsVersion | None, offer: str, published: Iterable[TermsVersion]
) -> Agreement:
    papers = []
    for kind in in_order(customer.customer_type, on_personal_data=True):
        if kind == SPECIFIC:
            paper = AgreementDocument(kind, quote=order.version) if order.version else None
        elif kind == SALE and sale is not None:
            paper = AgreementDocument(kind, terms=sale)
        else:
            found = _in_force(published, kind, offer, customer.language, order.confirmed_on)
            paper = AgreementDocument(kind, terms=found) if found else None
        if paper is not None:
            papers.append(paper)
    has_dpa = has_agreement_on_data(customer.customer_type) and any(paper.kind == DPA for paper in papers)
    return Agreement(order, tuple(papers), has_dpa)


def _in_force(
    published: Iterable[TermsVersion], kind: str, offer: str, language: str, on: date
) -> TermsVersion | None:
    """Return the version that was in force on a day, in the customer's language where it exists, else in
    French.
    """
    of_kind = [row for row in published if (row.kind, row.profile) == (kind, offer) and row.in_force_on <= on]
    french = max(
        (row for row in of_kind if row.language == "fr"), key=lambda row: row.in_force_on, default=None
    )
    if french is None:
        return None
    same = (row for row in of_kind if (row.language, row.version) == (language, french.version))
    return next(same, french)
