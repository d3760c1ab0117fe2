"""What the manuals show, for tests to try."""

import json
import re
from typing import Any


def blocks(text: str, language: str) -> dict[str, Any]:
    """Return the examples of a manual in a language, by the name behind the fence, read as JSON."""
    found = re.findall(rf"^```{language} (\w+)\n(.*?)^```$", text, re.M | re.S)
    return {name: json.loads(content) for name, content in found}
