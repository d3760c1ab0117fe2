"""What benches stand on: a database of their own, medians, and one row a measure."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PREAU_DEMO", "1")
NOW = datetime.now(UTC)


def ground() -> None:
    """Make the bench's database, its shared schema and its template."""
    import django

    django.setup()
    from contracts.actions.seed_terms import seed_terms
    from isolation.context import inside_operator
    from tenants.actions.prepare_schemas import prepare_schemas
    from tests import database

    database.point_at("test_bench")
    database.create("test_bench")
    prepare_schemas(now=NOW)
    with inside_operator():
        seed_terms(now=NOW)


def agreed(slug: str, *profiles: str, licences: int = 10_000) -> list[Any]:
    """Return the contracts of a new customer, one a profile, agreed and not open yet."""
    from contracts.registry import profile
    from isolation.context import inside_operator
    from tenants.models import Contract, Customer

    with inside_operator():
        customer = Customer.objects.create(name=slug, email=f"{slug}@example.test", created_at=NOW)
        return [
            Contract.objects.create(
                customer=customer,
                profile_key=key,
                profile_version=profile(key, on=NOW.date()).version,
                licences=licences,
                starts_on=NOW.date(),
                created_at=NOW,
            )
            for key in profiles
        ]


def open_for(slug: str, contracts: list[Any]) -> Any:
    """Return the tenant of these contracts, opened as the product opens it."""
    from isolation.context import inside_operator
    from tenants.actions.provision_tenant import provision_tenant

    with inside_operator():
        for contract in contracts:
            tenant = provision_tenant(slug=slug, name=slug, contract_id=contract.pk, now=NOW)
    return tenant


def school(slug: str, *, profiles: tuple[str, ...] = ("school", "nursery")) -> Any:
    """Return a tenant of its own, open."""
    return open_for(slug, agreed(slug, *profiles))


def side_by_side(
    one: Callable[[int], Any],
    other: Callable[[int], Any],
    *,
    times: int = 7,
    after: Callable[[], Any] | None = None,
) -> tuple[float, float]:
    """Return the median seconds of two pieces of work, run in turns so that a noisy machine disturbs both.

    `after` is called after each of them, outside of what is measured.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(times):
        for kept, work in zip(taken, (one, other), strict=True):
            started = time.perf_counter()
            work(turn)
            kept.append(time.perf_counter() - started)
            if after:
                after()
    return statistics.median(taken[0]), statistics.median(taken[1])


def row(what: str, measured: str, wanted: str) -> None:
    """Print one row of the table."""
    print(f"{what} | {measured} | {wanted}", flush=True)


def ms(seconds: float) -> str:
    """Return seconds in milliseconds."""
    return f"{seconds * 1000:.1f} ms"


def peak_memory(pid: str) -> int:
    """Return the most memory a process ever held, in MB.

    The kernel's own high-water mark of its resident set.
    """
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024)
