"""Somebody is found in a text in whatever spelling, and never inside another word."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolation.policy.folding import fold
from people.policy.mentions import Finder, FullName, without

ZOE = FullName("Zoé", ("Saint-Exupéry", "d’Artois"))
AN = FullName("An", ("Nguyễn",))


def hits(text, *people, is_about=True, others=()):
    found = Finder(people).find(text, is_about=is_about, others=others)
    return [(text[one.start : one.end], one.is_certain) for one in found]


def gone(text, *people, is_about=True):
    return without(text, Finder(people).find(text, is_about=is_about))


@pytest.mark.parametrize(
    "written",
    [
        "Zoé Saint-Exupéry",
        "ZOÉ SAINT-EXUPÉRY",
        "zoe saint exupery",
        "Saint-Exupéry Zoé",
        "Zoé\u00a0Saint‑Exupéry",
        "Zoé\u202fSaint\u2009Exupéry",
        "Zoé  Saint–Exupéry",
        "Zoé\nSaint-Exupéry",
        "Zoé Saintexupéry",
        "Zoé d'Artois",
        "Zoé d’Artois",
        "Zoé d´Artois",
        "Zoé Dartois",
        "zoe_saint-exupery",
        "Zo\u00ade Saint-Exu\u200bpéry",
        normalize("NFD", "Zoé Saint-Exupéry"),
    ],
)
def test_the_whole_name_is_found_in_every_spelling(written):
    text = f"Hier, {written} : bravo."
    assert hits(text, ZOE, is_about=False) == [(written, True)]
    assert gone(text, ZOE, is_about=False) == "Hier, […] : bravo."


@pytest.mark.parametrize(
    "text",
    [
        "Une zoécarte, un Zoélien, les dartoises.",
        "Zoé-Lou est une autre, et Marie-Zoé aussi.",
        "Saint-Exupéryen",
        "Le saint lit.",
    ],
)
def test_never_inside_another_word(text):
    assert hits(text, ZOE) == []


def test_a_part_of_the_name_beside_the_whole_one_is_certain():
    text = "Zoé Saint-Exupéry a lu. Zoé aime lire, dit Mme Saint-Exupéry ; l’album d’Zoé."
    assert [certain for _said, certain in hits(text, ZOE, is_about=False)] == [True] * 4


def test_a_part_of_the_name_elsewhere_is_shown_and_not_certain():
    assert hits("Zoé aime lire.", ZOE, is_about=False) == [("Zoé", False)]
    assert hits("Zoé aime lire.", ZOE, is_about=True) == [("Zoé", True)]


def test_a_name_that_is_a_word_is_certain_only_with_its_capital():
    text = "Il y a un an, An a lu toute l’année avec Anna."
    assert hits(text, AN) == [("an", False), ("An", True)]
    assert hits(text, AN, is_about=False) == [("an", False), ("An", False)]
    assert gone(text, AN) == "Il y a un […], […] a lu toute l’année avec Anna."


def test_a_part_that_another_one_bears_names_the_other():
    assert hits("Zoé et Tom lisent.", ZOE, others=("Zoé",)) == []
    assert hits("Zoé Saint-Exupéry et Zoé lisent.", ZOE, others=("ZOE",)) == [("Zoé Saint-Exupéry", True)]


def test_scripts_without_spaces():
    assert hits("昨日王小明很好。", FullName("小明", ("王",)), is_about=False) == [("王小明", True)]
    assert hits("김민수는 읽었다", FullName("민수", ("김",)), is_about=False) == [("김민수", True)]


def test_names_of_files():
    assert gone("IMG_zoe_saint-exupery_2.jpg", ZOE, is_about=False) == "IMG_[…]_2.jpg"
    assert gone("CE1 Zoé2.csv", ZOE) == "CE1 […]2.csv"


def test_several_in_a_row_are_one():
    assert gone("Zoé, Zoé Zoé-Lou", ZOE) == "[…], […] Zoé-Lou"
    assert gone("Zoé d’Artois Zoé !", ZOE) == "[…] !"


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_is_found_between_any_words(before, after):
    text = f"{before} | Zoé d’Artois | {after}"
    assert "Zoé d’Artois" not in gone(text, ZOE, is_about=False)


@given(st.text(max_size=60))
def test_composed_or_not_it_folds_alike_and_twice_is_once(text):
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text)) == fold(fold(text))


@given(st.text(max_size=60))
def test_nothing_but_names_changes(text):
    found = Finder([ZOE]).find(text, is_about=True)
    assert all(one.start < one.end for one in found)
    assert without(text, []) == text
