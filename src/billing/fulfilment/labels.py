"""Words and tones of a parcel's states."""

from django.utils.translation import gettext_lazy, pgettext_lazy

DELIVERY_STATES = {
    "planned": (gettext_lazy("to be shipped"), "wait", ""),
    "shipped": (gettext_lazy("on its way"), "accent", ""),
    "delivered": (gettext_lazy("delivered"), "good", ""),
    "cancelled": (pgettext_lazy("delivery", "cancelled"), "", "ban"),
}
