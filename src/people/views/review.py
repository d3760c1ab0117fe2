"""Twice a year: who holds what, confirmed or taken back."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from people.actions.guard import CannotGive, LastAdministrator
from people.actions.review_access import review_access
from people.forms.access import ReviewForm
from people.models import AccessReview
from people.policy.protection import protection_gaps, review_due_on
from people.queries import membership_rows, protection_here
from people.requests import TenantRequest
from people.views.places import AccessPage, done, error_message


class Review(AccessPage, FormView[ReviewForm]):
    """Show who holds which role; what is unticked ends."""

    permission = "roles.write"
    template_name = "people/review.html"
    form_class = ReviewForm
    request: TenantRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the memberships to look through."""
        return super().get_form_kwargs() | {"memberships": membership_rows(today=self.request.today)}

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        """Turn to the next page; after the last one confirm what is ticked and end the rest."""
        request = self.request
        if form.turn():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            review = review_access(
                tenant=request.tenant, end=form.ended(), by=request.person, now=timezone.now()
            )
        except (CannotGive, LastAdministrator) as error:
            form.add_error(None, error_message(error))
            return self.form_invalid(form)
        text = _("Reviewed: %(kept)d confirmed, %(ended)d ended.") % {
            "kept": review.confirmed,
            "ended": review.ended,
        }
        return done(request, text, "people:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return when access was last reviewed and what is missing."""
        request = self.request
        guard = protection_here(request.tenant, now=timezone.now())
        context = super().get_context_data(**kwargs)
        return context | {
            "page_obj": context["form"].page,
            "ended": {str(pk) for pk in context["form"].ended()},
            "last": AccessReview.objects.select_related("reviewed_by").first(),
            "due_on": review_due_on(reviewed_on=guard.reviewed_on, started_on=guard.started_on),
            "gaps": protection_gaps(guard, today=request.today),
        }
