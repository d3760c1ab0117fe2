"""What the machines share: each example taken back, how long they play, and how often each act was drawn.

A normal run plays the same examples each time. `script/test --oracle MINUTES` plays new ones for so long.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RULE_MARKER, RuleBasedStateMachine, run_state_machine_as_test

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from isolation.context import inside_operator

SECONDS = "PREAU_ORACLE_SECONDS"  # how long each machine plays in a long run; a normal run has none
SEED = "PREAU_ORACLE_SEED"
STEPS = 24
AT_ONCE = 4  # examples a long run plays before it looks at the clock
ENOUGH = 60  # draws of an act after which a long run lets it rest now and then, for the rarer ones


@dataclass
class Played:
    """What a machine did: its examples, how often each of its acts was drawn, and how often it failed."""

    acts: Counter[str]
    kinds: Counter[str] = field(default_factory=Counter)  # of an act that does one thing or another
    examples: int = 0
    failures: int = 0


played: dict[str, Played] = {}

_spared = 0.0  # seconds that machines which had drawn all of their acts often left to the next ones


class TakenBack(Exception):
    """Ends an example: what happened in it is taken back, and the next begins from the same scene."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo in the database what happens inside."""
    try:
        with transaction.atomic():
            yield
            raise TakenBack
    except TakenBack:
        return


class Machine(RuleBasedStateMachine):
    """A machine whose example lives in a savepoint, with a clock of its own that only goes on."""

    starts_at: datetime

    def __init__(self) -> None:
        super().__init__()
        self.now = self.starts_at
        _of(type(self)).examples += 1
        self._open = taken_back()
        self._open.__enter__()

    def teardown(self) -> None:
        """Take the example back."""
        self._open.__exit__(None, None, None)

    def count(self, act: str, kind: str = "") -> None:
        """Remember that an act was done, and which of its kinds, for the report of a long run."""
        done = _of(type(self))
        done.acts[act] += 1
        if kind:
            done.kinds[f"{act}: {kind}"] += 1

    def let_pass(self, *, days: int = 0, minutes: int = 0) -> None:
        """Move the clock on, running the agenda at each moment at which something is due, then at the end."""
        until = self.now + timedelta(days=days, minutes=minutes)
        for _ in range(400):
            due = self._next_due(until)
            if due is None:
                break
            self.now = max(self.now, due)
            tick(self.now, seconds=20)
            tick(self.now + timedelta(minutes=1), seconds=20)  # a mail counts when it was sent
            self.now += timedelta(minutes=1)
        self.now = max(self.now, until)
        tick(self.now, seconds=20)

    def _next_due(self, until: datetime) -> datetime | None:
        with inside_operator():
            runs = Obligation.objects.waiting().filter(run_at__lte=until).order_by("run_at")
            mails = OutboxMessage.objects.filter(state="waiting", send_at__lte=until).order_by("send_at")
            times = [*runs.values_list("run_at", flat=True)[:1], *mails.values_list("send_at", flat=True)[:1]]
        return min(times, default=None)


def _of(machine: type[Machine]) -> Played:
    """Return what a machine did so far: each of its acts stands there, drawn or not."""
    if machine.__name__ not in played:
        rules = [name for name in dir(machine) if hasattr(getattr(machine, name), RULE_MARKER)]
        played[machine.__name__] = Played(Counter(dict.fromkeys(rules, 0)))
    return played[machine.__name__]


def play(machine: type[Any], *, examples: int = 12, steps: int = STEPS) -> None:
    """Play a machine: the same examples on every run, or new ones for as long as a long run asks for."""
    seconds = float(os.environ.get(SECONDS, "0"))
    if seconds:
        _play_on(machine, seconds, steps)
    else:
        run_state_machine_as_test(machine, settings=_settings(examples, steps, same=True))


def _play_on(machine: type[Any], seconds: float, steps: int) -> None:
    """Play new examples until the time is over, then fail as the first that did.

    A machine that has drawn all of its acts often leaves the rest of its time to the next.
    """
    global _spared
    begun = time.perf_counter()
    seconds += _spared
    number = int(os.environ[SEED])
    first: Exception | None = None
    done = _of(machine)
    while time.perf_counter() < begun + seconds:
        if time.perf_counter() > begun + seconds / 3 and min(done.acts.values()) >= ENOUGH:
            break
        try:
            playing = seed(number)(_without(machine, resting(done.acts, number)))
            run_state_machine_as_test(playing, settings=_settings(AT_ONCE, steps, same=False))
        except Exception as failure:
            first = first or failure
            done.failures += 1
        number += 1
    _spared = max(0.0, begun + seconds - time.perf_counter())
    if first:
        raise first


def resting(acts: Counter[str], number: int) -> list[str]:
    """Return the acts that are left out of the next examples: each frequent one every other time.

    The same number rests the same of them, and something is always left to do.
    """
    dice = Random(number)
    often = [act for act, count in sorted(acts.items()) if count >= ENOUGH]
    found = [act for act in often if dice.random() < 0.5]
    return found if len(found) < len(acts) else found[1:]


def _without(machine: type[Any], acts: Iterable[str]) -> type[Any]:
    """Return a machine that draws no such act by itself; its other acts may still do them."""

    def plain(act: Any) -> Any:
        return lambda self, **told: act(self, **told)

    left_out = {act: plain(getattr(machine, act)) for act in acts}
    return type(machine.__name__, (machine,), left_out)


def _settings(examples: int, steps: int, *, same: bool) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=same,
        phases=(Phase.generate,),  # a failure is told as it was drawn: making it shorter takes minutes
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        database=None,
    )
