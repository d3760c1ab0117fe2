"""What addresses take beside their path: names in queries and bodies, read from forms and views."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from types import FunctionType
from typing import Any

from django import forms
from rest_framework import serializers

from tests.walls.reached import reached

SENT = ("GET", "POST", "data", "query_params")
TAKES = ("get", "getlist", "pop")
BY_ID = (forms.ModelChoiceField, forms.UUIDField)


def parameters_of(view: Any) -> dict[str, set[str]]:
    """Return the names a view takes, each with where: "query", "body"."""
    functions, classes = reached(view)
    found: dict[str, set[str]] = {}
    for function in functions:
        for name, where in _read_in(function):
            found.setdefault(name, set()).add(where)
    for each in classes:
        for name in _fields(each):
            found.setdefault(name, set()).add("body")
    return found


def _fields(owner: type) -> Iterator[str]:
    if issubclass(owner, forms.BaseForm):
        yield from getattr(owner, "base_fields", {})
    elif issubclass(owner, serializers.Serializer) and owner.__name__.endswith("In"):
        yield from (name for name, each in owner._declared_fields.items() if not each.read_only)


@cache
def _read_in(function: FunctionType) -> tuple[tuple[str, str], ...]:
    """Return the names a function takes out of what was sent; a part that is written in is a star."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return ()
    return tuple(
        (name, "query" if source in {"GET", "query_params"} else "body")
        for node in ast.walk(tree)
        for source, key in _taken(node)
        if (name := _text(key))
    )


def _taken(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        source = _source(node.func.value)
        if source and node.func.attr in TAKES:
            yield source, node.args[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "typed":
        yield "POST", node.args[1]
    elif isinstance(node, ast.Subscript) and (source := _source(node.value)):
        yield source, node.slice


def _source(node: ast.expr) -> str:
    """Return which part of a request an expression is: its last name tells."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return {"typed": "POST", "asked": "GET"}.get(name, name) if name in {*SENT, "typed", "asked"} else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else "*" for each in node.values]
        return re.sub(r"\*+", "*", "".join(map(str, parts)))
    return ""
