"""The product's own source, as its pages show it."""

import ast
import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from contracts.policy.call_graph import CallGraph, call_graph

LEFT_OUT = {"migrations", "demo"}


def sources(root: Path) -> Mapping[str, str]:
    """Return the text of every module of a checkout by its dotted name, migrations and the demo left out."""
    folder = root / "src"
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if not LEFT_OUT & set(parts):
            found[".".join(parts).removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@lru_cache(maxsize=2)
def graph_of(root: Path) -> CallGraph:
    """Return who calls whom in a checkout; read once per process."""
    return call_graph(sources(root))


def source_of(function: Callable[..., Any]) -> tuple[str, int]:
    """Return the text of a function without its docstring, and the line it begins at."""
    lines, start = inspect.getsourcelines(inspect.unwrap(function))
    tree = ast.parse(dedent("".join(lines)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if ast.get_docstring(definition) and len(definition.body) > 1:
        said = definition.body[0]
        del lines[said.lineno - 1 : said.end_lineno]
    return dedent("".join(lines)).rstrip(), start


def file_of(function: Callable[..., Any], root: Path) -> str:
    """Return the file of a function, as seen from the checkout."""
    path = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name
