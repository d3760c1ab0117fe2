"""Words of invoices that pages and mails share."""

from datetime import date
from typing import Any

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
from contracts.labels import day_text

INVOICE_CHIPS = {
    CREDIT_NOTE: (gettext_lazy("credit note"), "", "undo-2"),
    CREDITED: (pgettext_lazy("invoice", "credited"), "", "undo-2"),
    WRITTEN_OFF: (pgettext_lazy("invoice", "written off"), "", "ban"),
    PAID: (gettext_lazy("paid"), "good"),
    OPEN: (gettext_lazy("to pay"), "wait"),
    PAYMENT_SUSPENDED: (gettext_lazy("payment suspended"), "wait"),
    PART_PAID: (gettext_lazy("part paid"), "wait"),
}


def state_words(state: str) -> str:
    """Return the state of an invoice in words, as files say it."""
    return _("overdue") if state == LATE else str(INVOICE_CHIPS[state][0])


def with_dispute_word(word: object, asked: Any) -> str:
    """Return the state of an invoice or a claim in words, and that its client contests it."""
    return ", ".join([str(word), *([_("disputed")] if asked.is_disputed else [])])


def due_words(state: str, due_on: date) -> str:
    """Return until or since when something is to be paid, in the state it is in: a day that is past is told
    as past, one that an event holds back not at all.
    """
    if state == PAYMENT_SUSPENDED:
        return _("its payment is suspended while an event lasts")
    words = _("due since %(day)s") if state == LATE else _("to be paid by %(day)s at the latest")
    return words % {"day": day_text(due_on)}
