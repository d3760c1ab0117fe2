"""What pages share about disputes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.collections.actions.dispute import Asking, NoDispute, close_dispute, open_dispute
from billing.invoicing.views.documents import ProFormaPage
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done
from people.requests import ConsoleRequest


def settle_dispute(about: Asking, words: str, request: ConsoleRequest) -> str:
    """Return what was done: the dispute that is open closed with these words, else one opened for this
    reason.
    """
    details: dict[str, Any] = {"by": request.person, "now": timezone.now()}
    try:
        close_dispute(about=about, outcome=words, **details)
    except NoDispute:
        open_dispute(about=about, reason=words, **details)
        return _("Kept: it is contested.")
    return _("The dispute is closed.")


class DisputeProForma(ProFormaPage):
    """Keep that the client contests a pro forma, or how that ended."""

    def post(self, request: ConsoleRequest, pro_forma_id: UUID) -> HttpResponse:
        """Open the dispute, or close the one that is open."""
        made = self.found(pro_forma_id)
        form = ReasonForm(request.POST, prefix="dispute")
        if not form.is_valid():
            return self.page(request, made, form)
        return done(
            request, settle_dispute(made, form.cleaned_data["reason"], request), "billing:pro_forma", made.pk
        )
