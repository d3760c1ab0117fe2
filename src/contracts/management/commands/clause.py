"""Show one promise: what is said, what keeps it, the contract's figures, its stories, and where it is
called.
"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from contracts.actions.read_proof import ClauseProof, read_proof
from contracts.policy.clauses import ClauseRow
from contracts.queries import clause_row
from contracts.views.words import case_words, figure_words, state_words


class Command(BaseCommand):
    """One clause on the command line, as its page shows it but for this installation's evidence."""

    help = "Show a promise with its rule, the contract's figures, its stories and where the product calls it."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("clause", help="its id, e.g. LG-S6.3p")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the clause. Exits non-zero for one that was never promised."""
        row = clause_row(options["clause"])
        if row is None:
            raise CommandError(f"No clause is called {options['clause']}. All: script/manage clauses")
        proof = read_proof(row)
        with translation.override("en"):
            self.stdout.write(_as_json(row, proof) if options["json"] else _as_text(row, proof))


def _as_json(row: ClauseRow, proof: ClauseProof) -> str:
    details = asdict(row) | {
        "state": row.state,
        "rules": [asdict(rule) for rule in proof.rules],
        "cases": [
            {
                "told": each.told,
                "answers": figure_words(each, each.answer()),
                "contract": figure_words(each, each.gives),
                "holds": each.holds,
            }
            for each in proof.cases
        ],
        "callers": [asdict(caller) for caller in proof.callers],
    }
    return json.dumps(details, ensure_ascii=False, indent=1)


def _as_text(row: ClauseRow, proof: ClauseProof) -> str:
    lines = [f"{row.id}: {state_words(row.state).lower()}", "", row.rule, ""]
    for rule in proof.rules:
        lines += [f"{rule.file}:{rule.line}  {rule.name}"]
        lines += [*(f"    {line}" for line in rule.source.splitlines()), ""] if rule.is_pure else []
    for each in proof.cases:
        sign = "=" if each.holds else "DIFFERS FROM"
        answer = figure_words(each, each.answer())
        lines.append(f"{case_words(each)}: {answer} {sign} {figure_words(each, each.gives)}")
    lines += ["", *(f"tests/clauses/{test}" for test in row.tests)]
    for story in row.stories:
        note = "" if story.counts else "  KNOWN TO FAIL"
        lines += [
            f"{story.folder}/{story.path}:{story.line} ({story.door or 'random play'}){note}",
            f"    {story.told}",
        ]
    lines += ["", *(f"{caller.door:<8} {caller.name}  {caller.says}" for caller in proof.callers)]
    return "\n".join(lines)
