"""The mutants, tried one after the other: pytest -p tests.mutation.plugin --mutate [WHAT…].

The tests that could notice are run once as they are, to hear which run what. Then, for each mutant, this
process divides: the child is wrong in one thing and runs the tests that ran it, the quickest first, until one
fails.
"""

import json
import os
import select
import signal
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DIED = "(the process died)"
PATIENCE = 60.0  # seconds, beside ten times what the tests took before


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what to mutate, and where to say what came of it."""
    group = parser.getgroup("mutation")
    group.addoption("--mutate", default=None, help="what to mutate, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Begin when asked to."""
    if config.getoption("--mutate") is not None:
        config.pluginmanager.register(Trial(json.loads(config.getoption("--mutate"))), "mutation-trial")


class Trial:
    """One run: the mutants chosen, the tests that may notice, what came of each."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.mutants: list[Any] = []
        self.files: dict[Any, set[str]] = {}
        self.ran: dict[FunctionType, dict[str, float]] = {}
        self.seconds: dict[str, float] = {}
        self.items: dict[str, pytest.Item] = {}
        self.results: list[dict[str, Any]] = []

    # Before

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Choose the mutants and the test files once everything is loaded."""
        from tests.mutation.mutants import chosen, everything, files_for

        hypothesis_settings.register_profile(
            "mutate",
            parent=hypothesis_settings.get_profile("preau"),
            phases=(Phase.explicit, Phase.generate),
            database=None,
            derandomize=True,
            deadline=None,
        )
        hypothesis_settings.load_profile("mutate")
        found = everything()
        if self.asked["what"] == ["known"]:
            pairs = [(each, entry) for entry in known() for each in found if is_known(each, entry)]
            wanted = [each for each, _entry in pairs]
            self.files = {each: _named(entry["tests"]) for each, entry in pairs}
        else:
            wanted = chosen(found, self.asked["what"], set(self.asked["changed"]))
        number, of = self.asked["share"]
        self.mutants = wanted[number::of]
        given = set(self.asked["tests"])
        for each in self.mutants:
            self.files.setdefault(each, given or files_for(each))
        _say(f"{len(self.mutants)} mutants, {len(self._wanted_files())} test files that may notice.")

    def _wanted_files(self) -> set[str]:
        return set().union(*self.files.values()) if self.files else set()

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Read no test file that can't notice anything."""
        path = collection_path.resolve()
        if path.suffix != ".py" or not path.name.startswith("test_"):
            return None
        return str(path.relative_to(ROOT)) not in self._wanted_files() or None

    # The run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests as they are, then the mutants."""
        if session.testsfailed:
            raise session.Interrupted("the tests can't be read")
        self.items = {item.nodeid: item for item in session.items}
        self._listen(session)
        for number, mutant in enumerate(self.mutants, 1):
            result = self._tried(session, mutant)
            self.results.append(result)
            _say(f"[{number}/{len(self.mutants)}] {result['outcome']:<9} {mutant}  {result['by']}")
        Path(self.asked["out"]).write_text(json.dumps(self.results))
        session.testsfailed = sum(each["outcome"] in {"SURVIVED", "DIED"} for each in self.results)
        return True

    def _listen(self, session: pytest.Session) -> None:
        """Run each test once, noting which of the functions it runs and how long it takes."""
        functions = {each.function for each in self.mutants if each.function is not None}
        files = [self.files[each] for each in self.mutants if each.function is not None]
        listening = set().union(*files) if files else set()
        failed: list[str] = []
        apart = {nodeid for nodeid in self.items if nodeid.partition("::")[0] not in listening}
        self._run_once(session, sorted(apart), set(), failed)
        with heard(functions) as running:
            self._run_once(session, sorted(set(self.items) - apart - set(failed)), running, failed)
        for nodeid in failed:
            _say(f"  left out, it fails as it is: {nodeid}")
        _say(f"{len(self.items)} tests pass as it is, in {sum(self.seconds.values()):.0f} s.")

    def _run_once(
        self, session: pytest.Session, tests: list[str], running: set[FunctionType], failed: list[str]
    ) -> None:
        for nodeid in tests:
            running.clear()
            started = time.monotonic()
            if not _passes(session, self.items[nodeid]):
                failed.append(nodeid)
                del self.items[nodeid]
                continue
            self.seconds[nodeid] = time.monotonic() - started
            for function in running:
                self.ran.setdefault(function, {})[nodeid] = self.seconds[nodeid]

    def _tests_for(self, mutant: Any) -> list[str]:
        """Return the tests that may notice: those of its clauses first, then the quickest."""
        from contracts.policy.clauses import file_stem

        files = self.files[mutant]
        ran = self.seconds if mutant.function is None else self.ran.get(mutant.function, {})
        stems = tuple(f"tests/clauses/{file_stem(clause)}" for clause in mutant.clauses)
        found = [nodeid for nodeid in ran if nodeid.partition("::")[0] in files]
        return sorted(found, key=lambda nodeid: (not nodeid.startswith(stems or ("-",)), ran[nodeid]))

    def _tried(self, session: pytest.Session, mutant: Any) -> dict[str, Any]:
        tests = self._tests_for(mutant)
        details = {
            "kind": mutant.kind,
            "target": mutant.target,
            "variant": mutant.variant,
            "tests": len(tests),
        }
        if not tests:
            return details | {"outcome": "SURVIVED", "by": "no test runs it"}
        with ExitStack() as stack:
            try:
                if mutant.function is None:
                    with _unblocked(session):
                        stack.enter_context(mutant.install())
                by = self._in_a_child(session, mutant, tests)
            except Exception as error:
                return details | {"outcome": "NOT MADE", "by": repr(error)[:200]}
        if by == DIED:  # no test has noticed anything
            return details | {"outcome": "DIED", "by": "the process ended without a word"}
        return details | {"outcome": "killed" if by else "SURVIVED", "by": by or f"{len(tests)} tests pass"}

    def _in_a_child(self, session: pytest.Session, mutant: Any, tests: list[str]) -> str:
        """Return the test that failed in a process of its own, "" when all passed."""
        with _unblocked(session):
            _close_connections()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _end_with(writing, lambda: self._first_to_fail(session, mutant, tests))
        os.close(writing)
        allowed = PATIENCE + 10 * sum(self.seconds[nodeid] for nodeid in tests)
        ready, _w, _x = select.select([reading], [], [], allowed)
        said = b""
        if ready:
            with os.fdopen(reading, "rb") as pipe:
                said = pipe.read()
        else:
            os.close(reading)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if not ready:
            return "(it never ended)"
        return said.decode().strip("\0") if said else DIED

    def _first_to_fail(self, session: pytest.Session, mutant: Any, tests: list[str]) -> str:
        from tests.mutation.swap import forget
        from tests.walls.reached import rooms

        with _unblocked(session):
            forget(rooms())
        with ExitStack() as stack:
            if mutant.function is not None:
                stack.enter_context(mutant.install())
            for nodeid in tests:
                if not _passes(session, self.items[nodeid]):
                    return nodeid
        return "-"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say what survived."""
        left = [each for each in self.results if each["outcome"] != "killed"]
        _say(f"\n{len(self.results)} mutants, {len(self.results) - len(left)} killed, {len(left)} survive.")
        for each in left:
            _say(f"  {each['outcome']} {each['kind']}: {each['target']}: {each['variant']} – {each['by']}")


def known() -> list[dict[str, Any]]:
    """Return the mutants that were once alive and must stay dead."""
    entries: list[dict[str, Any]] = tomllib.loads((HERE / "known.toml").read_text())["mutant"]
    return entries


def is_known(mutant: Any, entry: dict[str, Any]) -> bool:
    """Return whether an entry means a mutant: by its kind, the end of its name, and what its variant says."""
    target = mutant.target == entry["target"] or mutant.target.endswith(f".{entry['target']}")
    said = any(part in mutant.variant for part in entry["variants"])
    return mutant.kind == entry["kind"] and target and said


def _named(names: list[str]) -> set[str]:
    """Return the test files of these names, wherever they lie."""
    from tests.mutation.mutants import test_files

    return {path for path in test_files() if path.rpartition("/")[2] in names}


@contextmanager
def heard(functions: set[FunctionType]) -> Iterator[set[FunctionType]]:
    """Give a set to which each of these functions is added as it runs."""
    from tests.mutation import swap

    running: set[FunctionType] = set()
    with ExitStack() as stack:
        for function in functions:
            stack.enter_context(swap.code(function, swap.calling(_listener(function, running), function)))
        yield running


def _listener(function: FunctionType, running: set[FunctionType]) -> Any:
    from tests.mutation import swap

    original = swap.copy_of(function)

    def run(*args: Any, **kwargs: Any) -> Any:
        running.add(function)
        return original(*args, **kwargs)

    return run


def _passes(session: pytest.Session, item: pytest.Item) -> bool:
    """Run a test, its fixtures made for it and thrown away; return whether nothing of it failed."""
    reports = runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
    return not any(report.failed for report in reports)


@contextmanager
def _unblocked(session: pytest.Session) -> Iterator[None]:
    from pytest_django.plugin import blocking_manager_key

    with session.config.stash[blocking_manager_key].unblock():
        yield


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _end_with(writing: int, run: Any) -> None:
    """Write what a child found and end it at once: what it began is nobody else's to take down."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    said = ""
    try:
        found = run()
        said = "" if found == "-" else found
        os.write(writing, (said or "\0").encode())
    finally:
        os._exit(0)


def _say(words: str) -> None:
    sys.__stdout__.write(f"{words}\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
