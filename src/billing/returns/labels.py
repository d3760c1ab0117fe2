"""Words of returns: their states, grounds, endings and refusals."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.returns.policy.withdrawal import RefundsSoFar, RefundStanding
from contracts.labels import day_text
from contracts.templatetags.ui import money_text

RETURN_STATES = {
    "open": (gettext_lazy("waiting for the goods"), "wait", ""),
    "received": (gettext_lazy("goods received"), "accent", ""),
    "ended": (gettext_lazy("settled"), "good", ""),
    "refused": (pgettext_lazy("return", "refused"), "wrong", ""),
}

GROUNDS = {
    "conformity": gettext_lazy("guarantee of conformity"),
    "hidden_defect": gettext_lazy("hidden defect"),
    "warranty": gettext_lazy("contractual warranty"),
}

OWN_WAY = {"withdrawal": gettext_lazy("withdrawal")}  # asked for by `withdraw`, never by a claim

REMEDIES = {
    "repair": gettext_lazy("repaired"),
    "replacement": gettext_lazy("replaced"),
    "refund": gettext_lazy("refunded"),
    "sale_undone": gettext_lazy("sale undone, refunded"),
    "price_reduced": gettext_lazy("price reduced"),
}

CHOICES = {
    "repair": gettext_lazy("a repair"),
    "replacement": gettext_lazy("a replacement"),
    "sale_undone": gettext_lazy("the sale undone"),
    "price_reduced": gettext_lazy("a lower price"),
}

BECAUSE = {
    "impossible": gettext_lazy("what they chose can’t be done"),
    "out_of_proportion": gettext_lazy("it would cost out of all proportion"),
    "agreed": gettext_lazy("they agreed to another end"),
}

REFUSALS = {
    "too_late": gettext_lazy("the time of the guarantee is over"),
    "no_guarantee": gettext_lazy("this guarantee is for consumers"),
    "no_proof": gettext_lazy("a hidden defect must be proved"),
    "excluded_by_quote": gettext_lazy("the quote excludes this guarantee"),
    "same_trade": gettext_lazy("the buyer is of the same trade"),
    "no_warranty": gettext_lazy("no contractual warranty was given"),
    "incomplete": gettext_lazy("the goods came back incomplete"),
    "misuse": gettext_lazy("misuse"),
    "wear": gettext_lazy("normal wear"),
    "accident": gettext_lazy("an accident after delivery"),
    "altered": gettext_lazy("the goods were altered"),
    "not_sold_by_us": gettext_lazy("not sold by us"),
}


def remedy_label(remedy: str) -> str:
    """Return how a return ended, in words."""
    return str(REMEDIES.get(remedy, remedy))


def refusal_words(refusal: str) -> str:
    """Return the listed exclusion a return was refused for, in words."""
    return str(REFUSALS.get(refusal, refusal))


def money_sentence(back: RefundsSoFar, currency: str) -> str:
    """Return what is said of the money of a withdrawal once nothing of what is credited is left to give."""
    if back.made_on is None:
        nothing = _("Nothing was paid of what is credited: nothing goes back.")
        return beside_sentence(back, currency) or nothing
    details = {"amount": money_text(back.made_cents, currency), "day": day_text(back.made_on)}
    told = _("%(amount)s were paid back on %(day)s, the way you paid.") % details
    return " ".join(filter(None, (told, beside_sentence(back, currency))))


def beside_sentence(back: RefundsSoFar, currency: str) -> str:
    """Return what is said of money that pays what the same order still asked, nothing where none does."""
    text = _("%(amount)s of what you had paid pay what the same order still asked.")
    return text % {"amount": money_text(back.beside_cents, currency)} if back.beside_cents else ""


def refund_sentences(
    stands: RefundStanding,
    *,
    return_due_on: date | None,
    refund_by: date,
    settled: str = "",
    beside: str = "",
) -> list[str]:
    """Return what a client is told of the money of a withdrawal: what is waited for, and until when.

    `settled` says what became of what is credited, where nothing of that is left to give; `beside` what of it
    pays other invoices of the order.
    """
    found = list(filter(None, (settled or beside,)))
    if stands.due_on is not None and not settled:
        words = _("What you paid of it is paid back by %(day)s, the way you paid.")
        if beside:
            words = _("The rest of what you paid of it is paid back by %(day)s, the way you paid.")
        elif stands.awaits_goods:
            words = _("What you paid of the rest is paid back by %(day)s, the way you paid.")
        found.append(words % {"day": day_text(stands.due_on)})
    if stands.awaits_goods and return_due_on is not None:
        words = _(
            "The price of the goods waits until they are here or you have proved that you sent them, "
            "whichever comes first; send them by %(back)s. It is paid back by %(day)s, or, if that comes "
            "later, on that very day."
        )
        found.append(words % {"back": day_text(return_due_on), "day": day_text(refund_by)})
    if stands.decided_by is not None:
        words = _(
            "The goods came back incomplete. By %(day)s we say whether their price is paid back; send what "
            "is missing before then."
        )
        found.append(words % {"day": day_text(stands.decided_by)})
    return found or [_("The goods came back in a state that gives no refund.")]
