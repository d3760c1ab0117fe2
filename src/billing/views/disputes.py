"""What pages share about disputes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.actions.dispute import Asking, NoDispute, close_dispute, open_dispute


def settle_dispute(about: Asking, words: str, request: Any) -> str:
    """Return what was done: the dispute that is open closed with these words, else one opened for this
    reason.
    """
    told = {"by": request.person, "now": timezone.now()}
    try:
        close_dispute(about=about, outcome=words, **told)
    except NoDispute:
        open_dispute(about=about, reason=words, **told)
        return _("Kept: it is contested.")
    return _("The dispute is closed.")
