"""Words of subscriptions that pages, lists and files share."""

from django.utils.translation import gettext_lazy as _

from billing.subscriptions.policy.state import CREDITED, ENDED, RUNNING, SUSPENDED, TRIAL, TRIAL_ENDED

SUBSCRIPTION_WORDS = {
    ENDED: (_("ended"), ""),
    SUSPENDED: (_("access suspended"), "wrong"),
    TRIAL: (_("trial"), "accent"),
    TRIAL_ENDED: (_("trial ended"), "wait"),
    CREDITED: (_("running, its price credited"), "good"),
    RUNNING: (_("running"), "good"),
}
