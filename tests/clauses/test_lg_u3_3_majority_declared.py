"""LG-U3.3: whoever opens an account for a minor declares majority and authority, in the words in use."""

import pytest

from classrooms.policy.declaration import TEXTS, VERSION, NotDeclared, declared, text_in


def test_the_version_in_use_counts():
    assert declared(VERSION) == VERSION


@pytest.mark.parametrize("version", ["", "2020-01", "on", " 2026-11"])
def test_nothing_else_does(version):
    with pytest.raises(NotDeclared):
        declared(version)


def test_every_version_ever_declared_stays_readable_in_both_languages():
    for version in TEXTS:
        assert {"fr", "en"} <= set(TEXTS[version])
        assert text_in("de", version=version) == text_in("fr", version=version)
    assert "majeur" in text_in("fr")
    assert "autorité" in text_in("fr")
    assert "of age" in text_in("en-GB")
    assert VERSION in TEXTS
