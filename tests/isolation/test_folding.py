"""A name folds alike in Python and in the database."""

import sys
from unicodedata import category, normalize

import pytest
from django.db import connection

from isolation.policy.folding import APOSTROPHES, HYPHENS, IN_WORDS, SPACES, fold

pytestmark = pytest.mark.django_db


def folded(texts, function="name_fold"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT array_agg(public.{function}(one) ORDER BY n) FROM unnest(%s::text[]) "
            "WITH ORDINALITY AS texts (one, n)",
            [texts],
        )
        return cursor.fetchone()[0]


def test_every_letter_of_unicode_and_all_that_stands_between(in_school):
    chars = [chr(n) for n in range(1, sys.maxunicode + 1) if category(chr(n)).startswith(("L", "M"))]
    chars += APOSTROPHES + HYPHENS + SPACES + IN_WORDS
    others = {char: (theirs, fold(char)) for char, theirs in zip(chars, folded(chars), strict=True)}
    assert {char: both for char, both in others.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize(
    "name",
    [
        "Zoé d’Artois",
        "JEAN–PAUL",
        "Œdipe Æbelø",
        "Nguyễn",
        "İpek Ilıca",
        "Weiß\u00adbach",
        "Ŧħor_ð.",
        "a`b\t",
        "Zoé 🙂",
    ],
)
def test_whole_names_composed_or_not(in_school, name):
    assert folded([name, normalize("NFD", name)]) == [fold(name)] * 2
    assert folded([name], "name_letters") == ["".join(c for c in fold(name) if c not in " '-._")]
