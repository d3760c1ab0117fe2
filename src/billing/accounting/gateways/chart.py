"""The operator's chart of accounts, read from a file so that another house can keep its books on its own."""

import os
import tomllib
from functools import lru_cache
from pathlib import Path

from billing.accounting.policy.chart import Chart, chart_of

FILE = Path(__file__).resolve().parent.parent / "data" / "chart.toml"


@lru_cache(maxsize=1)
def chart() -> Chart:
    """Return the chart of accounts. Raises BadChart on a file that lacks something."""
    path = Path(os.environ.get("PREAU_CHART", FILE))
    return chart_of(tomllib.loads(path.read_text(encoding="utf-8")))
