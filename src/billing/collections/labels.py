"""Words of claims for late interest that pages, lists and files share."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.invoicing.policy.state import (
    CREDIT_NOTE,
    CREDITED,
    LATE,
    OPEN,
    PAID,
    PART_PAID,
    PAYMENT_SUSPENDED,
    WRITTEN_OFF,
)
from billing.money.policy.rates import UnknownRate

CLAIM_WORDS = {
    OPEN: (gettext_lazy("to pay"), "wait", ""),
    LATE: (pgettext_lazy("claim", "overdue"), "wrong", ""),
    PAYMENT_SUSPENDED: (gettext_lazy("payment suspended"), "wait", ""),
    PART_PAID: (pgettext_lazy("claim", "part paid"), "wait", ""),
    PAID: (pgettext_lazy("claim", "paid"), "good", ""),
    CREDITED: (pgettext_lazy("claim", "corrected in full"), "", "undo-2"),
    WRITTEN_OFF: (pgettext_lazy("claim", "written off"), "", "ban"),
    CREDIT_NOTE: (pgettext_lazy("claim", "correction"), "", "undo-2"),
}

CLAIM_STATES = [
    (state, CLAIM_WORDS[state][0])
    for state in (OPEN, LATE, PAYMENT_SUSPENDED, PAID, CREDITED, WRITTEN_OFF, CREDIT_NOTE)
] + [("disputed", gettext_lazy("disputed"))]


def rate_lacking(unknown: UnknownRate) -> str:
    """Return in words which rate of late interest its tables don't know."""
    if unknown.table == "statutory":
        return _("the statutory rate of %(half)s isn’t published there") % {"half": unknown.of}
    if unknown.table == "ecb":
        return _("the rate of the European Central Bank of %(half)s isn’t published there") % {
            "half": unknown.of
        }
    return str(unknown)
