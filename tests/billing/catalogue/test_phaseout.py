"""A product that leaves the market: subscribers are told, run to their term, and don't renew after the
notice.
"""

from datetime import date, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from billing.catalogue.actions.phase_out_product import phase_out_product
from billing.catalogue.actions.publish_requirements import publish_requirements
from billing.models import Product, Subscription
from billing.money.policy.days import day_starts_at, paris_day
from billing.payments.actions.record_transfer import record_transfer
from billing.workflows.actions.end_term import end_term
from billing.workflows.actions.open_access import open_access
from demo.factories.billing import invoice_of, order_signed


def subscribed(now):
    order = order_signed(now=now, method="transfer", renewal="automatic")
    today = paris_day(now)
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=today,
        credited_on=today,
        reference="1",
        by=None,
        now=now,
        today=today,
    )
    open_access(order_id=order.pk, now=now, today=today)
    return Subscription.objects.get(order=order)


def phase_out(product, now, *, access_until):
    return phase_out_product(
        product=product,
        sold_until=paris_day(now),
        access_until=access_until,
        reason_fr="Remplacé par un autre.",
        reason_en="Replaced by another.",
        by=None,
        now=now,
        today=paris_day(now),
    )


@pytest.mark.usefixtures("as_operator")
def test_subscribers_are_told_and_nothing_renews_after_the_notice(now, mailoutbox):
    subscription = subscribed(now)
    ends_on = subscription.term.ends_on
    phaseout = phase_out(subscription.product, now, access_until=date(2027, 5, 16))
    tick(now)
    send_outbox(now)
    told = next(mail for mail in mailoutbox if "retiré" in mail.subject)
    assert "Remplacé par un autre." in told.body
    assert "16 novembre 2027" in told.body  # the end of what is paid, later than the notice
    assert not Product.objects.get(pk=subscription.product_id).is_sold
    told = Obligation.objects.get(clause="MC-1s", kind="tell", subject_id=phaseout.id)
    assert told.state == "owed"  # written isn't sent
    tick(now + timedelta(minutes=1))
    told.refresh_from_db()
    assert (told.state, told.evidence["told"], told.evidence["mails"]) == ("kept", 1, 1)
    later = day_starts_at(ends_on) + timedelta(minutes=1)
    assert end_term(subscription_id=subscription.pk, ends_on=ends_on, now=later, today=ends_on) == "ended"
    subscription.refresh_from_db()
    assert (subscription.ended_on, subscription.end_reason) == (ends_on, "phased_out")


@pytest.mark.usefixtures("as_operator")
def test_a_term_that_ends_within_the_notice_renews_as_it_was_promised(now):
    subscription = subscribed(now)
    ends_on = subscription.term.ends_on
    phase_out(subscription.product, now, access_until=ends_on + timedelta(days=1))
    later = day_starts_at(ends_on)
    assert end_term(subscription_id=subscription.pk, ends_on=ends_on, now=later, today=ends_on) == "renewed"


@pytest.mark.usefixtures("as_operator")
def test_a_major_change_of_requirements_is_told_to_subscribers(now, mailoutbox):
    subscription = subscribed(now)
    today = paris_day(now)
    product = Product.objects.get(pk=subscription.product_id)
    texts = {"text_fr": "Un navigateur de 2027", "text_en": "A browser of 2027"}
    details = {"product": product, "by": None, "now": now, "today": today, **texts}
    publish_requirements(is_major=False, in_force_on=today, **details)
    publish_requirements(is_major=True, in_force_on=today + timedelta(days=30), **details)
    tick(now)
    send_outbox(now)
    (mail,) = [mail for mail in mailoutbox if "prérequis" in mail.subject]
    assert "Un navigateur de 2027" in mail.body
    assert "16 décembre 2026" in mail.body
