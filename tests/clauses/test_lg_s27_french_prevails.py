"""Documents exist in French, which prevails; a translation says so."""

import pytest

from contracts.gateways.terms import shipped_texts
from contracts.policy.terms import NoFrench, check_french_first, is_translation


def test_french_is_the_text_and_the_others_are_translations():
    assert not is_translation("fr")
    assert not is_translation("fr-be")
    assert all(is_translation(language) for language in ("en", "bg", "de"))


def test_a_translation_needs_its_french_text():
    check_french_first("fr", french_exists=False)
    check_french_first("en", french_exists=True)
    with pytest.raises(NoFrench):
        check_french_first("en", french_exists=False)


def test_every_shipped_translation_says_so_first_and_comes_after_its_french_text():
    seen = set()
    for text in shipped_texts():
        if is_translation(text.language):
            assert text.text.startswith("This is a translation; the French text prevails.")
            assert (text.kind, text.version_on) in seen
        else:
            seen.add((text.kind, text.version_on))
    assert {kind for kind, _ in seen} == {"use", "sale", "dpa"}
