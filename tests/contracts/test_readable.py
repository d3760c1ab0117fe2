"""A line of text that people read holds nothing they can't: at every door, in one way."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError

from contracts.forms import ReadableLines, check_readable
from contracts.policy.readable import unreadable_signs

ROOMS = ("billing", "classrooms", "learning", "dpa", "people", "tenants", "exports")


@pytest.mark.parametrize(
    "text",
    [
        "Élodie Le Goff",
        "Marie-Amélie de Kerguelen-Trémarec",
        "École « Les Érables »\u202f!",
        "O’Neill, d'Hérouville",
        "Łukasz Đặng Þór",
        "किरण",
        "क्\u200dष",  # a joiner within a word of India
        "می\u200cخواهم",
        "李小龍",
        "Kit « progrès » ❤️",
        "A\u0301gnes",  # an accent of its own
        "",
    ],
)
def test_what_people_write_passes(text):
    assert list(unreadable_signs(text)) == []


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("Jos\ufffd", 4, "U+FFFD"),
        ("Dupont\u202egnp", 7, "U+202E"),
        ("\u2066Ana", 1, "U+2066"),
        ("A\u200bna", 2, "U+200B"),
        ("A\u200dna", 2, "U+200D"),
        ("A\u00adna", 2, "U+00AD"),
        ("A\x07na", 2, "U+0007"),
        ("A\tna", 2, "U+0009"),
        ("A\u2028na", 2, "U+2028"),
        ("A\ue000na", 2, "U+E000"),
        ("A\u3164na", 2, "U+3164"),
        ("Ana\ufeff", 4, "U+FEFF"),
        ("A\U000e0041na", 2, "U+E0041"),
    ],
)
def test_what_nobody_can_read_is_named_with_its_place(text, place, code):
    (sign,) = unreadable_signs(text)
    assert (sign.place, sign.code) == (place, code)
    with pytest.raises(ValidationError) as refused:
        check_readable(text)
    assert f"{place} ({code})" in refused.value.messages[0]


def forms_of_the_product() -> Iterator[type[forms.BaseForm]]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if found.name.split(".")[-1] == "forms" or ".forms." in found.name:
                yield from forms_in(importlib.import_module(found.name))


def forms_in(module) -> Iterator[type[forms.BaseForm]]:
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, forms.BaseForm) and each.__module__ == module.__name__:
            yield each


def test_every_form_with_a_line_of_text_judges_it():
    asking = [
        form
        for form in forms_of_the_product()
        if form.__module__ != "people.forms.sign_in"  # what signs somebody in isn't kept
        and any(
            isinstance(field, forms.CharField) and type(field.widget) is forms.TextInput
            for field in getattr(form, "base_fields", {}).values()
        )
    ]
    assert len(asking) > 40
    assert [form.__qualname__ for form in asking if not issubclass(form, ReadableLines)] == []
