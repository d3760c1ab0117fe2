"""Words of orders: their states, why one is refused or void, what follows a term."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

ORDER_STATES = {
    "waiting": (gettext_lazy("waiting for payment"), "wait", ""),
    "funded": (pgettext_lazy("order", "opening"), "accent", ""),
    "open": (pgettext_lazy("order", "open"), "good", ""),
    "cancelled": (pgettext_lazy("order", "cancelled"), "", "ban"),
}

ORDER_WORDS = ORDER_STATES | {
    "held": (gettext_lazy("on hold: something is overdue"), "wrong", ""),
    "cancellable": (gettext_lazy("unpaid, can be cancelled"), "wrong", ""),
    "written_off": (pgettext_lazy("invoice", "written off"), "", "ban"),
    "credited": (pgettext_lazy("order", "credited"), "", "undo-2"),
    "withdrawn": (pgettext_lazy("order", "withdrawn from"), "", "undo-2"),
}

REASONS = {
    "fraud_suspected": gettext_lazy("fraud is suspected"),
    "overdue": gettext_lazy("an amount is overdue"),
    "disputed": gettext_lazy("a payment is contested"),
    "abnormal_quantity": gettext_lazy("the quantity is abnormal for a household"),
    "price_error": gettext_lazy("manifest price error"),
}

TOLD = REASONS | {"unpaid_online": gettext_lazy("it was not paid within a day")}

RENEWALS = {
    "fixed": pgettext_lazy("renewal", "ends by itself"),
    "automatic": pgettext_lazy("renewal", "renews by itself"),
}

PAID_STEPS = {
    "cheque": gettext_lazy("Cheque received"),
    "transfer": gettext_lazy("Transfer sent"),
    "card": gettext_lazy("Paid by card"),
    "sepa_debit": gettext_lazy("SEPA direct debit agreed"),
}

WORDS = TOLD | {
    "withdrawal": gettext_lazy("withdrawal"),
    "impossible": gettext_lazy("can’t be delivered"),
    "term": gettext_lazy("its term was over"),
    "ended": gettext_lazy("what it was for had ended"),
    "phased_out": gettext_lazy("the product was withdrawn from sale"),
    "button": gettext_lazy("ended by the client in the customer area"),
    "registrations": gettext_lazy("the client cancelled all registrations"),
    "email": gettext_lazy("ended by the client by e-mail"),
    "breach": gettext_lazy("breach not remedied"),
    "suspended": gettext_lazy("suspended and not remedied"),
    "force_majeure": gettext_lazy("force majeure"),
    "notice_bounced": gettext_lazy("renewal announced in vain"),
    "trial": gettext_lazy("ended during the trial"),
    "shared out again": gettext_lazy("other money came for it"),
    "refunded": gettext_lazy("given back"),
    "cancelled": gettext_lazy("order cancelled"),
    "order cancelled": gettext_lazy("the order was cancelled before the money came"),
    "made at the provider": gettext_lazy("made at the payment provider"),
    "taken back in part": gettext_lazy("taken back by the payer’s bank"),
    "taken back beyond": gettext_lazy("taken back by the payer’s bank after it had been given back"),
}


def reason_words(reason: str) -> str:
    """Return a reason in words: our own in the reader's language, a person's as it was written."""
    return str(WORDS.get(reason, reason))


def paid_step(method: str, came: Sequence[str]) -> str | Promise:
    """Return the step of an order that its money is: what came, in fact, else what its client chose."""
    if len(came) > 1:
        return gettext_lazy("Payments received")
    return PAID_STEPS.get(came[0] if came else method, gettext_lazy("Paid"))
