"""The lists of the console: search, filters, sort, pages and CSV, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import ListView

from exports.gateways.csv import csv_response
from people.requests import ConsoleRequest

Row = TypeVar("Row", bound=Model)


def found_in(rows: QuerySet[Row], words: str, names: Sequence[str]) -> QuerySet[Row]:
    """Return the rows that hold each of these words in one of these fields or another, accents aside."""
    for word in words.split():
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__unaccent__icontains": word})
        rows = rows.filter(found)
    return rows


class ListPage(ListView[Row]):
    """A list one can search, filter by state, sort, page through and take away as CSV."""

    paginate_by = 50
    request: ConsoleRequest
    searched: ClassVar[Sequence[str]] = ()
    sorts: ClassVar[dict[str, str]] = {}
    first_sort: ClassVar[str] = ""
    csv_name: ClassVar[str] = "liste"

    def rows(self) -> QuerySet[Row]:
        """Return all rows, before search."""
        raise NotImplementedError

    def filtered(self, rows: QuerySet[Row], state: str) -> QuerySet[Row]:
        """Return the rows in a state."""
        return rows.filter(state=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states to filter by."""
        return []

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return []

    def line(self, row: Row) -> Iterable[Any]:
        """Return the cells of one row of the CSV."""
        return []

    def lines(self) -> Iterable[Iterable[Any]]:
        """Return the rows of the CSV."""
        return (self.line(row) for row in self.get_queryset())

    def get_queryset(self) -> QuerySet[Row]:
        """Return the rows asked for, in the order asked for."""
        asked = self.request.GET
        rows = self.rows()
        rows = found_in(rows, asked.get("q", ""), self.searched)
        state = asked.get("state", "")
        if state in dict(self.states()):
            rows = self.filtered(rows, state)
        return rows.order_by(*self._order(asked.get("sort", self.first_sort)))

    def _order(self, asked: str) -> list[str]:
        key = asked.lstrip("-") if asked.lstrip("-") in self.sorts else self.first_sort.lstrip("-")
        down = asked.startswith("-") if asked.lstrip("-") in self.sorts else self.first_sort.startswith("-")
        return [("-" if down else "") + self.sorts[key], "id"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, or the whole list as CSV."""
        if request.GET.get("format") == "csv":
            return csv_response(self.csv_name, self.header(), self.lines())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context."""
        state = self.request.GET.get("state")
        today = self.request.today
        kept = {"state": state} if state else {}
        return super().get_context_data(**kwargs) | {"states": self.states(), "today": today, "kept": kept}
