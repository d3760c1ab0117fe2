"""The wrong values a function gives in turn: neutral ones, the boolean inverted, a day and a cent off."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import Func, QuerySet
from django.http import HttpResponseBase

DAY = timedelta(days=1)
CENT = Decimal("0.01")
Call = Callable[..., Any]
Apply = Callable[[Call, tuple[Any, ...], dict[str, Any]], Any]
EMPTY = {tuple: (), list: [], dict: {}, set: set(), frozenset: frozenset(), Mapping: {}}
MANY = (Collection, Iterable, Iterator, Sequence)


@dataclass(frozen=True)
class Variant:
    """One way of being wrong, said in a word or two; `apply` gives the value instead of the call.

    `removes`: what comes back is what there would be without the call.
    """

    name: str
    apply: Apply
    removes: bool = False


def variants(function: Any) -> list[Variant]:
    """Return the ways in which a function can be wrong, by what it says it returns. None raises anything."""
    try:
        returns = typing.get_type_hints(function).get("return", Any)
    except (NameError, TypeError):  # a name that only the type checker knows
        returns = _guessed(function)
    if inspect.isgeneratorfunction(function):
        return [_instead("nothing comes", lambda: iter(()))]
    found = of_type(returns)
    if unchanged := _unchanged(function, returns):
        found.append(unchanged)
    return found


def _guessed(function: Any) -> Any:
    """Return the type written as a text when it is one of the plain ones."""
    plain = {"bool": bool, "int": int, "str": str, "date": date, "None": type(None), "HttpResponse": Any}
    return plain.get(str(function.__annotations__.get("return", "")), Any)


def of_type(kind: Any) -> list[Variant]:
    """Return the wrong values for a type."""
    if kind is None or kind is type(None):
        return [_instead("no effect", lambda: None)]
    options = typing.get_args(kind) if _is_union(kind) else ()
    if type(None) in options:
        rest = [each for each in options if each is not type(None)]
        found = [_instead("None", lambda: None)]
        return found + [_unless_none(each) for each in (of_type(rest[0]) if len(rest) == 1 else [])]
    for known, made in _BY_TYPE:
        if known(kind):
            return made(kind)
    return [Variant("undone", _undone, removes=True)]


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in {typing.Union, types.UnionType}


def _unless_none(variant: Variant) -> Variant:
    def apply(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        kept: list[Any] = []

        def once(*a: Any, **k: Any) -> Any:
            kept.append(call(*a, **k))
            return kept[0]

        try:
            value = variant.apply(once, args, kwargs)
        except (TypeError, AttributeError):
            if kept and kept[0] is None:
                return None
            raise
        return None if kept and kept[0] is None else value

    return Variant(variant.name, apply, variant.removes)


def _instead(name: str, value: Callable[[], Any]) -> Variant:
    """Return a variant that doesn't call at all: the call is removed."""
    return Variant(name, lambda call, args, kwargs: value(), removes=True)


def _after(name: str, change: Callable[[Any], Any]) -> Variant:
    """Return a variant that calls, and changes what comes back."""
    return Variant(name, lambda call, args, kwargs: change(call(*args, **kwargs)))


def _undone(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what the call returns, with all it did to the database taken back."""
    with transaction.atomic():
        value = call(*args, **kwargs)
        transaction.set_rollback(True)
    return value


def _unchanged(function: Any, returns: Any) -> Variant | None:
    """Return the variant that gives back the first argument of the type returned: nothing was computed."""
    if returns in {Any, None, type(None), bool}:
        return None
    told = [name for name, said in function.__annotations__.items() if name != "return"]
    hints = _hints(function)
    same = next((name for name in told if hints.get(name) == returns), None)
    if same is None:
        return None
    shape = inspect.signature(function)

    def apply(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        bound = shape.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments[same]

    return Variant(f"{same} unchanged", apply, removes=True)


def _hints(function: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except (NameError, TypeError):
        return {}


def _bools(kind: Any) -> list[Variant]:
    return [
        _instead("False", lambda: False),
        _instead("True", lambda: True),
        _after("inverted", lambda value: not value),
    ]


def _ints(kind: Any) -> list[Variant]:
    return [
        _instead("0", lambda: 0),
        _after("+ 1", lambda value: value + 1),
        _after("- 1", lambda value: value - 1),
    ]


def _decimals(kind: Any) -> list[Variant]:
    return [
        _instead("0", lambda: Decimal(0)),
        _after("+ 0.01", lambda value: value + CENT),
        _after("- 0.01", lambda value: value - CENT),
    ]


def _days(kind: Any) -> list[Variant]:
    return [
        _after("+ 1 day", lambda value: value + DAY),
        _after("- 1 day", lambda value: value - DAY),
    ]


def _words(kind: Any) -> list[Variant]:
    return [_instead('""', str)]


def _many(kind: Any) -> list[Variant]:
    origin = typing.get_origin(kind) or kind
    return [_instead("empty", lambda: type(EMPTY.get(origin, ()))(EMPTY.get(origin, ())))]


def _others(kind: Any) -> list[Variant]:
    """Return one variant for each word or member it could be: wrong where it should be another."""
    words = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else list(kind)
    return [_instead(f"always {getattr(each, 'name', each)}", lambda each=each: each) for each in words]


def _fields(kind: Any) -> list[Variant]:
    """Return the wrong values of each field of a plain object, one at a time."""
    hints = _hints(kind)
    return [
        Variant(f"{field.name}: {variant.name}", _in_field(field.name, variant))
        for field in dataclasses.fields(kind)
        if field.init
        for variant in of_type(hints.get(field.name, Any))
        if variant.name not in {"undone", "no effect"}
    ]


def _in_field(name: str, variant: Variant) -> Apply:
    def apply(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        value = call(*args, **kwargs)
        if not dataclasses.is_dataclass(value):
            return value
        wrong = variant.apply(lambda: getattr(value, name), (), {})
        return dataclasses.replace(value, **{name: wrong})  # type: ignore[type-var]

    return apply


def _rows(kind: Any) -> list[Variant]:
    return [
        _after("no rows", lambda rows: rows.none()),
        _after("all rows", all_rows),
    ]


def all_rows(value: Any) -> Any:
    """Return the rows of a query without what narrows them; anything else as it is."""
    if isinstance(value, QuerySet):
        return value.model._default_manager.all()
    return value


def _expressions(kind: Any) -> list[Variant]:
    first = _after("its first part alone", lambda value: value.get_source_expressions()[0])
    return [dataclasses.replace(first, removes=True)]


def _is(*kinds: Any) -> Callable[[Any], bool]:
    return lambda kind: inspect.isclass(kind) and issubclass(kind, kinds)


def _from(*origins: Any) -> Callable[[Any], bool]:
    return lambda kind: (typing.get_origin(kind) or kind) in origins


_BY_TYPE: list[tuple[Callable[[Any], bool], Callable[[Any], list[Variant]]]] = [
    (lambda kind: typing.get_origin(kind) is typing.Literal, _others),
    (lambda kind: inspect.isclass(kind) and issubclass(kind, enum.Enum), _others),
    (_from(*EMPTY, *MANY), _many),
    (_is(bool), _bools),
    (_is(int), _ints),
    (_is(Decimal), _decimals),
    (_is(datetime, date), _days),
    (_is(str), _words),
    (_is(bytes), lambda kind: [_instead('b""', bytes)]),
    (_is(UUID), lambda kind: [_instead("another id", uuid4)]),
    (_is(QuerySet), _rows),
    (_is(Func), _expressions),
    (_is(models.Model, HttpResponseBase), lambda kind: [Variant("undone", _undone, removes=True)]),
    (lambda kind: dataclasses.is_dataclass(kind), _fields),
]
