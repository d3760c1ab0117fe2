"""What the catalogue calls its things on screen and in a spreadsheet."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "subscription": gettext_lazy("subscription"),
    "service": gettext_lazy("service"),
    "goods": gettext_lazy("thing that is shipped"),
}


def product_kind(kind: str, *, is_option: bool) -> str:
    """Return what kind of product it is."""
    return _("option") if is_option else str(KINDS[kind])
