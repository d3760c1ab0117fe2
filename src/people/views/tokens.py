"""My access tokens: made, shown once, revoked."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from people.actions.make_token import TooManyTokens, make_token
from people.actions.revoke_tokens import revoke_tokens
from people.forms.tokens import AREA_NAMES, TokenForm
from people.policy.tokens import AREAS
from people.queries import tokens_of
from people.requests import PersonRequest
from people.views.places import done


@method_decorator(reauthentication_required(allow_get=True), name="dispatch")
class Tokens(View):
    """A person's own tokens, and the form for another one, made by who has just proved who they are."""

    permission = "signed-in"

    def get(self, request: PersonRequest) -> HttpResponse:
        """Return the page."""
        return self._page(request, TokenForm())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Make a token and show it, this one time."""
        form = TokenForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        details: dict[str, Any] = {"person": request.person, "now": timezone.now(), "today": request.today}
        try:
            token, secret = make_token(**details, **form.cleaned_data)
        except TooManyTokens:
            form.add_error(None, _("You have as many tokens as one person can: revoke one first."))
            return self._page(request, form)
        return render(request, "people/token.html", {"token": token, "secret": secret})

    def _page(self, request: PersonRequest, form: TokenForm) -> HttpResponse:
        tokens: list[Any] = list(tokens_of(request.person.pk, today=request.today))
        for token in tokens:
            token.areas_told = ", ".join(str(AREA_NAMES[area]) for area in AREAS if area in token.areas)
        context = {"form": form, "tokens": tokens}
        return render(request, "people/tokens.html", context, status=422 if form.errors else 200)


class RevokeToken(View):
    """Take one of one's own tokens away."""

    permission = "signed-in"

    def post(self, request: PersonRequest, token_id: UUID) -> HttpResponse:
        """Revoke it; somebody else's isn't there."""
        person = request.person
        if not revoke_tokens(person_ids=[person.pk], by=person, now=timezone.now(), only=token_id):
            raise Http404
        return done(request, _("Revoked: it opens nothing any more."), "people:tokens")
