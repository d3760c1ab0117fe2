"""What a child may read about their data, in words made for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views import View

from dpa.queries.notices import childs_notice
from people.requests import VisitorRequest


class ChildsNotice(View):
    """What is kept of a child, who sees it, until when, whom to ask."""

    permission = "anyone"

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Show it; signed in or not."""
        return render(request, "dpa/childs_notice.html", {"notice": childs_notice(request.now)})
