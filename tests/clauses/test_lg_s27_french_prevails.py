"""Documents exist in French, which prevails; a translation says so."""

import pytest
from django.urls import reverse

from contracts.gateways.terms import shipped_texts
from contracts.models import TermsVersion
from contracts.policy.terms import NoFrench, check_french_first, is_translation
from isolation.context import inside_operator
from tests.billing.support import PUBLIC
from tests.clauses.stage import desk, read


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


def typed(language, text):
    """Return what somebody types at the desk to publish terms of sale of families in a language."""
    return {
        "kind": "sale",
        "profile": "family",
        "language": language,
        "version": "2026-11",
        "is_substantial": "no",
        "in_force_on": "2026-11-16",
        "text": text,
        "confirm": "1",
    }


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S27",
    door="page",
    fr="Une traduction anglaise est refusée tant que le texte français n’existe pas ; le français publié, "
    "elle passe, et dit elle-même que le français prévaut ; corrigée après coup, elle est refusée : un "
    "texte publié ne change plus.",
)
def test_a_translation_waits_for_the_french_and_says_that_it_prevails(browse, now, db):
    """An English translation is refused as long as the French text doesn't exist; the French published, it
    passes and says itself that the French prevails; put right afterwards, it is refused: a published text
    doesn't change any more.
    """
    page = reverse("tenants:publish_terms", urlconf=PUBLIC)
    writer = desk(browse, now, "operator_administrator")
    assert writer.post(page, typed("en", "One paragraph.")).status_code == 422
    assert writer.post(page, typed("fr", "Un paragraphe.")).status_code == 302
    assert writer.post(page, typed("en", "One paragraph.")).status_code == 302
    assert writer.post(page, typed("en", "Another paragraph.")).status_code == 422
    with inside_operator():
        found = TermsVersion.objects.filter(profile="family", version="2026-11")
        addresses = {
            row.language: reverse("contracts:terms_text", args=[row.pk], urlconf=PUBLIC) for row in found
        }
    translation = read(browse(None).get(addresses["en"]))
    assert "One paragraph." in translation
    assert "le texte français fait foi" in translation
    assert "le texte français fait foi" not in read(browse(None).get(addresses["fr"]))
