"""What runs: subscriptions, their terms, options, notices, trials and endings."""

from billing.subscriptions.models.ending import ForceMajeure, Termination, UnservedCredit
from billing.subscriptions.models.renewal_notice import RenewalNotice, RenewalNoticeQuerySet
from billing.subscriptions.models.subscription import (
    NO_OVERLAP,
    Subscription,
    SubscriptionOption,
    SubscriptionQuerySet,
    SubscriptionTerm,
    TermsOverlap,
)
from billing.subscriptions.models.trial import Trial, TrialQuerySet

__all__ = [
    "NO_OVERLAP",
    "ForceMajeure",
    "RenewalNotice",
    "RenewalNoticeQuerySet",
    "Subscription",
    "SubscriptionOption",
    "SubscriptionQuerySet",
    "SubscriptionTerm",
    "Termination",
    "TermsOverlap",
    "Trial",
    "TrialQuerySet",
    "UnservedCredit",
]
