"""Deletions and what proves them, retention, what the controller added to its annex B."""

from dpa.models.erasure import Erasure, ErasureEvidence
from dpa.models.rules import AnnexAddition, RetentionRule

__all__ = ["AnnexAddition", "Erasure", "ErasureEvidence", "RetentionRule"]
