"""Words of claims for late interest that pages, lists and files share."""

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
