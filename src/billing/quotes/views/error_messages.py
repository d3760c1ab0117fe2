"""Why a quote can't be kept, in words, next to the field that mends it."""

from django.utils.translation import gettext as _

from billing.catalogue.actions.price_lines import AmountTooLarge, BelowZero, NothingVisible
from billing.catalogue.models import Product
from billing.catalogue.policy.discount import TooMuchDiscount
from billing.catalogue.policy.methods import MethodRefused
from billing.catalogue.policy.prices import EurosOnly
from billing.collections.queries.blocks import DisputeOpen, OverdueOpen
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.policy.due import PaidTooLate
from billing.invoicing.queries.refusals import lack_words
from billing.money.policy.rates import UnknownRate
from billing.money.policy.tax import MixedTreatments
from billing.quotes.actions.amend_contracts import ContractChanged
from billing.quotes.actions.sign_quote import NotOpen, StockGone
from billing.quotes.actions.write_quote import (
    LineSiteNeeded,
    NoLines,
    SiteIdle,
    SiteNeeded,
    SitesAlike,
    SiteTaken,
)
from billing.quotes.policy.validity import PastDay
from billing.subscriptions.policy.amendment import NotMore, TermOver
from billing.subscriptions.views.error_messages import why_refused

REFUSED = (
    MethodRefused,
    NoLines,
    SiteNeeded,
    SiteTaken,
    SiteIdle,
    SitesAlike,
    TooMuchDiscount,
    UnknownRate,
    MixedTreatments,
    NotMore,
    TermOver,
    EurosOnly,
    PaidTooLate,
    AmountTooLarge,
    BelowZero,
    NothingVisible,
    PastDay,
)

UNPRICED = (
    UnknownRate,
    MixedTreatments,
    TooMuchDiscount,
    EurosOnly,
    AmountTooLarge,
    BelowZero,
    NothingVisible,
)

NOT_SIGNED = (NotOpen, OverdueOpen, DisputeOpen, StockGone, ContractChanged, NotAnInvoice)


def error_message(error: Exception) -> tuple[str | None, str]:
    """Return the field concerned, or None, and what to do."""
    if isinstance(error, PaidTooLate):
        words = _(
            "This client has at most %(days)d days to pay; a later date agreed in writing is the due date."
        )
        return "payment_days", words % {"days": error.most}
    if isinstance(error, PastDay):
        return error.field, _("This day has passed: choose today or a later one.")
    details = {"name": str(error)}
    known = {
        NoLines: _("Add at least one line."),
        LineSiteNeeded: _("Choose under “For” which site the line “%(name)s” is for: it opens one school.")
        % details,
        SiteNeeded: _("Say which school or organisation the subscription opens, and its address."),
        SiteTaken: _("The address “%(name)s” leads to another customer’s school: choose another one.")
        % details,
        SiteIdle: _("No line is for %(name)s: add one, or take the site away.") % details,
        SitesAlike: _("Two sites have the same address."),
    }
    ours = next((words for kind, words in known.items() if isinstance(error, kind)), None)
    return (None, ours) if ours else why_refused(error)


def quote_error_message(error: Exception) -> str:
    """Return why a quote can't be signed, and what to do."""
    if isinstance(error, DisputeOpen):
        return _("A payment is contested at the moment. Once that is settled the quote can be signed.")
    if isinstance(error, OverdueOpen):
        return _("A sum is overdue, of an invoice or a claim for late interest: pay it to sign the quote.")
    if isinstance(error, StockGone):
        names = Product.objects.filter(key__in=error.products)
        details = {"what": ", ".join(product.name("fr") for product in names)}
        return (
            _("No longer in stock: %(what)s. A new version offers an equivalent, to be accepted.") % details
        )
    if isinstance(error, ContractChanged):
        return _("The contract changed since this quote was written: it needs a new version.")
    if isinstance(error, NotAnInvoice):
        what = lack_words(error.missing, error.broken)
        return _("Something is missing for the invoice (%(what)s). The quote stays open.") % {"what": what}
    return _("This quote can’t be signed any more: it needs a new version.")
