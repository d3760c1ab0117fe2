"""Words of the accountant's pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.accounting.policy.vat_due import CREDITED, ISSUED, LOST, PAID, SUPPLIED, Due, Part
from billing.money.labels import method_name, rate

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
    "agreed": (pgettext_lazy("renewal", "agreed"), "good", ""),
    "to_announce": (pgettext_lazy("renewal", "to be announced"), "wait", "clock"),
    "terminated": (pgettext_lazy("renewal", "terminated"), "wrong", "ban"),
    "fixed": (pgettext_lazy("renewal", "fixed term, ends"), "", "calendar-check"),
    "withdrawn": (pgettext_lazy("renewal", "withdrawn from sale"), "", "ban"),
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


def tax_words(part: Part) -> str:
    """Return how a sum is taxed: its rate, or why it bears none."""
    return str(REASONS[part.reason]) if part.reason in REASONS else rate(part.rate_pct)


def nature_name(nature: str) -> str:
    """Return goods or services in words."""
    return str(NATURES.get(nature, nature))


def kind_name(kind: str) -> str:
    """Return a kind of revenue in words."""
    return str(KINDS.get(kind, kind))


def due_words(due: Due) -> str:
    """Return what made VAT fall due, or took it back."""
    if due.kind == ISSUED:
        return _("invoiced")
    if due.kind == SUPPLIED:
        return _("goods sent")
    if due.kind == CREDITED:
        return _("credit note %(number)s") % {"number": due.label}
    if due.kind == LOST:
        return _("written off for good") if due.vat_cents < 0 else _("write-off undone")
    method, _bar, reference = due.label.partition("|")
    told = " ".join(filter(None, (method_name(method), reference)))
    return (
        _("paid: %(what)s") % {"what": told}
        if due.kind == PAID
        else _("taken back: %(what)s") % {"what": told}
    )
