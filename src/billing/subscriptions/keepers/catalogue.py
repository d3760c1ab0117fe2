"""What is promised about products: their subscribers are told ahead."""

from collections.abc import Mapping
from datetime import datetime

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Kept, Mail, Outcome, keeper, kept_or_moot, message
from billing.catalogue.actions.phase_out_product import stop_sale
from billing.catalogue.models import Phaseout, Requirements
from billing.customers.keepers.mail import mail_to
from billing.subscriptions.actions.tell_subscribers import (
    announce_requirements,
    phaseout_key,
    requirements_key,
    tell_subscribers,
)
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.subscriptions import phased_out_on

Ids = Mapping[str, str]


@keeper("MC-1s", kind="tell", where="operator")
def keep_discontinuation_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell every subscriber that a product goes, at least 6 months ahead."""
    phaseout = Phaseout.objects.get(pk=obligation.subject_id)
    told = tell_subscribers(phaseout=phaseout, now=now)
    return outcome_of_mail([phaseout_key(phaseout, each) for each in told], now=now, told=len(told))


@keeper("MC-1s", kind="stop", where="operator")
def keep_sale_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """Take the product off quotes and prices on its day."""
    phaseout = Phaseout.objects.get(pk=obligation.subject_id)
    stopped = stop_sale(phaseout=phaseout, now=now)
    return kept_or_moot(stopped, "not on sale any more", stopped=stopped)


@keeper("MC-1s", kind="end", where="operator")
def keep_access_end(obligation: Obligation, *, now: datetime) -> Outcome:
    """Count who still runs to the end of their term; nothing renews any more."""
    phaseout = Phaseout.objects.get(pk=obligation.subject_id)
    return Kept(still_running=Subscription.objects.alive().filter(product=phaseout.product_id).count())


@keeper("LG-S11", kind="announce", where="operator")
def keep_requirements_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell every subscriber of a major change of the technical requirements."""
    version = Requirements.objects.get(pk=obligation.subject_id)
    told = announce_requirements(version=version, now=now)
    return outcome_of_mail([requirements_key(version, each) for each in told], now=now, told=len(told))


@message("billing/product_phased_out", template="billing/subscriptions/mail/product_phased_out")
def product_phased_out(ids: Ids) -> Mail | None:
    """Return the mail that says a product goes, until when it can be used, and why."""
    phaseout = Phaseout.objects.select_related("product").get(pk=ids["phaseout"])
    subscription = (
        Subscription.objects.select_related("contact__customer").filter(pk=ids["subscription"]).first()
    )
    if subscription is None or subscription.ended_on:
        return None
    contact = subscription.contact
    return mail_to(
        contact,
        product=phaseout.product.name(contact.language),
        reason=phaseout.reason(contact.language),
        phaseout=phaseout,
        until=phased_out_on(subscription, phaseout),
    )


@message("billing/requirements_changed", template="billing/subscriptions/mail/requirements_changed")
def requirements_changed(ids: Ids) -> Mail | None:
    """Return the mail that says what a product will need, and from when."""
    version = Requirements.objects.select_related("product").get(pk=ids["version"])
    subscription = (
        Subscription.objects.select_related("contact__customer").filter(pk=ids["subscription"]).first()
    )
    if subscription is None or subscription.ended_on:
        return None
    language = subscription.contact.language
    return mail_to(
        subscription.contact,
        product=version.product.name(language),
        version=version,
        text=version.text(language),
    )
