"""Why an order or a change of a plan can't be taken, in words, next to the field that mends it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.catalogue.actions.price_lines import AmountTooLarge, BelowZero, NothingVisible
from billing.catalogue.models import Product
from billing.catalogue.policy.discount import TooMuchDiscount
from billing.catalogue.policy.methods import MethodRefused
from billing.catalogue.policy.prices import EurosOnly
from billing.collections.queries.blocks import DisputeOpen, OverdueOpen
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.queries.refusals import lack_words
from billing.money.policy.rates import UnknownRate
from billing.money.policy.tax import MixedTreatments, NumberNeeded
from billing.subscriptions.policy.amendment import NotMore, TermOver
from billing.subscriptions.policy.trial import InTrial
from contracts.labels import day_text


def why_refused(error: Exception) -> tuple[str | None, str]:
    """Return the field concerned, or None, and what to do."""
    if isinstance(error, MethodRefused):
        if error.min_users:
            return "method", _("A cheque is taken from %(users)d users on.") % {"users": error.min_users}
        if error.currency:
            return "method", _("A cheque is in euros only: choose another way to pay.")
        return "method", _not_paid_so(error)
    if isinstance(error, TooMuchDiscount):
        return "discount", _("The discount is more than what is sold.")
    return None, _words(error)


def _not_paid_so(error: MethodRefused) -> str:
    language = get_language() or "fr"
    rows = Product.objects.filter(key__in=error.products).order_by("key")
    names = ", ".join(product.name(language) for product in rows)
    if not names:
        return _("One of these products isn’t sold this way.")
    return _("Not paid this way: %(what)s. Choose another way to pay.") % {"what": names}


def _words(error: Exception) -> str:
    if isinstance(error, InTrial):
        text = _("Nothing is charged during a trial: more can be added from %(on)s, the first day after it.")
        return text % {"on": day_text(error.first_day)}
    if isinstance(error, NumberNeeded) and error.whose == "buyer":
        return _("This buyer’s VAT number is missing or wrong: complete the customer first.")
    if isinstance(error, UnknownRate):
        return _("The VAT of this customer’s country isn’t in the table of rates: %(why)s") % {"why": error}
    if isinstance(error, EurosOnly):
        return _("VAT is invoiced in euros only, and something here bears VAT: write this quote in euros.")
    known = {
        AmountTooLarge: _(
            "A price, a line or the total is above 21,474,836.47: share it out over several quotes."
        ),
        BelowZero: _("The lines come to less than zero: what is taken off is more than what is sold."),
        NothingVisible: _("A line’s description has nothing that can be read: say what is sold."),
        MixedTreatments: _("What is outside the scope of VAT needs a quote of its own."),
        NotMore: _("Licences go up during a term; fewer of them are agreed when it is renewed."),
        TermOver: _("This contract has no day left to pay for: renew it instead."),
    }
    return next((words for kind, words in known.items() if isinstance(error, kind)), str(error))


def order_error_message(error: Exception) -> str:
    """Return why an order can't be taken without a quote, and what to do."""
    if isinstance(error, DisputeOpen):
        return _("A payment is contested at the moment. Once that is settled you can order.")
    if isinstance(error, OverdueOpen):
        return _("A sum is overdue, of an invoice or a claim for late interest: pay it to order again.")
    if isinstance(error, NotAnInvoice):
        what = lack_words(error.missing, error.broken)
        return _("Something is missing for the invoice (%(what)s): write to us.") % {"what": what}
    return why_refused(error)[1]
