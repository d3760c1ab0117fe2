"""The search of the console: one box, everything money knows, what one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import View

from billing.desk.policy.search import asked
from billing.desk.queries.search import search
from people.requests import ConsoleRequest


class Search(View):
    """Customers, contacts, documents, payments, subscriptions and notes by words, numbers and amounts."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return what was found, by kind, the best first."""
        text = request.GET.get("q", "")[:200]
        context = {"q": text, "found": search(asked(text), permissions=request.permissions)}
        return render(request, "billing/desk/console/search.html", context)
