"""Words and tones of a payment's states."""

from django.utils.translation import gettext_lazy

PAYMENT_STATES = {
    "received": (gettext_lazy("to be credited"), "wait", ""),
    "proved": (gettext_lazy("proved, to be credited"), "accent", ""),
    "credited": (gettext_lazy("credited"), "good", ""),
    "bounced": (gettext_lazy("refused by the bank"), "wrong", ""),
}
