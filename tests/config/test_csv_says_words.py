"""What people take away as a spreadsheet says the words of the screen; what programs read says the codes."""

import ast
import inspect
import textwrap
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.utils.translation import gettext, override

from billing.models import Product
from billing.money.views.lists import ListPage
from contracts.registry import declarations
from dpa.queries.tables import choices_of, in_words
from isolation.context import inside_operator
from people.gateways.csv import csv_text

EXPORTED = [one for one in declarations() if one.export is not None]


@pytest.mark.parametrize("one", EXPORTED, ids=lambda one: one.label)
def test_every_choice_of_an_exported_table_is_told_in_the_readers_language(one):
    for field in one.model._meta.concrete_fields:
        for code, label in field.flatchoices or ():
            for language in ("fr", "en"):
                with override(language):
                    (told,) = in_words(one.label, [{field.name: code}])
                    assert told[field.name] == str(label), (field.name, code)


def test_a_choice_of_another_table_read_through_is_told_too():
    with override("fr"):
        row = {"observation__state": "shared", "student_id": "x", "observation__text": "shared"}
        (told,) = in_words("classrooms.ObservationStudent", [row])
    assert told == {
        "observation__state": "partagée avec les familles",
        "student_id": "x",
        "observation__text": "shared",
    }


def test_lists_details_and_yes_or_no_are_told_in_words():
    with override("fr"):
        (told,) = in_words("classrooms.GuardianInformation", [{"covers": ["access", "purpose"]}])
        assert told["covers"] not in ("access, purpose", "")
        assert "access" not in told["covers"]
        (told,) = in_words("audit.PersonalPart", [{"details": {"email": "a@b.example"}}])
        assert told["details"].endswith(": a@b.example")
        assert "{" not in told["details"]
        assert csv_text(["x"], [[True], [False]]).split("\r\n")[1:3] == [gettext("yes"), gettext("no")]


def lists():
    """Return the lists of the console that can be taken away, with what their rows are."""
    found, todo = [], [ListPage]
    while todo:
        below = todo.pop().__subclasses__()
        todo += below
        found += [each for each in below if "line" in vars(each)]
    return found


def raw_choices(page):
    """Return the columns in which a list writes what is stored instead of what it is called."""
    shown = page()
    shown.request = SimpleNamespace(today=date(2026, 11, 16), GET={})
    model = shown.rows().model
    source = ast.parse(textwrap.dedent(inspect.getsource(page.line)))
    written = [
        cell for node in ast.walk(source) if isinstance(node, ast.List | ast.Tuple) for cell in node.elts
    ]
    paths = [_path(cell) for cell in written if isinstance(cell, ast.Attribute)]
    return [path for path in paths if path and choices_of(model, path)]


def _path(cell):
    names = []
    while isinstance(cell, ast.Attribute):
        names.insert(0, cell.attr)
        cell = cell.value
    return "__".join(names) if isinstance(cell, ast.Name) and cell.id == "row" else ""


@pytest.mark.django_db
def test_no_list_of_the_console_writes_a_stored_choice():
    import_module("config.urls_public")
    found = lists()
    assert len(found) > 8
    with inside_operator():
        assert {page.__name__: raw for page in found if (raw := raw_choices(page))} == {}


def test_a_stored_choice_written_in_a_list_would_be_found():
    class Planted(ListPage):
        def rows(self):
            return Product.objects.all()

        def line(self, row):
            return [row.key, row.kind, str(row.kind), row.option_of.kind]

    assert raw_choices(Planted) == ["kind", "option_of__kind"]
