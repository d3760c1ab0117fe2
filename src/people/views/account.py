"""My account: names, language, sign-in, open sessions."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, View

from people.actions.change_person import change_person
from people.actions.end_sessions import end_sessions
from people.forms.access import AccountForm
from people.queries import membership_rows, session_rows
from people.requests import PersonRequest
from people.views.places import done


class Account(FormView[AccountForm]):
    """A person's own account; what they correct is corrected at once."""

    permission = "signed-in"
    template_name = "people/account.html"
    form_class = AccountForm
    request: PersonRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the person to correct."""
        return super().get_form_kwargs() | {"person": self.request.person}

    def form_valid(self, form: AccountForm) -> HttpResponse:
        """Correct the account."""
        request = self.request
        change_person(person=request.person, by=request.person, now=timezone.now(), **form.cleaned_data)
        request.session["language"] = form.cleaned_data["language"]
        response = done(request, _("Your account is up to date."), "people:account")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return roles, sessions and how sign-in is guarded."""
        request = self.request
        held = membership_rows(today=request.today).filter(person=request.person)
        return super().get_context_data(**kwargs) | {
            "held": held,
            "sessions": session_rows(request.person.pk),
            "current_key": request.session.session_key,
            "has_second_factor": is_mfa_enabled(request.person, ["totp"]),
        }


class EndSessions(View):
    """Close one of one's own sessions, or all but this one."""

    permission = "signed-in"

    def post(self, request: PersonRequest) -> HttpResponse:
        """Return to the account."""
        person = request.person
        chosen = [int(pk) for pk in request.POST.getlist("session") if pk.isdecimal() and len(pk) < 10]
        count = end_sessions(
            person_ids=[person.pk],
            by=person,
            now=timezone.now(),
            only=chosen or None,
            but=request.session.session_key or "",
        )
        text = ngettext("%(n)d session closed.", "%(n)d sessions closed.", count) % {"n": count}
        return done(request, text, "people:account")
