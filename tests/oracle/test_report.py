"""What script/test --oracle is asked, and what it says was played."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "script" / "lib"))
from ground import Stop
from oracle import asked, merged, rare, summary

from tests.oracle.playing import resting


def played(examples=3, **acts):
    return {"Sight": {"acts": acts, "kinds": {"share: again": 2}, "examples": examples, "failures": 0}}


def test_minutes_files_processes_and_a_seed():
    wanted = asked(["2.5", "tests/oracle/test_sharing.py", "-n", "2", "--seed", "7"])
    assert (wanted.minutes, wanted.processes, wanted.seed) == (2.5, 2, 7)
    assert wanted.files == ("tests/oracle/test_sharing.py",)


def test_a_seed_is_drawn_anew_each_time():
    assert len({asked(["1"]).seed for _ in range(5)}) > 1


@pytest.mark.parametrize("words", [[], ["many"], ["0"], ["-x"], ["5", "-n", "two"], ["5", "--seed", "x"]])
def test_what_makes_no_sense_is_told_how_it_is_said(words):
    with pytest.raises(Stop):
        asked(words)


def test_processes_are_counted_together_and_what_nobody_drew_stands_there():
    rows = merged([played(share=40, keep=0), played(share=30, keep=0)])
    assert rows["Sight"]["acts"] == {"share": 70, "keep": 0}
    assert (rows["Sight"]["examples"], rows["Sight"]["kinds"]) == (6, {"share: again": 4})
    assert rare(rows) == [("Sight", "keep", 0)]
    assert "  Sight: keep: 0" in summary(rows)


def test_acts_drawn_often_rest_every_other_time_and_never_all_of_them():
    acts = Counter(share=90, keep=70, take_back=3)
    found = [resting(acts, number) for number in range(40)]
    assert all("take_back" not in rest for rest in found)
    assert {"share"} < {act for rest in found for act in rest}
    assert all(len(resting(Counter(share=90, keep=70), number)) < 2 for number in range(40))
    assert resting(Counter(share=3), 1) == []


def test_nothing_is_said_to_be_rare_when_each_act_was_drawn_often():
    rows = merged([played(share=50)])
    assert rare(rows) == []
    assert summary(rows).endswith("Each act was drawn at least 50 times.")
    assert summary({}) == "Nothing was played."
