"""Every template compiles, and every template a template or a module names is there."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from agenda.registry import _WRITERS, template_of

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in {".html", ".txt"})
NAMED = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
IN_CODE = re.compile(r"""["']([a-z_]+/[\w/.-]+\.(?:html|txt))["']""")


def missing(names: Iterable[str]) -> list[str]:
    """Return the templates that aren't there; one that doesn't compile raises."""
    found = []
    for name in names:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            found.append(name)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_template_compiles_and_finds_what_it_includes(path):
    assert get_template(path.relative_to(FOLDER).as_posix()).origin.name == str(path)
    assert missing(NAMED.findall(path.read_text(encoding="utf-8"))) == []


def test_every_template_named_in_the_source_is_there():
    found = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in IN_CODE.findall(path.read_text(encoding="utf-8"))
        if (FOLDER / name.partition("/")[0]).is_dir()
    }
    assert found
    assert missing(sorted(found)) == []


def test_every_message_has_its_words():
    ours = [key for key, writer in _WRITERS.items() if not writer.__module__.startswith("tests.")]
    names = [template_of(key) for key in ours]
    assert names
    assert missing(f"{name}{end}" for name in names for end in (".subject.txt", ".txt")) == []
