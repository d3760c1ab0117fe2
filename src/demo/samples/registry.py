"""The registry of sample documents."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.db import transaction

from billing.money.models import ClosedPeriod, NumberSeries
from isolation.context import inside_operator


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A sample: its page, and its electronic invoice where it has one."""

    pdf: bytes | None = None
    xml: bytes | None = None
    text: bytes | None = None  # what is neither, such as a report in CSV
    ending: str = "csv"


Maker = Callable[[datetime], SampleDocument]
_MAKERS: dict[str, Maker] = {}


def sample(name: str) -> Callable[[Maker], Maker]:
    """Register the maker of one sample document; its name is the name of the files."""

    def register(maker: Maker) -> Maker:
        if _MAKERS.setdefault(name, maker) is not maker:
            raise ValueError(f"there is a sample {name!r} already")
        return maker

    return register


def samples() -> dict[str, Maker]:
    """Return every maker by name, those of all modules of this folder."""
    package = import_module("demo.samples")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"demo.samples.{module.name}")
    return dict(sorted(_MAKERS.items()))


def made(name: str, now: datetime) -> SampleDocument:
    """Return a sample as it is made at an instant; nothing of it is kept.

    Books that are closed are open to it alone, and later documents no bar: it may be dated some months back.
    """
    with inside_operator(), transaction.atomic():
        for period in ClosedPeriod.objects.active().order_by("-ends_on"):
            period.reopen(at=now, by=None, reason="sample")
        NumberSeries.objects.update(last_on=None)
        paper = samples()[name](now)
        transaction.set_rollback(True)
    return paper


def files(name: str, paper: SampleDocument) -> Iterator[tuple[str, bytes]]:
    """Return the files of a sample."""
    if paper.pdf is not None:
        yield f"{name}.pdf", paper.pdf
    if paper.xml is not None:
        yield f"{name}.xml", paper.xml
    if paper.text is not None:
        yield f"{name}.{paper.ending}", paper.text
