"""The form a consumer withdraws with, in French and in English."""

from __future__ import annotations

from datetime import datetime

from billing.returns.actions.render_withdrawal_form import withdrawal_form_pdf
from demo.samples.invoices import CARDS
from demo.samples.orders import Wanted, customer_named, order_of
from demo.samples.registry import SampleDocument, sample


@sample("formulaire-de-retractation")
def form(now: datetime) -> SampleDocument:
    """Return the form of a family that bought a subscription and cards."""
    order = order_of(customer_named("family"), Wanted("preau-ecole", 1, 4900), CARDS, now=now, method="card")
    return SampleDocument(withdrawal_form_pdf(order))


@sample("formulaire-de-retractation-anglais")
def english_form(now: datetime) -> SampleDocument:
    """Return the same in English, which says that French prevails."""
    order = order_of(customer_named("german_family"), Wanted("preau-ecole", 1, 4900), now=now, method="card")
    return SampleDocument(withdrawal_form_pdf(order))
