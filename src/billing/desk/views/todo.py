"""What finance does today."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.views.generic import TemplateView

from billing.collections.queries.ageing import ageing
from billing.desk.queries.todo import count, figures, todos
from billing.money.gateways.rate_tables import interest_rates
from people.requests import ConsoleRequest


def today_context(today: date) -> dict[str, Any]:
    """Return the figures, the ageing and the rows of the day."""
    return {
        "figures": figures(today),
        "ageing": ageing(today),
        "todos": todos(today, interest_rates()),
        "today": today,
    }


def todo_panel(request: ConsoleRequest) -> dict[str, Any]:
    """Return the same for the console's home."""
    return today_context(request.today)


def todo_count(request: ConsoleRequest) -> int | None:
    """Return how many things wait today, for the navigation."""
    return count(request.today) or None


class Todo(TemplateView):
    """The day's page."""

    permission = "invoices.write"
    template_name = "billing/desk/console/todo.html"
    request: ConsoleRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context."""
        return super().get_context_data(**kwargs) | {"panel": today_context(self.request.today)}
