"""Words of the accountant's pages."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.policy.vat_due import CREDITED, ISSUED, PAID, SUPPLIED, Due, Part
from billing.queries.mailings import Result
from billing.templatetags.billing import METHODS, rate
from contracts.templatetags.ui import chip

register = template.Library()

NATURES = {"goods": gettext_lazy("goods"), "services": gettext_lazy("services")}
REASONS = {
    "vat_outside_scope": gettext_lazy("not applicable (article 294)"),
    "vat_services_abroad": gettext_lazy("services outside France (article 259-1)"),
    "vat_reverse_charge": gettext_lazy("reverse charge (article 283-2)"),
    "vat_union_supply": gettext_lazy("supply within the Union (article 262 ter)"),
    "vat_export": gettext_lazy("export (article 262)"),
    "vat_training": gettext_lazy("training, exempt (article 261-4-4°)"),
}
KINDS = {
    "subscription": pgettext_lazy("revenue", "subscriptions"),
    "goods": pgettext_lazy("revenue", "goods"),
    "service": pgettext_lazy("revenue", "services"),
    "fees": pgettext_lazy("revenue", "delivery and fees"),
    "discount": pgettext_lazy("revenue", "discounts"),
}

RENEWALS = {
    "announced": (pgettext_lazy("renewal", "announced"), "good", "mail"),
    "to_announce": (pgettext_lazy("renewal", "to be announced"), "wait", "clock"),
    "terminated": (pgettext_lazy("renewal", "terminated"), "wrong", "ban"),
    "fixed": (pgettext_lazy("renewal", "fixed term, ends"), "", "calendar-check"),
    "withdrawn": (pgettext_lazy("renewal", "withdrawn from sale"), "", "ban"),
}

MAILINGS = {
    "invoices": gettext_lazy("Invoices sent again"),
    "reminders": gettext_lazy("Reminders of what is overdue"),
    "quotes": gettext_lazy("Reminders of quotes to sign"),
}
RESULTS = {
    "waiting": (pgettext_lazy("mail", "waiting"), "wait", "clock"),
    "posted": (pgettext_lazy("mail", "leaving"), "accent", "send"),
    "sent": (pgettext_lazy("mail", "sent"), "good", ""),
    "failing": (pgettext_lazy("mail", "not accepted yet, tried again"), "wrong", ""),
    "moot": (pgettext_lazy("mail", "no longer needed"), "", ""),
    "nobody": (pgettext_lazy("mail", "nobody to write to"), "wrong", ""),
    "gone": (pgettext_lazy("mail", "no longer there"), "", ""),
    "settled": (pgettext_lazy("mail", "paid or contested meanwhile"), "", ""),
    "not_waiting": (pgettext_lazy("mail", "answered meanwhile"), "", ""),
}

FOUND = {
    "customers": gettext_lazy("Customers"),
    "contacts": gettext_lazy("Contacts"),
    "quotes": gettext_lazy("Quotes"),
    "orders": gettext_lazy("Orders"),
    "invoices": gettext_lazy("Invoices"),
    "claims": gettext_lazy("Claims for late interest"),
    "payments": gettext_lazy("Payments"),
    "subscriptions": gettext_lazy("Subscriptions"),
    "notes": gettext_lazy("Notes"),
}


@register.filter
def found_name(kind: str) -> str:
    """Return what a kind of hits is called."""
    return str(FOUND[kind])


@register.filter
def mailing_name(kind: str) -> str:
    """Return a kind of sending in words."""
    return str(MAILINGS[kind])


@register.simple_tag
def mail_result(result: Result) -> SafeString:
    """Return what became of a mail as a chip."""
    return chip(*RESULTS[result.row.reason or result.state])


@register.simple_tag
def renewal_state(state: str) -> SafeString:
    """Return what follows a term as a chip."""
    return chip(*RENEWALS[state])


@register.filter
def tax_words(part: Part) -> str:
    """Return how a sum is taxed: its rate, or why it bears none."""
    return str(REASONS[part.reason]) if part.reason in REASONS else rate(part.rate_pct)


@register.filter
def nature_name(nature: str) -> str:
    """Return goods or services in words."""
    return str(NATURES.get(nature, nature))


@register.filter
def kind_name(kind: str) -> str:
    """Return a kind of revenue in words."""
    return str(KINDS.get(kind, kind))


@register.filter
def due_words(due: Due) -> str:
    """Return what made VAT fall due, or took it back."""
    if due.kind == ISSUED:
        return _("invoiced")
    if due.kind == SUPPLIED:
        return _("goods sent")
    if due.kind == CREDITED:
        return _("credit note %(number)s") % {"number": due.label}
    method, _bar, reference = due.label.partition("|")
    told = " ".join(filter(None, (str(METHODS.get(method, method)), reference)))
    return (
        _("paid: %(what)s") % {"what": told}
        if due.kind == PAID
        else _("taken back: %(what)s") % {"what": told}
    )


@register.filter
def due_url(due: Due) -> str:
    """Return the page of what made VAT fall due."""
    place = "billing:invoice" if due.kind in {ISSUED, SUPPLIED, CREDITED} else "billing:payment"
    return reverse(place, args=[due.key])


@register.filter
def month_of(text: str) -> str:
    """Return a month that is kept as 2026-10 in words."""
    return month_name(date.fromisoformat(f"{text}-01"))


@register.filter
def month_name(day: date) -> str:
    """Return a month and its year."""
    return date_format(day, "F Y")
