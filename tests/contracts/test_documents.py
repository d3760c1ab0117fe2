"""What the documents lead to is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from contracts.queries import clause_row

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
        found = clause_row(clause)
        assert ("written, not proved" in row) is (found.state == "ruled")


FUNCTION = re.compile(r"\[(\w+)\]\(((?:src|tests)/[\w/]+\.py)#L(\d+)\)")


def test_a_link_to_a_function_leads_to_its_line(request):
    """`script/test tests/contracts/test_documents.py --write-tables` writes the lines anew."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    right = FUNCTION.sub(lambda link: f"[{link[1]}]({link[2]}#L{_line_of(link[1], link[2])})", readme)
    if request.config.getoption("--write-tables"):
        (ROOT / "README.md").write_text(right, encoding="utf-8")
    assert FUNCTION.findall(right)
    assert (ROOT / "README.md").read_text(encoding="utf-8") == right


def _line_of(name: str, path: str) -> int:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    [line] = [at for at, text in enumerate(lines, start=1) if text.startswith(f"def {name}(")]
    return line
