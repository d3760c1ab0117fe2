"""Say which classes, functions and methods of src nothing calls, neither code, a framework nor a text.

Tests don't count as callers: what they alone call isn't part of the product.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from vulture import Vulture

HOUSE = Path(__file__).resolve().parents[2]
KINDS = {"class", "function", "method", "property"}
CALLERS = ("src", "script", "bench", "manage.py")


def main() -> int:
    """Print what nothing calls; return 1 when there is any."""
    found = unused()
    for item in found:
        print(f"{item.filename.relative_to(HOUSE)}:{item.first_lineno}: nothing calls {item.typ} {item.name}")
    return 1 if found else 0


def unused() -> list[Any]:
    """Return the classes, functions and methods of src that neither code, templates nor settings name."""
    settings = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["vulture"]
    vulture = Vulture(ignore_names=settings["ignore_names"], ignore_decorators=settings["ignore_decorators"])
    vulture.scavenge([HOUSE / path for path in CALLERS], exclude=settings["exclude"])
    named = _named_in_texts()
    return [
        item
        for item in vulture.get_unused_code()
        if item.typ in KINDS and item.name not in named and HOUSE / "src" in item.filename.parents
    ]


def _named_in_texts() -> set[str]:
    """Return the last words of the dotted names in templates (`row.total`) and strings ("a.backend.X")."""
    templates = " ".join(path.read_text() for path in (HOUSE / "templates").rglob("*.*") if path.is_file())
    code = " ".join(path.read_text() for path in (HOUSE / "src").rglob("*.py"))
    dotted = re.findall(r"[\"'](?:\w+\.)+(\w+)[\"']", code)
    return {*re.findall(r"\.(\w+)", templates), *dotted}


if __name__ == "__main__":
    sys.exit(main())
