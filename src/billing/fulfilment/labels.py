"""Words and tones of a parcel's states."""

from django.utils.translation import gettext_lazy, pgettext_lazy

MOVED_BECAUSE = {
    "paid_later": gettext_lazy("the money came after the day shown"),
    "closed": gettext_lazy("nothing leaves from here on the day shown"),
    "withheld": gettext_lazy("something is overdue: it waits until that is paid"),
    "awaits_answer": gettext_lazy("it waits for an answer about an equivalent"),
    "not_ready": gettext_lazy("it wasn’t ready on the day shown"),
}

DELIVERY_STATES = {
    "planned": (gettext_lazy("to be shipped"), "wait", ""),
    "shipped": (gettext_lazy("on its way"), "accent", ""),
    "delivered": (gettext_lazy("delivered"), "good", ""),
    "cancelled": (pgettext_lazy("delivery", "cancelled"), "", "ban"),
}


WITHHELD = (gettext_lazy("withheld: unpaid"), "wrong", "")


def moved_words(because: str, words: str = "") -> str:
    """Return why a parcel leaves on another day than the one shown, "" where it doesn't."""
    return words or str(MOVED_BECAUSE.get(because, ""))
