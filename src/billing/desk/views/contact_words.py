"""What the page that forgets a contact says: what it waits for, what goes, what stays and why."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.desk.queries.contacts import ContactErasure, Holding

WAITS: Mapping[str, Promise] = {
    "contract": gettext_lazy("A contract runs, or is about to: it needs who speaks for it."),
    "data": gettext_lazy("Data of an ended contract is still kept for them: they are told before it goes."),
    "order": gettext_lazy("An order is not paid, opened or delivered yet."),
    "returned": gettext_lazy("A return is not settled."),
    "unpaid": gettext_lazy("Something is still to be paid: collect it, or write it off."),
    "held": gettext_lazy("Money of theirs is on its way or held here: give it back, or put it to use."),
    "contested": gettext_lazy("Something is contested: close it first."),
}


def waits_in_words(case: ContactErasure) -> list[str]:
    """Return what must be over before this person can be forgotten."""
    return [str(WAITS[name]) for name in case.waits_for]


def losses_in_words(case: ContactErasure, held: Holding) -> list[str]:
    """Return what goes when this person is forgotten, a line each."""
    lines = [
        _("First and last name, capacity, e-mail address: %(name)s, %(email)s")
        % {"name": case.contact.name, "email": case.contact.email},
        _("Every link into the portal, and every session opened by one"),
    ]
    if case.with_customer:
        lines.append(_("The customer’s own name, address and numbers, and the payment method saved for them"))
    counted = (
        (
            held.requests,
            ngettext("%(n)d request sent from the site", "%(n)d requests sent from the site", held.requests),
        ),
        (held.carts, ngettext("%(n)d cart", "%(n)d carts", held.carts)),
        (held.notes, ngettext("The words of %(n)d note", "The words of %(n)d notes", held.notes)),
        (
            held.texts,
            ngettext(
                "Their name in %(n)d text about an order, a return or a dispute",
                "Their name in %(n)d texts about orders, returns and disputes",
                held.texts,
            ),
        ),
        (held.mails, ngettext("%(n)d mail waiting to leave", "%(n)d mails waiting to leave", held.mails)),
        (
            held.trail,
            ngettext(
                "The names in %(n)d line of the audit trail",
                "The names in %(n)d lines of the audit trail",
                held.trail,
            ),
        ),
    )
    return [*lines, *(text % {"n": count} for count, text in counted if count)]


def kept_in_words(case: ContactErasure, held: Holding) -> list[str]:
    """Return what stays of this person, and why, a line each."""
    counted = (
        (
            held.documents,
            ngettext(
                "%(n)d invoice or credit note as it was issued: ten years (commercial code, L123-22)",
                "%(n)d invoices and credit notes as they were issued: ten years (commercial code, L123-22)",
                held.documents,
            ),
        ),
        (
            held.orders + held.signatures,
            ngettext(
                "%(n)d order or signature, which proves a contract: ten years",
                "%(n)d orders and signatures, which prove contracts: ten years",
                held.orders + held.signatures,
            ),
        ),
        (
            held.sent,
            ngettext(
                "%(n)d document as it was sent to them: ten years, as what proves it",
                "%(n)d documents as they were sent to them: ten years, as what proves it",
                held.sent,
            ),
        ),
    )
    lines = [text % {"n": count} for count, text in counted if count]
    if not case.with_customer:
        lines.append(_("The customer’s own name, address and numbers, which are no person’s"))
    return [
        *lines,
        _("A number in the register of erasures, without a name: seven months, against old backups"),
    ]
