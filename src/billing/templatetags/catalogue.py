"""Words of the catalogue and the shop; pages and documents share them."""

from datetime import date, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from billing.catalogue import labels
from billing.catalogue.models import PriceList, Product, Promotion
from billing.fulfilment.labels import DELIVERY_STATES, WITHHELD, moved_words
from billing.fulfilment.models import Delivery, Return
from billing.returns.labels import (
    CHOICES,
    GROUNDS,
    OWN_WAY,
    RETURN_STATES,
    beside_sentence,
    money_sentence,
    refund_sentences,
    refusal_words,
    remedy_label,
)
from billing.returns.models import Withdrawal
from billing.returns.queries.given_back import given_back
from contracts.templatetags.ui import chip

register = template.Library()

register.filter("remedy_label", remedy_label)

register.filter("refusal_words", refusal_words)

COUNTED = {
    "profiles": gettext_lazy("profiles"),
    "users": gettext_lazy("users"),
    "sites": gettext_lazy("sites"),
    "machines": gettext_lazy("connected machines"),
}


@register.simple_tag
def product_name(product: Product) -> str:
    """Return a product's name in the language of the page."""
    return product.name((get_language() or "fr")[:2])


@register.simple_tag
def product_kind(product: Product) -> str:
    """Return what kind of product it is."""
    return labels.product_kind(product.kind, is_option=product.option_of_id is not None)


@register.simple_tag
def counted(product: Product) -> str:
    """Return what one of a product is."""
    return (
        str(COUNTED[product.counts])
        if product.kind == Product.Kind.SUBSCRIPTION
        else product.unit(get_language() or "fr")
    )


@register.simple_tag
def product_state(product: Product, today: date) -> SafeString:
    """Return whether a product is on sale, as a chip."""
    phaseout = getattr(product, "phaseout", None)
    if phaseout is not None and phaseout.sold_until <= today:
        return chip(_("withdrawn from sale"), "wrong", "ban")
    if not product.is_sold:
        return chip(_("not on sale"), "")
    return chip(_("sale ends soon"), "wait") if phaseout is not None else chip(_("on sale"), "good")


@register.simple_tag
def list_state(price_list: PriceList, today: date) -> SafeString:
    """Return whether a list holds, as a chip."""
    if price_list.starts_on > today:
        return chip(_("to come"), "accent")
    if price_list.ends_on is not None and price_list.ends_on <= today:
        return chip(_("over"), "")
    return chip(_("in force"), "good")


@register.simple_tag
def promotion_state(promotion: Promotion, today: date) -> SafeString:
    """Return whether a promotion runs, as a chip."""
    if promotion.starts_on > today:
        return chip(_("to come"), "accent")
    return chip(_("over"), "") if promotion.ends_on <= today else chip(_("running"), "good")


@register.simple_tag
def months(count: int) -> str:
    """Return a number of months in words."""
    return ngettext("%(n)d month", "%(n)d months", count) % {"n": count}


@register.filter
def day_before(day: date) -> date:
    """Return the last day of a half-open period."""
    return day - timedelta(days=1)


@register.simple_tag
def delivery_state(delivery: Delivery, is_withheld: bool = False) -> SafeString:
    """Return where a parcel is, as a chip; one that must stay here says so."""
    return chip(*WITHHELD) if is_withheld else chip(*DELIVERY_STATES[delivery.state])


@register.filter
def moved_because(delivery: Delivery) -> str:
    """Return why a parcel leaves on another day than the one shown, "" where it doesn't."""
    return moved_words(delivery.moved_because, delivery.moved_words)


@register.simple_tag
def return_state(back: Return) -> SafeString:
    """Return where a return is, as a chip."""
    return chip(*RETURN_STATES[back.state])


@register.filter
def refund_told(withdrawal: Withdrawal) -> str:
    """Return what a client is told of the money of a withdrawal: what is waited for, and until when."""
    told = refund_sentences(
        withdrawal.refund,
        return_due_on=withdrawal.return_due_on,
        refund_by=withdrawal.refund_by,
        settled=money_told(withdrawal),
        beside=_beside_told(withdrawal),
    )
    return " ".join(told)


def _beside_told(withdrawal: Withdrawal) -> str:
    back = given_back(withdrawal)
    return beside_sentence(back, withdrawal.order.currency) if back else ""


@register.filter
def money_told(withdrawal: Withdrawal) -> str:
    """Return what became of the money of a withdrawal, nothing while some is to be given back."""
    back = given_back(withdrawal)
    return money_sentence(back, withdrawal.order.currency) if back and back.is_settled else ""


@register.filter
def choice_words(remedy: str) -> str:
    """Return the remedy a client chose, in words."""
    return str(CHOICES.get(remedy, remedy))


@register.filter
def ground_words(ground: str) -> str:
    """Return why something comes back, in words."""
    return str((GROUNDS | OWN_WAY).get(ground, ground))
