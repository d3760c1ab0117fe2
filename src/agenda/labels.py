"""What the pages of the agenda say."""

from django.utils.translation import gettext_lazy as _

ADVICE = {
    "mail": _("The mail server doesn’t answer, or refuses: look at it. This is tried again by itself."),
    "database": _("The database was busy or away. This is tried again by itself."),
    "provider": _("The payment provider doesn’t answer. This is tried again by itself."),
    "key": _("The payment provider refuses the key: check STRIPE_API_KEY, then retry."),
    "rates": _("Rates are missing: read them in with import_rates, then retry."),
    "disk": _("A file or folder can’t be read or written: check the place and its disk, then retry."),
    "worker": _("No program here keeps it: start the workers of the newest version, then retry."),
    "report": _("Retry it once. If it fails again, report it with this line; nothing was half done."),
}
