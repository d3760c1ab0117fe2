"""What an administrator sets for the whole place."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines, TellsChanges
from people.policy.lock import MINUTES_ALLOWED

FEWEST, MOST = MINUTES_ALLOWED[0], MINUTES_ALLOWED[-1]


class SettingsForm(TellsChanges, ReadableLines, forms.Form):
    """The name people read, the language of new accounts, and when a session left alone is locked."""

    name = forms.CharField(label=_("Name shown to its people"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of invitations and new accounts; each person chooses their own afterwards."),
    )
    lock_after_minutes = forms.IntegerField(
        label=_("Lock after (minutes)"),
        min_value=FEWEST,
        max_value=MOST,
        help_text=_("A session without activity asks for the password again: between 5 minutes and 4 hours."),
    )
