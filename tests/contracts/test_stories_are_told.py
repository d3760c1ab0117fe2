"""Every story stands in its clause's file, plays through a known door, and is told in two languages."""

import re
from pathlib import Path

import pytest

from contracts.policy.clauses import Story, file_stem, stories_in
from tests.stories import DOORS

HERE = Path(__file__).parents[1] / "clauses"
STORIES = [
    story
    for path in sorted(HERE.glob("test_*.py"))
    for story in stories_in(path.read_text(encoding="utf-8"), path.name)
]
THIN = "\u202f"
SPACE = "\u00a0"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_stands_in_its_clauses_file_and_has_a_door(story: Story) -> None:
    assert any(story.path.startswith(file_stem(clause)) for clause in story.ids)
    assert story.door in DOORS
    assert story.name.startswith("test_")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_is_a_sentence_in_english_and_in_french(story: Story) -> None:
    for told in (story.told, story.told_fr):
        assert len(told) > 40, told
        assert told[0].isupper(), told
        assert told.endswith("."), told
        assert told.count("  ") == 0, told
    assert story.told != story.told_fr


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_french_sentence_is_set_as_french_is(story: Story) -> None:
    said = story.told_fr
    assert not re.search(rf"[^{THIN}][;!?]", said), said
    assert not re.search(rf"[^{SPACE}]:(?!\d)", said), said
    assert not re.search(rf"\d[^{SPACE}]€", said), said
    assert "'" not in said, said
    assert not re.search(rf"«[^{THIN}]|[^{THIN}]»", said), said


def test_no_sentence_is_told_twice() -> None:
    told = [story.told for story in STORIES]
    assert sorted(set(told)) == sorted(told)
