"""The period before the first term."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from billing.subscriptions.policy import trial
from isolation.models import SharedModel


class TrialQuerySet(models.QuerySet["Trial"]):
    """Chainable filters on trials."""

    def running(self) -> TrialQuerySet:
        """Keep what was neither activated nor ended."""
        return self.filter(activated_on=None, ended_at=None, subscription__ended_on=None)

    def undecided(self) -> TrialQuerySet:
        """Keep what still lasts: not activated, and not over; one that was ended goes on to its last day."""
        return self.filter(activated_on=None, subscription__ended_on=None)


class Trial(SharedModel):
    """The half-open period before a subscription's first term.

    Ended in the portal, or activated on its end.
    """

    subscription = models.OneToOneField(
        "billing.Subscription", on_delete=models.PROTECT, related_name="trial"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()  # the first day of the first term
    ended_at = models.DateTimeField(null=True, blank=True)  # when the client said so
    activated_on = models.DateField(null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="billing_trial_period"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(activated_on=None), name="billing_trial_ended_or_activated"
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    @property
    def as_policy(self) -> trial.Period:
        """Return the period as the policy reads it."""
        return trial.Period(self.starts_on, self.ends_on)

    @property
    def state(self) -> str:
        """Return "running", "ended" or "activated"."""
        if self.activated_on:
            return "activated"
        return "ended" if self.ended_at else "running"

    def mark_ended(self, *, at: datetime) -> None:
        """Keep that the client ended it."""
        self.ended_at = at
        self.save(update_fields=["ended_at"])

    def mark_activated(self, *, on: date) -> None:
        """Keep the day it became a term."""
        self.activated_on = on
        self.save(update_fields=["activated_on"])

    def undo_activation(self, *, at: datetime) -> None:
        """Keep that the client had ended it in time, although it became a term."""
        self.activated_on, self.ended_at = None, at
        self.save(update_fields=["activated_on", "ended_at"])
