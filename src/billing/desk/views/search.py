"""The search of the console: one box, everything money knows, what one may see."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import View

from billing.desk.policy.search import asked
from billing.desk.queries.search import KEYS, search, search_kind
from people.requests import ConsoleRequest

HITS_A_PAGE = 50


class Search(View):
    """Customers, contacts, documents, payments, subscriptions and notes by words, numbers and amounts."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return what was found, by kind, the best first; of one kind asked for, all of it in pages."""
        text = request.GET.get("q", "")[:200]
        kind = request.GET.get("kind", "")
        context: dict[str, Any] = {"q": text}
        if kind in KEYS:
            hits = search_kind(asked(text), kind, permissions=request.permissions)
            page = Paginator(hits, HITS_A_PAGE).get_page(request.GET.get("page"))
            context |= {"kind": kind, "page_obj": page}
        else:
            context["found"] = search(asked(text), permissions=request.permissions)
        return render(request, "billing/desk/console/search.html", context)
