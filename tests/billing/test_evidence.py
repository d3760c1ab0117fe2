"""Every act the trust page counts is an act somebody can read of, and one that is written."""

from pathlib import Path

import pytest

from billing.apps import VERBS
from billing.registry import CLAUSE_EVIDENCE

BILLING = Path(__file__).resolve().parents[2] / "src" / "billing"
ACTIONS = {path: path.read_text(encoding="utf-8") for path in sorted(BILLING.rglob("actions/*.py"))}
ACTS = sorted({(act.verb, *act.facts) for acts in CLAUSE_EVIDENCE.values() for act in acts})


@pytest.mark.parametrize(("verb", "facts"), [(verb, facts) for verb, *facts in ACTS])
def test_an_act_that_keeps_a_clause_has_its_words_and_is_written(verb, facts):
    assert verb in VERBS
    noun, deed = verb.split(".")
    ways = (f'"{verb}"', f'f"{noun}.{{', f'}}.{deed}"')  # one of several nouns or deeds may be filled in
    told = [text for text in ACTIONS.values() if any(way in text for way in ways)]
    assert told, f"no action writes {verb}"
    for fact in facts:
        assert any(f'"{fact}"' in text for text in told), f"{verb} never tells {fact}"
