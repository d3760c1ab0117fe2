"""What the machines share: each example taken back, how long they play, and how often each act was drawn."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from isolation.context import inside_operator

LONG = "PREAU_ORACLE_EXAMPLES"  # how many examples a long run plays
STEPS = 24
drawn: Counter[str] = Counter()


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
        self._open = taken_back()
        self._open.__enter__()

    def teardown(self) -> None:
        """Take the example back."""
        self._open.__exit__(None, None, None)

    def count(self, act: str) -> None:
        """Remember that an act was done, for the report of a long run."""
        drawn[f"{type(self).__name__}.{act}"] += 1

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


def play(machine: type[Any], *, examples: int = 12, steps: int = STEPS) -> None:
    """Play a machine: the same examples on every run, or as many as a long run asks for."""
    wanted = int(os.environ.get(LONG, "0"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=wanted or examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not wanted,
            phases=(Phase.generate,) if not wanted else tuple(Phase),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            database=None,
        ),
    )
