"""Words of the accountant's pages."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.accounting.labels import FOUND, RENEWALS, due_words, kind_name, nature_name, tax_words
from billing.accounting.policy.vat_due import CREDITED, ISSUED, SUPPLIED, Due
from billing.desk.queries.mailings import Result
from contracts.labels import day_text
from contracts.templatetags.ui import chip

register = template.Library()

register.filter("tax_words", tax_words)

register.filter("nature_name", nature_name)

register.filter("kind_name", kind_name)

register.filter("due_words", due_words)

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
    return day_text(day, "F Y")
