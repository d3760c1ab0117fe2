"""What finance does today."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from billing.collections.queries.ageing import ageing
from billing.desk.queries.todo import count, figures, todos
from billing.money.gateways.rate_tables import interest_rates
from people.requests import ConsoleRequest

PAGE = 20


def todo_count(request: ConsoleRequest) -> int | None:
    """Return how many things wait today, for the navigation."""
    return count(request.today) or None


class Todo(TemplateView):
    """The day's page, which is the home of whoever has finance's rights."""

    permission = "invoices.write"
    template_name = "billing/desk/console/todo.html"
    request: ConsoleRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context."""
        today = self.request.today
        found = todos(today, interest_rates())
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "figures": figures(today),
            "ageing": ageing(today),
            "rows": page,
            "total": len(found),
            "today": today,
        }
