"""Why a quote can't be kept, in words, next to the field that mends it."""

from django.utils.translation import gettext as _

from billing.actions.write_quote import NoLines, SiteIdle, SiteNeeded, SitesAlike, SiteTaken
from billing.policy.amendment import NotMore, TermOver
from billing.policy.discount import TooMuchDiscount
from billing.policy.methods import MethodRefused
from billing.policy.rates import UnknownRate
from billing.policy.tax import MixedTreatments, NumberNeeded

REFUSED = (
    MethodRefused, NoLines, SiteNeeded, SiteTaken, SiteIdle, SitesAlike, TooMuchDiscount, UnknownRate, MixedTreatments,
    NotMore, TermOver,
)  # fmt: skip


def refusal(error: Exception) -> tuple[str | None, str]:
    """Return the field concerned, or None, and what to do."""
    if isinstance(error, MethodRefused):
        if error.min_users:
            return "method", _("A cheque is taken from %(users)d users on.") % {"users": error.min_users}
        return "method", _("One of these products isn’t sold this way.")
    if isinstance(error, TooMuchDiscount):
        return "discount", _("The discount is more than what is sold.")
    return None, _words(error)


def _words(error: Exception) -> str:
    if isinstance(error, NumberNeeded) and error.whose == "buyer":
        return _("This buyer’s VAT number is missing or wrong: complete the customer first.")
    if isinstance(error, UnknownRate):
        return _("The VAT of this customer’s country isn’t in the table of rates: %(why)s") % {"why": error}
    told = {"name": str(error)}
    known = {
        NoLines: _("Add at least one line."),
        SiteNeeded: _("Say which school or organisation the subscription opens, and its address."),
        SiteTaken: _("The address “%(name)s” leads to another customer’s school: choose another one.") % told,
        SiteIdle: _("No line is for %(name)s: add one, or take the site away.") % told,
        SitesAlike: _("Two sites have the same address."),
        MixedTreatments: _("What is outside the scope of VAT needs a quote of its own."),
        NotMore: _("Licences go up during a term; fewer of them are agreed when it is renewed."),
        TermOver: _("This contract has no day left to pay for: renew it instead."),
    }
    return next((words for kind, words in known.items() if isinstance(error, kind)), str(error))
