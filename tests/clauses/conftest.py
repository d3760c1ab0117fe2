"""Stories keep files of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from billing.money.gateways.rate_tables import put_table, table_file
from tenants.middleware import forget_hosts
from tests.billing.carts import fill_shelves
from tests.billing.online import provider_at


@pytest.fixture(autouse=True)
def stage(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Give a story files of its own; outside of stories all is as it is."""
    if request.node.get_closest_marker("story") is None:
        yield
        return
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.MEDIA_ROOT = tmp_path / "media"
    _forget()
    yield
    _forget()


def _forget() -> None:
    """Forget what a process remembers of terms and hosts: the next story has its own."""
    cache.clear()
    forget_hosts()


@pytest.fixture
def shelves(db: None) -> Any:
    """Return what the shop sells, by key."""
    return fill_shelves()


@pytest.fixture
def provider(settings: Any) -> Iterator[Any]:
    """Give the payment provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def rates_ahead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Publish the rates of 2027 and 2028, the same as those of the end of 2026."""
    known = table_file("statutory").read_text(encoding="utf-8")
    ahead = [
        f"{year}H{half},{year}-{month:02}-01,6.84,2.75,supposed"
        for year in (2027, 2028)
        for half, month in ((1, 1), (2, 7))
    ]
    bank = table_file("ecb").read_text(encoding="utf-8")
    monkeypatch.setenv("PREAU_RATES", str(tmp_path / "rates"))
    put_table("statutory", known + "\n".join(ahead) + "\n")
    put_table("ecb", bank)
