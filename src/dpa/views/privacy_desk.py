"""The operator's privacy desk: where each register is, and what waits there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from dpa.queries.privacy_desk import desk_cards
from people.requests import ConsoleRequest


class PrivacyDesk(View):
    """The registers of personal data that the operator keeps, and what is to be done in them."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show them."""
        return render(request, "dpa/console/privacy_desk.html", {"cards": desk_cards(timezone.now())})
