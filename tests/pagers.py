"""What is reached from a page by the pagers on it."""

import re
from typing import Any


def reached(client: Any, address: str) -> str:
    """Return the texts of a page and of all pages its pagers lead to."""
    waiting = [address]
    seen = set[str]()
    texts = list[str]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        answer = client.get(at)
        assert answer.status_code == 200
        texts.append(answer.content.decode())
        links = re.findall(r'rel="(?:next|prev)" href="([^"#]*)', texts[-1])
        waiting += [at.split("?")[0] + link.replace("&amp;", "&") for link in links]
    return " ".join(texts)
