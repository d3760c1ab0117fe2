"""What billing's subjects tell each other upward: every event is heard, every question answered."""

import ast
import inspect
import sys
from pathlib import Path

import pytest

from billing import registry

BILLING = Path(__file__).resolve().parents[2] / "src" / "billing"


def _calls(name: str) -> dict[str, list[ast.Call]]:
    """Return the calls of a function of the registry in billing's source, by their first argument."""
    found: dict[str, list[ast.Call]] = {}
    for path in sorted(BILLING.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "from billing.registry import" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                assert isinstance(node.args[0], ast.Constant), f"{path}: {name} takes a plain name"
                found.setdefault(node.args[0].value, []).append(node)
    return found


def _fits(call: ast.Call, function: object) -> bool:
    """Return whether a function takes what a call gives it after the name."""
    given = [None] * (len(call.args) - 1)
    named = {word.arg or "": None for word in call.keywords}
    try:
        inspect.signature(function).bind(*given, **named)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


def test_every_event_announced_is_heard_and_every_event_heard_is_announced():
    announced = _calls("announce")
    assert sorted(announced) == sorted(registry.listeners())
    for event, known in registry.listeners().items():
        for each in known:
            assert all(_fits(call, each) for call in announced[event]), f"{each.__module__} of {event}"


def test_every_question_asked_is_answered_and_every_answer_is_asked_for():
    asked = _calls("ask")
    assert sorted(asked) == sorted(registry.answered())
    for question, answer in registry.answered().items():
        assert all(_fits(call, answer) for call in asked[question]), question


def test_the_table_of_who_hears_what_can_be_read(capsys):
    sys.stdout.write(registry.table() + "\n")
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == sum(len(known) for known in registry.listeners().values()) + len(registry.answered())


@pytest.fixture
def _empty(monkeypatch):
    monkeypatch.setattr(registry, "_LISTENERS", {})
    monkeypatch.setattr(registry, "_ANSWERS", {})


@pytest.mark.usefixtures("_empty")
def test_listeners_are_called_in_the_order_they_came_and_what_one_raises_is_raised():
    heard = []
    registry.listens("moved")(lambda *, to: heard.append(("first", to)))
    registry.listens("moved")(lambda *, to: heard.append(("second", to)))
    registry.announce("moved", to=3)
    assert heard == [("first", 3), ("second", 3)]

    @registry.listens("moved")
    def _fails(*, to):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        registry.announce("moved", to=4)


@pytest.mark.usefixtures("_empty")
def test_silence_is_an_error():
    with pytest.raises(registry.Unheard):
        registry.announce("moved")
    with pytest.raises(registry.Unanswered):
        registry.ask("how_many")


@pytest.mark.usefixtures("_empty")
def test_a_question_has_one_answer():
    registry.answers("how_many")(len)
    assert registry.ask("how_many", [1, 2]) == 2
    with pytest.raises(ValueError, match="how_many"):
        registry.answers("how_many")(sum)
