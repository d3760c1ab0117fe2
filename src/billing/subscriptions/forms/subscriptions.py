"""The forms about subscriptions: a client's word, letters, events, suspensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.collections.models import RegisteredLetter, Suspension
from billing.money.forms.fields import DayForm

REASON: dict[str, Any] = {"max_length": 500, "widget": forms.Textarea(attrs={"rows": 2})}


class TerminationForm(forms.Form):
    """A termination that came by e-mail: the time it was received counts."""

    received_at = forms.DateTimeField(
        label=_("Received on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_(
            "The time of the e-mail, not of this entry: received before the renewal day, it stops it."
        ),
    )
    reason = forms.CharField(label=_("Reason, if one was given"), required=False, **REASON)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """Refuse a time to come."""
        self.now = now
        super().__init__(*args, **kwargs)

    def clean_received_at(self) -> datetime:
        """Refuse a time to come."""
        at: datetime = self.cleaned_data["received_at"]
        if at > self.now:
            raise forms.ValidationError(_("This time is still to come."))
        return at


class LetterForm(DayForm):
    """A registered letter that was posted."""

    purpose = forms.ChoiceField(
        label=_("The letter says"),
        choices=[
            row for row in RegisteredLetter.Purpose.choices if row[0] != RegisteredLetter.Purpose.PAYMENT
        ],
    )
    number = forms.CharField(label=_("Number of the registered letter"), max_length=60)
    reason = forms.CharField(label=_("What must be remedied, or why it ends"), **REASON)
    field_order = ("purpose", "number", "on", "reason")


SUSPENDED = (
    ("service", _("what we owe: days not served are refunded once it lasts longer than the contract says")),
    ("payment", _("what the client owes: no reminder, no warning")),
)


class ForceMajeureForm(DayForm):
    """An event nobody could prevent, and what it suspends."""

    reason = forms.CharField(label=_("What happened"), **REASON)
    suspends = forms.MultipleChoiceField(
        label=_("What it suspends"),
        choices=SUSPENDED,
        widget=forms.CheckboxSelectMultiple,
        initial=[key for key, _words in SUSPENDED],
    )
    field_order = ("on", "reason", "suspends")

    def facts(self, ended_on: date | None = None) -> dict[str, Any]:
        """Return what is known of the event."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "started_on": data["on"],
            "ended_on": ended_on,
            "suspends_service": "service" in data["suspends"],
            "suspends_payment": "payment" in data["suspends"],
        }


class SuspendForm(forms.Form):
    """A suspension for another reason than money: at once for what is serious, else told by e-mail first."""

    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[row for row in Suspension.Cause.choices if row[0] != Suspension.Cause.UNPAID],
    )
    reason = forms.CharField(label=_("Reason, as the customer will read it"), **REASON)
