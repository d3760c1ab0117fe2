"""A place's own words: what stands before them agrees, what a program fills in stays, and twice is once."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.other_words import OTHERWISE
from contracts.policy.words import ENGLISH, FRENCH, SCHOOL, WORDS, reword
from tests.words import unsaid

ROOT = Path(settings.BASE_DIR)
ROOMS = ("agenda", "audit", "classrooms", "common", "dpa", "exports", "learning", "people", "tenants")
OTHERS = [words for words in WORDS if words != SCHOOL]


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        ("nursery", "Élève ajouté", "Enfant ajouté"),
        ("nursery", "Compte d’élève ouvert, page de l’élève", "Compte d’enfant ouvert, page de l’enfant"),
        ("nursery", "Aucun élève dans cette classe", "Aucun enfant dans cette section"),
        ("nursery", "L’enseignant et l’enseignante", "Le professionnel et la professionnelle"),
        ("nursery", "cet enseignant, d’enseignants", "ce professionnel, de professionnels"),
        ("nursery", "plus qu’enseignant", "plus que professionnel"),
        ("nursery", "de l’enseignant, à l’enseignant", "du professionnel, au professionnel"),
        ("nursery", "de l’enseignante, à l’enseignante", "de la professionnelle, à la professionnelle"),
        ("nursery", "le nouvel enseignant", "le nouveau professionnel"),
        ("nursery", "son enseignante", "sa professionnelle"),
        ("nursery", "À l’enseignant. D’enseignants.", "Au professionnel. De professionnels."),
        ("nursery", "ENSEIGNANTS", "PROFESSIONNELS"),
        ("nursery", "Il s’élève, ils s’élèvent, il enseigne", "Il s’élève, ils s’élèvent, il enseigne"),
        ("nursery", "toute l’école, cette école", "tout l’établissement, cet établissement"),
        ("nursery", "d’une seule école", "d’un seul établissement"),
        ("nursery", "la nouvelle école", "le nouvel établissement"),
        ("practice", "toute l’école, de l’école, à l’école", "tout le cabinet, du cabinet, au cabinet"),
        ("practice", "cette école, d’école, aucune école", "ce cabinet, de cabinet, aucun cabinet"),
        ("practice", "Rentrée, avant la rentrée", "Début d’année, avant le début d’année"),
        ("practice", "de la rentrée", "du début d’année"),
        ("household", "2 licences utilisées, une licence libre", "2 places utilisées, une place libre"),
        ("household", "à l’établissement, tout l’établissement", "au service, tout le service"),
        ("household", "Années scolaires, cette année scolaire", "Années, cette année"),
        ("household", "l’enseignant, à l’enseignante", "le parent, au parent"),
    ],
)
def test_what_stands_before_a_word_agrees_in_french(words, text, said):
    assert reword(text, words=words, language="fr") == said


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        ("nursery", "A pupil’s class, the pupils’ file", "A child’s section, the children’s file"),
        ("nursery", "Pupils are students", "Children are children"),
        ("nursery", "Teachers at school", "Professionals at nursery"),
        ("nursery", "Back to school: a new school year", "Start of the year: a new year"),
        ("household", "One licence is lacking, 2 licences are", "One place is lacking, 2 places are"),
        ("practice", "A teacher at this school", "A professional at this practice"),
        ("practice", "schooling, pupillary, subclass", "schooling, pupillary, subclass"),
    ],
)
def test_english_words_are_replaced_whole(words, text, said):
    assert reword(text, words=words, language="en") == said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_filled_in_and_marks_of_the_page_stay(language):
    text = '%(school)s {pupil} <a href="/pupil/élève/">x</a> https://pupil.example/school a@school.example %%'
    assert reword(text, words="nursery", language=language) == text


@pytest.mark.parametrize(
    ("words", "language"), [("school", "fr"), ("", "fr"), ("unknown", "en"), ("nursery", "bg")]
)
def test_whoever_is_unknown_reads_the_schools_words(words, language):
    assert reword("Élève, pupil", words=words, language=language) == "Élève, pupil"


def test_a_text_said_otherwise_is_found_by_what_it_translates():
    message, other = next(iter(OTHERWISE.items()))
    words = next(iter(other.where))
    assert reword("x", words=words, language="fr", message=message) == other.french
    assert reword("x", words=words, language="en", message=message) == other.english
    assert reword("x", words=SCHOOL, language="fr", message=message) == "x"


BITS = st.sampled_from(
    [
        "L’",
        "l’",
        "d’",
        "de ",
        "à ",
        "la ",
        "une ",
        "cette ",
        "toute ",
        "nouvelle ",
        "son ",
        " ",
        ", ",
        "’s ",
        "%(x)s",
    ]
)
NOUNS = st.sampled_from(
    [word for nouns in FRENCH.values() for noun in nouns for word in (noun.one, noun.several)]
    + [old for told in ENGLISH.values() for old in told]
)


@given(bits=st.lists(BITS | NOUNS), words=st.sampled_from(OTHERS), language=st.sampled_from(["fr", "en"]))
def test_twice_is_once(bits, words, language):
    once = reword("".join(bits), words=words, language=language)
    assert reword(once, words=words, language=language) == once


def shown():
    """Return every text that a tenant's people may read: what it translates, its English, its French."""
    found = []
    for room in ROOMS:
        path = ROOT / "locale" / room / "fr" / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            for each in read_po(file):
                english, french = (
                    told if isinstance(told, tuple) else (told,) for told in (each.id, each.string)
                )
                found += [(english[0], *pair) for pair in zip(english, french, strict=True) if each.id]
    return found


@pytest.mark.parametrize("words", OTHERS)
def test_no_text_of_a_tenants_pages_keeps_a_word_that_isnt_said_there(words):
    wrong = [
        text
        for message, english, french in shown()
        for text in (
            reword(english, words=words, language="en", message=message),
            reword(french, words=words, language="fr", message=message),
        )
        if unsaid(text, words)
    ]
    assert wrong == []


def test_every_text_said_otherwise_is_still_on_a_page():
    assert set(OTHERWISE) <= {message for message, _english, _french in shown()}
