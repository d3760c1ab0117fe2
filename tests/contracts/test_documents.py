"""What the documents lead to is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_a_document_leads_to_is_there(path):
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_from_the_readme_five_clauses_lead_to_their_rule_and_their_test():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for clause in ("LG-S6.3p", "LG-S14.2a", "LG-U4", "MC-11", "LG-DBr"):
        [row] = [line for line in readme.splitlines() if line.startswith(f"| {clause} ")]
        assert f"/promises/{clause}/" in row
        assert "](src/" in row
        assert "](tests/clauses/" in row
