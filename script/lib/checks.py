"""script/test: every check, each with its time, all of them run whatever the first says.

Or the tests one names. `--checks` runs the static checks alone, `--quick` gives a first answer in two
minutes, `--cov` runs everything with coverage.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mutate
import oracle
from database import cluster_in, leave, use, wait_for_rest
from environment import prepare, provide_fonts, settings_environment
from ground import Ground, find_ground, private_folder, say
from instance import temporary_folder
from quick import tests_for
from serve import Ended, stopping_on_signals

CLOSING = re.compile(r"^=*\s*\d+ (passed|failed|errors?|skipped|deselected|warnings?)\b.* in [\d.]+s.*$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Check:
    """One check: its name and the commands that must all succeed."""

    name: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a check went, what it said, and how long it took."""

    name: str
    passed: bool
    said: str
    seconds: float


CHECKS = (
    Check("types", ("python -m mypy",)),
    Check("lint", ("python -m ruff check .", "python -m ruff format --check .")),
    Check("templates", ("python -m djlint templates --lint --quiet",)),
    Check("unused", ("python script/lib/unused.py",)),
    Check("rooms", ("lint-imports",)),
    Check("migrations", ("python manage.py makemigrations --check --dry-run",)),
    Check("words", ("python manage.py words --check",)),
)


PARALLEL = ("-n", "2", "--dist", "worksteal", "-q")


@dataclass(frozen=True)
class Way:
    """A way to run everything: pytest's options (None: no tests), and whether only a first answer is
    wanted.
    """

    options: tuple[str, ...] | None
    is_quick: bool = False


FULL = Way(())
WAYS = {
    "--checks": Way(None),
    "--quick": Way((), is_quick=True),
    "--cov": Way(("--cov", "--cov-report=term:skip-covered")),
}


def main(arguments: list[str]) -> int:
    """Run all checks, or what these arguments ask for; return 0 when everything passed."""
    ground = find_ground()
    with stopping_on_signals():
        try:
            prepare(ground, "test")
            if os.environ.get("CI"):
                provide_fonts(ground)
            with temporary_folder(ground, "test") as folder:
                return _with_database(ground, folder, arguments)
        except Ended:
            return 130


def _with_database(ground: Ground, folder: Path, arguments: list[str]) -> int:
    cluster = cluster_in(folder / "postgres", ground, throwaway=True)
    environment = settings_environment(
        ground,
        PREAU_STATE=str(private_folder(folder / "state")),
        PREAU_INSECURE_HTTP="1",
        SECRET_KEY="checks only " * 5,
        PREAU_DEMO_APP="1",
    )
    users = None
    if not os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"], users = use(cluster)
    try:
        if arguments[:1] == ["--mutate"]:
            return mutate.run(ground, environment, arguments[1:])
        if arguments[:1] == ["--oracle"]:
            return oracle.run(ground, environment, arguments[1:])
        if arguments and arguments[0] not in WAYS:
            return _tests(ground, environment, arguments)[0]
        return _everything(ground, environment, WAYS[arguments[0]] if arguments else FULL)
    finally:
        leave(users)
        wait_for_rest(cluster)


def _everything(ground: Ground, environment: dict[str, str], way: Way) -> int:
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = []
        for outcome in pool.map(lambda check: _run(check, ground, environment), CHECKS):
            outcomes.append(outcome)
            say(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name} ({outcome.seconds:.0f} s)")
            if not outcome.passed:
                say(outcome.said.rstrip() + "\n")
    if way.options is None:
        say("\n" + _table(outcomes))
        return 0 if all(outcome.passed for outcome in outcomes) else 1
    started = time.monotonic()
    options = [*PARALLEL, *way.options, *(tests_for(ground) if way.is_quick else ())]
    code, closing = _tests(ground, environment, options)
    outcomes.append(Outcome("tests", code == 0, "", time.monotonic() - started))
    say("\n" + _table(outcomes))
    say(closing)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _run(check: Check, ground: Ground, environment: dict[str, str]) -> Outcome:
    started = time.monotonic()
    said = ""
    passed = True
    for command in check.commands:
        done = subprocess.run(
            _in_environment(command, ground),
            cwd=ground.checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        passed = passed and done.returncode == 0
        said += done.stdout if done.returncode else ""
    return Outcome(check.name, passed, said, time.monotonic() - started)


def _in_environment(command: str, ground: Ground) -> list[str]:
    """Return the command with the environment's interpreter.

    Scripts by module, as a shebang can't hold a space.
    """
    words = shlex.split(command)
    if words[0] == "lint-imports":
        return [ground.python, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return [ground.python, *words[1:]]


def _tests(ground: Ground, environment: dict[str, str], options: list[str]) -> tuple[int, str]:
    """Run pytest, showing what it says; return its exit code and its closing line, held back when all checks
    run.
    """
    command = [ground.python, "-m", "pytest", f"--color={'yes' if sys.stdout.isatty() else 'no'}", *options]
    process = subprocess.Popen(
        command,
        cwd=ground.checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    closing = ""
    for line in process.stdout or ():
        if CLOSING.match(COLOUR.sub("", line).strip()):
            closing = line.rstrip("\n")
        sys.stdout.write(line)
        sys.stdout.flush()
    return process.wait(), closing


def _table(outcomes: list[Outcome]) -> str:
    rows = [
        f"  {each.name:<12}{'passed' if each.passed else 'FAILED':<10}{each.seconds:>6.0f} s"
        for each in outcomes
    ]
    return "\n".join(rows) + "\n"
