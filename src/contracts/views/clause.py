"""One clause: the promise, the rule as it runs, the contract's figures, the stories, the callers, the
evidence.
"""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from contracts.actions.read_proof import ClauseProof, read_proof
from contracts.policy.clauses import PLANNED, PROVED, STATES, STRUCTURAL
from contracts.queries import clause_row, families
from contracts.registry import evidence_of
from contracts.views.words import (
    case_words,
    chip_of,
    figure_words,
    margin_words,
    missed_words,
    rule_of,
    speaks_french,
    state_words,
    title_of,
)


def paragraphs(text: str) -> list[str]:
    """Return a docstring's paragraphs, each on one line."""
    return [" ".join(part.split()) for part in text.split("\n\n")]


class ClausePage(TemplateView):
    """A promise a lawyer can read: what is said, what keeps it, and how one knows."""

    permission = "anyone"
    template_name = "contracts/clause.html"
    layout = "layouts/public.html"
    board_url = "contracts:promises"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page of a clause; 404 for one that was never promised."""
        row = clause_row(self.kwargs["clause"])
        if row is None:
            raise Http404(self.kwargs["clause"])
        now = timezone.now()
        evidence = evidence_of([row.id], now=now).get(row.id)
        proof = read_proof(row)
        word, tone = chip_of(row, evidence)
        family = next(each for each in families() if row.id.startswith(each.prefix))
        return super().get_context_data(**kwargs) | {
            "layout": self.layout,
            "board_url": self.board_url,
            "row": row,
            "title": title_of(row),
            "rule": rule_of(row),
            "family": family.title_fr if speaks_french() else family.title,
            "word": word,
            "tone": tone,
            "ladder": [
                (state_words(state), STATES.index(state) <= STATES.index(row.state)) for state in STATES
            ],
            "is_structural": row.id in STRUCTURAL and row.state == PROVED,
            "is_planned": row.state == PLANNED,
            "evidence": evidence,
            "why": evidence.why if evidence and self.permission != "anyone" else "",
            "missed": missed_words(evidence, now=now) if evidence and evidence.missed_since else "",
            "margin": margin_words(evidence.margin) if evidence else "",
            "worst": margin_words(evidence.worst_margin) if evidence else "",
            "proof": proof,
            "rules": [(each, paragraphs(each.says)) for each in proof.rules],
            "cases": self.cases(proof),
            "stories": [self.story(each) for each in row.stories if each.counts],
            "failing": [self.story(each) for each in row.failing],
        }

    def cases(self, proof: ClauseProof) -> list[dict[str, Any]]:
        """Return the contract's figures, computed as the page opens, each beside what the contract says."""
        return [
            {
                "told": case_words(each),
                "found": figure_words(each, answer),
                "said": figure_words(each, each.gives),
                "holds": answer == each.gives,
            }
            for each in proof.cases
            for answer in [each.answer()]
        ]

    def story(self, story: Any) -> dict[str, str]:
        """Return a story as a sentence, with the door it was played through."""
        told = (story.told_fr if speaks_french() else "") or story.told
        return {"told": told, "door": story.door, "test": f"{story.path}::{story.name}"}


class TenantClausePage(ClausePage):
    """The same page inside a school, with what came of the promise there."""

    permission = "promises.read"
    layout = "layouts/tenant.html"


class ConsoleClausePage(ClausePage):
    """The same page in the console, with what came of the promise over all customers."""

    permission = "promises.read"
    layout = "layouts/console.html"
    board_url = "contracts:console"
