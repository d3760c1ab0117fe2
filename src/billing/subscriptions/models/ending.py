"""What ends a subscription, or suspends what is owed on it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.subscriptions.models.subscription import Subscription
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class Termination(SharedModel):
    """Somebody's word that ends a subscription: when it was received counts, not when it was processed."""

    class Ground(models.TextChoices):
        """How the word came."""

        BUTTON = "button", _("button in the customer area")
        EMAIL = "email", pgettext_lazy("how a word came", "e-mail")
        BREACH = "breach", _("breach not remedied")
        SUSPENDED = "suspended", _("suspended and not remedied")
        FORCE_MAJEURE = "force_majeure", _("force majeure")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        REGISTRATIONS = "registrations", _("all registrations cancelled")

    #: The words that are the client's own.
    OF_CLIENT = frozenset({Ground.BUTTON.value, Ground.EMAIL.value, Ground.REGISTRATIONS.value})

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="terminations")
    how = models.CharField(max_length=20, choices=Ground.choices)
    received_at = models.DateTimeField()
    effective_on = models.DateField()
    reason = RedactedCharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("effective_on", "created_at")  # the first is the one that ends it
        constraints = (
            models.UniqueConstraint(fields=("subscription", "how"), name="billing_termination_once_a_ground"),
        )

    def __str__(self) -> str:
        return f"{self.how}, {self.effective_on}"


class ForceMajeure(SharedModel):
    """An event that suspends what is owed on a subscription while it lasts (LG-S20.3m)."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="events")
    reason = RedactedCharField(max_length=500)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)  # half-open: the first day served again
    suspends_service = models.BooleanField(default=True, db_default=True)  # what we owe: days not served
    suspends_payment = models.BooleanField(default=True, db_default=True)  # what the client owes
    is_over_with_contract = models.BooleanField(default=False, db_default=False)  # nobody said it was over
    notified_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-started_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("started_on")),
                name="billing_forcemajeure_period",
            ),
        )

    def __str__(self) -> str:
        return str(self.reason)

    def end(self, *, on: date, with_contract: bool = False) -> None:
        """Keep the first day after it, and whether it is over only because its contract is."""
        self.ended_on = on
        self.is_over_with_contract = with_contract
        self.save(update_fields=["ended_on", "is_over_with_contract"])

    def go_on(self) -> None:
        """Keep that it lasts: the contract with which it was over runs on."""
        self.ended_on = None
        self.is_over_with_contract = False
        self.save(update_fields=["ended_on", "is_over_with_contract"])


class UnservedCredit(SharedModel):
    """A credit note of days an event kept from being served: by this row, not by its words, it is known."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="unserved_credits")
    note = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("note__issued_on", "note__number")

    def __str__(self) -> str:
        return f"{self.note_id}"
