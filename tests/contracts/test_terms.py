"""Terms are published once, never edited, and the right version is in force on each day."""

from datetime import UTC, date, datetime

import pytest

from contracts.actions.publish_terms import AlreadyPublished, publish_terms
from contracts.actions.seed_terms import seed_terms
from contracts.models import TermsVersion
from contracts.policy.terms import NoFrench, written_for
from contracts.queries import published_terms, terms_in_force


def publish(version, day, *, language="fr", text="Un texte.", **more):
    facts = {"kind": "use", "profile": "circus", "language": language, "version": version, "text": text}
    return publish_terms(**facts, published_on=day, in_force_on=day, **more)


@pytest.mark.usefixtures("as_operator")
class TestVersions:
    def test_the_newest_in_force_on_the_day(self):
        old = publish("1", date(2026, 1, 1))
        new = publish("2", date(2026, 11, 17))
        assert terms_in_force("use", "circus", "fr", date(2026, 11, 16)) == old
        assert terms_in_force("use", "circus", "fr", date(2026, 11, 17)) == new
        assert terms_in_force("use", "circus", "fr", date(2025, 1, 1)) is None

    def test_midnight_is_the_operators(self):
        publish("1", date(2026, 1, 1))
        new = publish("2", date(2026, 11, 17))
        assert terms_in_force("use", "circus", "fr", datetime(2026, 11, 16, 22, 59, tzinfo=UTC)) != new
        assert terms_in_force("use", "circus", "fr", datetime(2026, 11, 16, 23, 0, tzinfo=UTC)) == new

    def test_a_translation_stands_for_its_own_version_only(self):
        publish("1", date(2026, 1, 1))
        english = publish("1", date(2026, 1, 1), language="en")
        day = date(2026, 11, 16)
        assert terms_in_force("use", "circus", "en", day) == english
        assert terms_in_force("use", "circus", "bg", day).language == "fr"
        new = publish("2", date(2026, 6, 1))
        assert terms_in_force("use", "circus", "en", day) == new

    def test_french_first(self):
        with pytest.raises(NoFrench):
            publish("1", date(2026, 1, 1), language="en")

    def test_twice_is_once_and_another_text_is_refused(self):
        assert publish("1", date(2026, 1, 1)) == publish("1", date(2026, 1, 1))
        with pytest.raises(AlreadyPublished):
            publish("1", date(2026, 1, 1), text="Un autre.")

    def test_a_text_is_read_by_paragraph(self):
        version = publish("1", date(2026, 1, 1), text="Un.\n\n\n\nDeux.\n")
        assert version.paragraphs == ["Un.", "Deux."]
        assert str(version) in {"Terms of use 1 (fr)", "Conditions d’utilisation 1 (fr)"}

    def test_the_shipped_ones_are_there_for_every_offer_and_seeding_again_adds_nothing(self, now):
        before = TermsVersion.objects.count()
        seeded = seed_terms(now)
        assert TermsVersion.objects.count() == before == len(seeded)
        assert {(row.kind, row.language) for row in published_terms(["school"])} == {
            (kind, language) for kind in ("use", "sale", "dpa") for language in ("fr", "en")
        }
        assert {row.kind for row in published_terms(["family"])} == {"use", "sale"}
        assert not any("{" in row.text or "[consumer]" in row.text for row in seeded)

    def test_a_consumer_never_reads_of_the_forty_euros(self):
        day = date(2026, 11, 16)
        assert "40 €" in terms_in_force("sale", "school", "fr", day).text
        family = terms_in_force("sale", "family", "fr", day).text
        assert "40 €" not in family
        assert "médiateur" in family

    def test_before_their_day_they_wait(self):
        assert seed_terms(datetime(2025, 1, 1, tzinfo=UTC)) == []


def test_paragraphs_for_another_kind_of_client_are_left_out():
    text = "For {who}.\n\n[consumer] You\ncan withdraw.\n\n[professional] The court.\n\n[note] Stays."
    assert (
        written_for(text, client="consumer", values={"who": "all"})
        == "For all.\n\nYou can withdraw.\n\n[note] Stays."
    )
