"""Words and tones of a quote's states."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

QUOTE_STATES = {
    "draft": (pgettext_lazy("quote", "draft"), "", "file-pen"),
    "sent": (pgettext_lazy("quote", "sent"), "accent", "send"),
    "signed": (pgettext_lazy("quote", "signed"), "good", ""),
    "expired": (pgettext_lazy("quote", "out of date"), "wait", ""),
    "withdrawn": (pgettext_lazy("quote", "withdrawn"), "", ""),
    "superseded": (pgettext_lazy("quote", "replaced"), "", ""),
}

DEMAND_STATES = {
    "waiting": (_("waits for the signatory"), "wait", ""),
    "confirmed": (_("confirmed"), "good", ""),
    "refused": (_("refused"), "wrong", ""),
    "expired": (_("expired"), "", ""),
}

BUYER_MOVED = _(
    "The client’s place or capacity changed since: save the quote again, its VAT is counted anew."
)
