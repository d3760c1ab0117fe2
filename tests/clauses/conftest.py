"""Stories draw no paper and ask no judge of electronic invoices; what would be printed is read instead."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from billing.invoicing.gateways.einvoice import rules
from exports.gateways import pdf
from tenants.middleware import forget_hosts
from tests.billing.carts import fill_shelves
from tests.billing.online import provider_at
from tests.pdfs import PDF


@pytest.fixture(autouse=True)
def papers(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[list[str]]:
    """Give what a story has had printed, as HTML; outside of stories all is left as it is."""
    printed: list[str] = []
    if request.node.get_closest_marker("story") is None:
        yield printed
        return
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.MEDIA_ROOT = tmp_path / "media"
    blank = PDF

    def html(*, string: str, **_more: Any) -> Any:
        printed.append(string)
        return SimpleNamespace(write_pdf=lambda **_more: blank)

    monkeypatch.setattr(pdf, "_engine", lambda: SimpleNamespace(HTML=html))
    for each in ("_fonts", "_fetcher", "_stylesheet"):
        monkeypatch.setattr(pdf, each, lambda: None)
    monkeypatch.setattr(rules, "_judged", lambda *_: ())
    _forget()
    yield printed
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
