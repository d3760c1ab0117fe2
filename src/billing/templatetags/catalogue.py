"""Words of the catalogue and the shop; pages and documents share them."""

from datetime import date, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from billing.models import Delivery, PriceList, Product, Promotion, Return
from contracts.templatetags.ui import chip

register = template.Library()

KINDS = {
    "subscription": gettext_lazy("subscription"),
    "service": gettext_lazy("service"),
    "goods": gettext_lazy("thing that is shipped"),
}
COUNTED = {
    "profiles": gettext_lazy("profiles"),
    "users": gettext_lazy("users"),
    "sites": gettext_lazy("sites"),
    "machines": gettext_lazy("connected machines"),
}
DELIVERY_STATES = {
    "planned": (gettext_lazy("to be shipped"), "wait", ""),
    "shipped": (gettext_lazy("on its way"), "accent", ""),
    "delivered": (gettext_lazy("delivered"), "good", ""),
    "cancelled": (pgettext_lazy("delivery", "cancelled"), "", "ban"),
}
RETURN_STATES = {
    "open": (gettext_lazy("waiting for the goods"), "wait", ""),
    "received": (gettext_lazy("goods received"), "accent", ""),
    "ended": (gettext_lazy("settled"), "good", ""),
    "refused": (pgettext_lazy("return", "refused"), "wrong", ""),
}


@register.simple_tag
def product_name(product: Product) -> str:
    """Return a product's name in the language of the page."""
    return product.name((get_language() or "fr")[:2])


@register.simple_tag
def product_kind(product: Product) -> str:
    """Return what kind of product it is."""
    return _("option") if product.option_of_id else str(KINDS[product.kind])


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
def delivery_state(delivery: Delivery) -> SafeString:
    """Return where a parcel is, as a chip."""
    return chip(*DELIVERY_STATES[delivery.state])


@register.simple_tag
def return_state(back: Return) -> SafeString:
    """Return where a return is, as a chip."""
    return chip(*RETURN_STATES[back.state])


GROUNDS = {
    "conformity": gettext_lazy("guarantee of conformity"),
    "hidden_defect": gettext_lazy("hidden defect"),
    "warranty": gettext_lazy("contractual warranty"),
}
OWN_WAY = {"withdrawal": gettext_lazy("withdrawal")}  # asked for by `withdraw`, never by a claim
ENDINGS = {
    "repair": gettext_lazy("repaired"),
    "replacement": gettext_lazy("replaced"),
    "refund": gettext_lazy("refunded"),
    "sale_undone": gettext_lazy("sale undone, refunded"),
    "price_reduced": gettext_lazy("price reduced"),
}
REFUSALS = {
    "too_late": gettext_lazy("the time of the guarantee is over"),
    "no_guarantee": gettext_lazy("this guarantee is for consumers"),
    "no_proof": gettext_lazy("a hidden defect must be proved"),
    "excluded_by_quote": gettext_lazy("the quote excludes this guarantee"),
    "same_trade": gettext_lazy("the buyer is of the same trade"),
    "no_warranty": gettext_lazy("no contractual warranty was given"),
    "incomplete": gettext_lazy("the goods came back incomplete"),
    "misuse": gettext_lazy("misuse"),
    "wear": gettext_lazy("normal wear"),
    "accident": gettext_lazy("an accident after delivery"),
    "altered": gettext_lazy("the goods were altered"),
    "not_sold_by_us": gettext_lazy("not sold by us"),
}


@register.filter
def ground_words(ground: str) -> str:
    """Return why something comes back, in words."""
    return str((GROUNDS | OWN_WAY).get(ground, ground))


@register.filter
def ending_words(ending: str) -> str:
    """Return how a return ended, in words."""
    return str(ENDINGS.get(ending, ending))


@register.filter
def refusal_words(refusal: str) -> str:
    """Return the listed exclusion a return was refused for, in words."""
    return str(REFUSALS.get(refusal, refusal))
