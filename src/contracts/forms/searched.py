"""Choices too many to be sent: they are searched where they stand, with the script and without.

A list of up to MAX_LISTED is drawn as any other. A longer one shows what is chosen, a field to search, and
the first that answer. With the script the page is asked again for the words typed (`?find-<field>=words`,
which works as a link too) and its part put in place; without it a button sends the form back, which keeps all
that was typed and saves nothing. Of several chosen before, those a page did not show stay chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.utils.safestring import SafeString, mark_safe

from contracts.policy.searching import answers_to

MAX_LISTED = 50
FIND = "find"  # the button that searches

Search = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, as a page draws it; `stands` where it was chosen before the form was drawn."""

    value: str
    label: str
    group: str = ""
    is_chosen: bool = False
    stands: bool = False


class Source(Protocol):
    """Where choices come from."""

    def is_long(self) -> bool:
        """Return whether there are too many to be sent."""

    def named(self, values: Collection[str]) -> list[Option]:
        """Return the choices of these values, in the order of the list; an unknown value has none."""

    def found(self, words: str) -> tuple[list[Option], int]:
        """Return the first that answer to these words, and how many do in all."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a table."""

    field: Any
    search: Search

    def is_long(self) -> bool:
        return bool(self.field.queryset.order_by()[: MAX_LISTED + 1].count() > MAX_LISTED)

    def named(self, values: Collection[str]) -> list[Option]:
        known = [value for value in values if _is_key(self.field.queryset.model, value)]
        return self._options(self.field.queryset.filter(pk__in=known)) if known else []

    def found(self, words: str) -> tuple[list[Option], int]:
        rows = self.search(self.field.queryset, words) if words else self.field.queryset
        return self._options(rows[:MAX_LISTED]), rows.count()

    def _options(self, rows: Iterable[Any]) -> list[Option]:
        return [Option(str(row.pk), str(self.field.label_from_instance(row))) for row in rows]


def _is_key(model: Any, value: str) -> bool:
    try:
        model._meta.pk.to_python(value)
    except forms.ValidationError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Words:
    """A list of words at hand, in groups."""

    field: Any

    def is_long(self) -> bool:
        return len(self._all()) > MAX_LISTED

    def named(self, values: Collection[str]) -> list[Option]:
        return [option for option in self._all() if option.value in values]

    def found(self, words: str) -> tuple[list[Option], int]:
        rows = [option for option in self._all() if answers_to(words, f"{option.group} {option.label}")]
        return rows[:MAX_LISTED], len(rows)

    def _all(self) -> list[Option]:
        listed: list[Option] = []
        for value, label in self.field.choices:
            inside = label if isinstance(label, list | tuple) else None
            group = str(value) if inside is not None else ""
            listed += [Option(str(v), str(words), group) for v, words in inside or [(value, label)]]
        return listed


class _Drawn(forms.Widget):
    """Draws a list as usual while it is short; else what is chosen, and what is searched."""

    source: Source
    words = ""
    standing: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()  # those that stand, and that the page sent showed
    takes = "radio"
    empty_label = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the list, or its search."""
        if not self.source.is_long():
            return super().render(name, value, attrs, renderer)
        context = self._searched(name, _texts(value)) | {"id": (attrs or {}).get("id", "")}
        html: SafeString = mark_safe(renderer.render("components/searched.html", context))  # noqa: S308  a template's
        return html

    @property
    def use_fieldset(self) -> bool:  # type: ignore[override]
        """Return whether several controls stand under one label."""
        return self.takes == "checkbox" or self.source.is_long()

    def _searched(self, name: str, values: list[str]) -> dict[str, Any]:
        unseen = self._unseen(values)
        drawn = [*self.offered, *(value for value in values if value not in unseen)]
        chosen = self._marked(self.source.named(drawn), values)
        found, count = self.source.found(self.words)
        apart = {option.value for option in chosen}
        rows = self._marked([option for option in found if option.value not in apart], values)
        return {
            "name": name,
            "takes": self.takes,
            "chosen": chosen,
            "unseen": len(unseen),
            "found": self._groups(rows),
            "count": count,
            "shown": len(found),
            "words": self.words,
            "empty_label": self.empty_label,
            "is_empty": not any(option.is_chosen for option in chosen),
        }

    def _unseen(self, values: list[str]) -> set[str]:
        return set()

    def _marked(self, options: list[Option], values: list[str]) -> list[Option]:
        return [
            replace(option, is_chosen=option.value in values, stands=option.value in self.standing)
            for option in options
        ]

    def _groups(self, options: list[Option]) -> list[tuple[str, list[Option]]]:
        groups: dict[str, list[Option]] = {}
        for option in options:
            groups.setdefault(option.group, []).append(option)
        return list(groups.items())


class SearchedSelect(_Drawn, forms.Select):
    """One of many."""


class SearchedCheckboxes(_Drawn, forms.CheckboxSelectMultiple):
    """Several of many."""

    takes = "checkbox"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what is ticked, and what stood before that the page did not show."""
        ticked = super().value_from_datadict(data, files, name)
        if f"{name}-searched" not in data:
            return ticked
        self.offered = frozenset(data.getlist(f"{name}-shown")) & self.standing
        kept = [option.value for option in self.source.named(self.standing - self.offered - {*ticked})]
        return [*ticked, *kept]

    def _unseen(self, values: list[str]) -> set[str]:
        """Return which of those that stand are not drawn: all after the first MAX_LISTED."""
        more = [value for value in values if value in self.standing and value not in self.offered]
        return set(more[max(0, MAX_LISTED - len(self.offered)) :])


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [str(each) for each in several if each not in (None, "")]


class _SearchedRows(forms.ModelChoiceField[Any]):
    """What both fields of rows keep."""

    def __init__(self, queryset: Any, *, search: Search, **kwargs: Any) -> None:
        """Keep how the rows are searched."""
        self.search = search
        super().__init__(queryset, **kwargs)

    @property
    def source(self) -> Source:
        """Return the rows."""
        return _Rows(self, self.search)


class SearchedChoice(_SearchedRows):
    """One row of a table that may be long; `search(rows, words)` returns the rows that answer."""

    widget = SearchedSelect


class SearchedChoices(_SearchedRows, forms.ModelMultipleChoiceField[Any]):
    """Several rows of a table that may be long; `search(rows, words)` returns the rows that answer."""

    widget = SearchedCheckboxes


class SearchedWords(forms.ChoiceField):
    """One of a list of words that may be long."""

    widget = SearchedSelect

    @property
    def source(self) -> Source:
        """Return the words."""
        return _Words(self)


class Searches(forms.BaseForm):
    """A form whose long lists are searched; `find` is the query its page was asked with."""

    def __init__(self, *args: Any, find: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Tell each list what is searched in it, and what stands chosen."""
        super().__init__(*args, **kwargs)
        asked: Any = self.data if self.is_bound else (find or {})
        for name, field in self.fields.items():
            widget = field.widget
            if not isinstance(widget, _Drawn):
                continue
            widget.source = field.source  # type: ignore[attr-defined]
            widget.words = str(asked.get(f"find-{name}", "")).replace("\0", "").strip()
            widget.standing = frozenset(_texts(self.get_initial_for_field(field, name)))
            widget.empty_label = "" if field.required else getattr(field, "empty_label", "") or ""

    @property
    def is_searching(self) -> bool:
        """Return whether the form was sent to search a list: nothing is wrong with it, and nothing saved."""
        return self.is_bound and FIND in self.data

    def full_clean(self) -> None:
        """Judge what was sent, unless it was sent to search."""
        if not self.is_searching:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def is_valid(self) -> bool:
        """Return whether it may be saved."""
        return not self.is_searching and super().is_valid()

    @property
    def status(self) -> int:
        """Return the status of its page: 400 where something is wrong with what was sent."""
        return 400 if self.errors else 200


def in_words(*names: str) -> Search:
    """Return a search of rows by these columns: each word in one of them, accents and capitals aside."""

    def search(rows: Any, words: str) -> Any:
        for word in words.split():
            asked = Q()
            for name in names:
                asked |= Q(**{f"{name}__unaccent__icontains": word})
            rows = rows.filter(asked)
        return rows

    return search
