"""Each journey has its own storage and its own ledger of erasures, and starts knowing no host."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tenants.middleware import forget_hosts
from tests.clauses.conftest import provider, rates_ahead, shelves

__all__ = ["own_ground", "provider", "rates_ahead", "shelves"]


@pytest.fixture(autouse=True)
def own_ground(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep files and the ledger apart; forget what the process remembers of hosts and terms."""
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUPS_CONFIGURED = True
    cache.clear()
    forget_hosts()
    yield
    cache.clear()
    forget_hosts()
