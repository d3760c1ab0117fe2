"""What a forecast says and what the agenda does: the same on the same days, over a year, for each offer."""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Price, Product, SubscriptionTerm
from billing.money.policy.days import paris_day
from billing.subscriptions.queries.forecast import forecast
from contracts.registry import profiles
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue
from demo.world import live_until
from isolation.context import inside_operator
from tests.clauses.stage import subscribed

TODAY = date(2026, 11, 16)
UNTIL = date(2027, 11, 20)
OFFERS = [
    (each.key, renewal)
    for each in profiles(on=TODAY)
    if each.domain != "shared"  # a household's is opened by another door
    for renewal in ("automatic", "fixed")
]
TOLD = {
    "renewal_announced",
    "end_announced",
    "renewed",
    "ended",
    "review",
}  # what a year holds without anybody


@pytest.mark.django_db
@pytest.mark.parametrize(("offer", "renewal"), OFFERS)
def test_a_year_of_the_agenda_is_what_was_forecast(offer, renewal, now, clock):
    subscription = bought(offer, renewal, now)
    with inside_operator():
        tenant = subscription.contract.tenant
        alone = subscription.customer_id if tenant.is_shared else None
        events = forecast(tenant, today=TODAY, until=UNTIL, customer_id=alone)
        Obligation.objects.filter(kind="retention").delete()  # every night the same round
    told = sorted((each.on, each.what) for each in events if each.what in TOLD)
    end = now + (UNTIL - TODAY)
    clock.move_to(end)
    live_until(end)
    with inside_operator():
        assert sorted(happened(subscription, tenant)) == told


def bought(offer, renewal, now):
    with inside_operator():
        consumer = next(each for each in profiles(on=TODAY) if each.key == offer).client == "consumer"
        kind = "consumer" if consumer else "professional"
        product = Product.objects.create(
            key=f"offer-{offer}", name_fr=offer, name_en=offer, profile=offer, methods=["transfer"]
        )
        Price.objects.create(price_list=catalogue(), product=product, net_cents=500)
        contact = ContactFactory(customer=CustomerFactory(customer_type=kind))
    line = LineDraft(product.pk, offer, 10, 500)
    return subscribed(now, contact, renewal=renewal, lines=[line])


def happened(subscription, tenant):
    """Yield what became of it, as its own rows say, each on its day."""
    announced = "renewal_announced" if subscription.renewal == "automatic" else "end_announced"
    for notice in subscription.notices.told():
        yield notice.left_on, announced
    for term in SubscriptionTerm.objects.filter(subscription=subscription, position__gt=1):
        yield term.starts_on, "renewed"
    subscription.refresh_from_db()
    if subscription.ended_on:
        yield subscription.ended_on, "ended"
    for review in Obligation.objects.filter(kind="review", subject_id=tenant.pk, state="kept"):
        yield paris_day(review.settled_at), "review"
