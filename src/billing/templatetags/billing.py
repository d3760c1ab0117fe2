"""Words and tones of billing's states; pages and documents share them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from billing.catalogue.models import Product
from billing.catalogue.models.lines import Line
from billing.collections.labels import CLAIM_WORDS
from billing.collections.queries.claims import claim_state
from billing.customers.labels import regime_name
from billing.invoicing.labels import INVOICE_CHIPS, due_words
from billing.invoicing.policy.state import (
    LATE,
    WRITTEN_OFF,
)
from billing.invoicing.queries.balances import state_of
from billing.invoicing.queries.disputes import who_settles
from billing.money.labels import address_lines, country_name, method_name, price_words, rate
from billing.orders.labels import ORDER_WORDS
from billing.orders.models import Order, OrderLine
from billing.orders.queries.shown import line_shown
from billing.orders.queries.state import state_of_order
from billing.payments.labels import PAYMENT_STATES
from billing.payments.models import Payment
from billing.quotes.labels import DEMAND_STATES, QUOTE_STATES
from billing.quotes.models import AdministratorDemand, QuoteVersion
from billing.subscriptions.labels import SUBSCRIPTION_WORDS
from billing.subscriptions.models import Subscription
from billing.subscriptions.queries.shown import subscription_shown
from billing.subscriptions.queries.state import state_of_subscription
from contracts.registry import profile
from contracts.templatetags.ui import chip
from tenants.models import Contract

register = template.Library()

register.filter("country_name", country_name)

register.filter("address_lines", address_lines)

register.filter("regime_name", regime_name)

register.filter("rate", rate)

register.filter("method_name", method_name)


TRANSMISSION_STATES = {
    "waiting": (pgettext_lazy("document", "to be sent"), "wait", "clock"),
    "sent": (pgettext_lazy("document", "sent"), "accent", "send"),
    "received": (pgettext_lazy("document", "received"), "good", ""),
    "refused": (pgettext_lazy("document", "refused"), "wrong", ""),
    "paid": (pgettext_lazy("document", "paid"), "good", ""),
}

CHANNELS = {
    "chorus": gettext_lazy("Chorus Pro"),
    "platform": gettext_lazy("accredited platform"),
    "report": gettext_lazy("report of sales to the tax administration"),
}


@register.simple_tag(name="who_settles")
def dispute_line(client: str) -> str:
    """Return who settles a dispute of a kind of client, in the document's language (LG-S31)."""
    return who_settles(client, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def quote_state(version: QuoteVersion) -> SafeString:
    """Return the state of a version as a chip."""
    return chip(*QUOTE_STATES[version.state])


@register.simple_tag
def demand_state(demand: AdministratorDemand, now: datetime) -> SafeString:
    """Return what became of a demand for a new administrator as a chip."""
    return chip(*DEMAND_STATES[demand.state(now)])


@register.simple_tag
def order_state(order: Order) -> SafeString:
    """Return the state of an order as a chip; one on hold, or that may be cancelled, says so."""
    return chip(*ORDER_WORDS[state_of_order(order)])


@register.simple_tag
def order_state_told(order: Order) -> SafeString:
    """Return the state of an order as its client reads it: what was given up is no word for them."""
    state = state_of_order(order)
    return chip(pgettext("invoice", "closed")) if state == WRITTEN_OFF else chip(*ORDER_WORDS[state])


@register.filter
def order_word(order: Order) -> str:
    """Return what is so about an order, by its name."""
    return state_of_order(order)


@register.simple_tag
def payment_state(payment: Payment) -> SafeString:
    """Return the state of a payment as a chip."""
    return chip(*PAYMENT_STATES[payment.state])


@register.simple_tag
def invoice_state(invoice: Any, today: date) -> SafeString:
    """Return the state of an invoice as a chip; it comes from `queries.balances` and knows its balance."""
    state = state_of(invoice, today=today)
    if state == LATE:
        return chip(_("overdue by %(days)s d") % {"days": (today - invoice.falls_due_on).days}, "wrong")
    label, tone, *icon = INVOICE_CHIPS[state]
    return chip(str(label), str(tone), *map(str, icon))


@register.simple_tag
def invoice_state_told(invoice: Any, today: date) -> SafeString:
    """Return the state of an invoice as its client reads it.

    What the house gave up is no word for them.
    """
    if state_of(invoice, today=today) == WRITTEN_OFF:
        return chip(pgettext("invoice", "closed"))
    return invoice_state(invoice, today)


@register.simple_tag
def due_told(invoice: Any, today: date) -> str:
    """Return until or since when an invoice is to be paid, as it stands today."""
    return due_words(state_of(invoice, today=today), invoice.falls_due_on)


@register.simple_tag
def claim_due_told(claim: Any, today: date) -> str:
    """Return until or since when a claim for late interest is to be paid, as it stands today."""
    return due_words(claim_state(claim, today=today), claim.falls_due_on)


@register.simple_tag
def claim_state_chip(claim: Any, today: date) -> SafeString:
    """Return the state of a claim for late interest as a chip; the row knows its balance."""
    return chip(*CLAIM_WORDS[claim_state(claim, today=today)])


@register.simple_tag
def claim_state_told(claim: Any, today: date) -> SafeString:
    """Return the state of a claim as its client reads it: what was given up is no word for them."""
    if claim_state(claim, today=today) == WRITTEN_OFF:
        return chip(pgettext("claim", "closed"))
    return claim_state_chip(claim, today)


@register.simple_tag
def dispute_mark(asked: Any) -> SafeString:
    """Return the chip of an invoice or a claim that its client contests; nothing where it doesn't."""
    if not getattr(asked, "is_disputed", False):
        return SafeString("")
    return format_html(" {}", chip(_("disputed"), "wait", "flag"))


@register.simple_tag
def transmission_state(state: str) -> SafeString:
    """Return where a document is on its way, as a chip."""
    return chip(*TRANSMISSION_STATES[state])


READINGS = {
    "unreadable": gettext_lazy("It can’t be read."),
    "unknown_document": gettext_lazy("No document of that number went that way."),
    "unknown_state": gettext_lazy("We don’t know what that means."),
    "no_reason": gettext_lazy("It refuses and doesn’t say why."),
    "out_of_order": gettext_lazy("It can’t follow what is known of the document."),
}


@register.filter
def reading_words(why: str) -> str:
    """Return why an answer of a platform was not followed."""
    return str(READINGS.get(why, why))


@register.filter
def channel_name(channel: str) -> str:
    """Return the way documents go, in words."""
    return str(CHANNELS.get(channel, channel))


@register.filter
def offer_name(contract: Contract) -> str:
    """Return the name of the offer a contract holds, as its profile gives it."""
    names = profile(contract.profile_key, on=contract.profile_version).name
    return names["en" if (get_language() or "fr").startswith("en") else "fr"]


@register.filter
def rate_words(reason: str) -> str:
    """Return how a yearly rate was found, in the reader's language; an unknown shape stays as it is."""
    numbers = [rate_number(text) for text in re.findall(r"(?<![\dH])\d+(?:\.\d+)?(?![\dH])", reason)]
    year = re.search(r"(\d{4})H([12])", reason)
    if year is None:
        return reason
    words = _("first half of %(year)s") if year[2] == "1" else _("second half of %(year)s")
    half = words % {"year": year[1]}
    if reason.startswith("statutory"):
        return _("statutory rate for private individuals, %(half)s") % {"half": half}
    if reason.startswith("ECB"):
        return _("ECB %(ecb)s + %(points)s points, %(half)s") % {
            "ecb": numbers[0],
            "points": numbers[1],
            "half": half,
        }
    details = {"statutory": numbers[1], "ecb": numbers[2], "points": numbers[3], "half": half}
    return _("the higher of 3 × %(statutory)s and ECB %(ecb)s + %(points)s, %(half)s") % details


def rate_number(text: str) -> str:
    """Return a number of a rate with the decimal sign of the language."""
    return text.replace(".", ",") if (get_language() or "fr").startswith("fr") else text


@register.filter
def cents_exact(cents: Decimal) -> str:
    """Return an amount of cents that is not rounded yet, in units with four decimals."""
    locale = (get_language() or "fr").replace("-", "_")
    return format_decimal(cents / 100, locale=locale, format="#,##0.0000")


@register.filter
def iban(text: str) -> str:
    """Return an IBAN in groups of four, as people read it."""
    return "\u00a0".join(text[n : n + 4] for n in range(0, len(text), 4))


EVENTS = {
    "renewal_announced": gettext_lazy("The renewal is announced"),
    "renewed": gettext_lazy("It renews, with an invoice"),
    "ended": gettext_lazy("It ends"),
    "activated": gettext_lazy("The trial becomes the first term, with an invoice"),
    "trial_ended": gettext_lazy("The trial ends, nothing is invoiced"),
    "trial_reminder": gettext_lazy("The client is reminded of the trial’s end"),
    "charge": gettext_lazy("The saved payment method is charged"),
    "data_destroyed": gettext_lazy("What is left of its data is destroyed"),
    "circle_destroyed": gettext_lazy("What is left of the household is destroyed"),
    "files_destroyed": gettext_lazy("The last files are destroyed"),
    "overdue": gettext_lazy("An unpaid invoice becomes overdue"),
    "reminder": gettext_lazy("A reminder leaves"),
    "suspension_notice": gettext_lazy("The warning leaves that access will stop"),
    "breach_notice": gettext_lazy("The e-mail about a breach leaves"),
    "suspend": gettext_lazy("Access stops"),
    "terminable": gettext_lazy("It may be terminated"),
    "erase": gettext_lazy("A deletion is carried out"),
    "retention": gettext_lazy("What was kept for long enough is deleted"),
    "review": gettext_lazy("The administrator reviews who has which rights"),
    "end_announced": gettext_lazy("The end is announced"),
}


@register.filter
def event_words(what: str) -> str:
    """Return in words what the forecast foretells; a promise of another app keeps its name."""
    return str(EVENTS.get(what, what.replace("_", " ")))


@register.simple_tag
def product_name(product: Product) -> str:
    """Return a product's name in the reader's language."""
    return product.name((get_language() or "fr")[:2])


@register.simple_tag
def subscription_state(subscription: Subscription) -> SafeString:
    """Return the state of a subscription as a chip."""
    return chip(*SUBSCRIPTION_WORDS[state_of_subscription(subscription)])


@register.filter
def told_with_vat(document: Any, lines: Iterable[Line]) -> bool:
    """Return whether the lines of a document are told with their VAT, as to a consumer."""
    is_consumers = getattr(document, "customer_type", "") == "consumer"
    return is_consumers or any(line.unit_gross_cents is not None for line in lines)


@dataclass(frozen=True, slots=True)
class SiteLines:
    """The lines of one school on a document; the period where all of them have the same."""

    name: str
    lines: list[Any]
    has_head: bool

    @property
    def starts_on(self) -> date | None:
        """Return the first day of their one period."""
        found = {(getattr(each, "starts_on", None), getattr(each, "ends_on", None)) for each in self.lines}
        return next(iter(found))[0] if len(found) == 1 and self.has_head else None

    @property
    def last_day(self) -> date | None:
        """Return the last day of their one period."""
        return self.lines[0].last_day if self.starts_on else None

    @property
    def net_cents(self) -> int:
        """Return what they come to, excluding VAT."""
        return sum(each.net_cents for each in self.lines)

    @property
    def with_vat_cents(self) -> int:
        """Return what they come to, as a consumer reads it."""
        return sum(each.with_vat_cents for each in self.lines)


@register.filter
def by_site(lines: Iterable[Any]) -> list[SiteLines]:
    """Return the lines of a document school by school, what is for none of them last.

    An issued document names the one school it is for; others name theirs where there are several.
    """
    found: dict[str, list[Any]] = {}
    known = list(lines)
    for line in known:
        site = getattr(line, "site", None)
        found.setdefault(str(site) if site else "", []).append(line)
    is_issued = any(isinstance(getattr(line, "site", None), str) for line in known)
    several = len([name for name in found if name]) > 1
    ordered = sorted(found.items(), key=lambda item: not item[0])
    heads = is_issued or several
    named = heads and any(found)
    others = _("Common to all") if several else _("Other lines")
    return [SiteLines(name or others, each, bool(named)) for name, each in ordered]


@register.simple_tag
def subscription_price(subscription: Subscription, cents: int) -> str:
    """Return an amount of a subscription as its client reads it: with VAT for a consumer, and which it is."""
    price = subscription_shown(subscription, cents)
    return price_words(price.cents, subscription.term.currency, with_vat=price.with_vat)


@register.simple_tag
def subscription_amount(subscription: Subscription, cents: int) -> str:
    """Return in words an amount that was counted as the client of a subscription reads prices."""
    with_vat = subscription.order.is_consumer_protected
    return price_words(cents, subscription.term.currency, with_vat=with_vat)


@register.simple_tag
def line_price(line: OrderLine, cents: int, order: Order) -> str:
    """Return an amount of an order's line as its buyer reads it, and whether with VAT."""
    price = line_shown(line, cents, with_vat=order.is_consumer_protected)
    return price_words(price.cents, order.currency, with_vat=price.with_vat)
