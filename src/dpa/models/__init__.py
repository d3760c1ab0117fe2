"""Deletions and what proves them, retention, what the controller added to its annex B, breaches."""

from dpa.models.breaches import AffectedTenant, BreachDelivery, BreachNotice, BreachResponse, DataBreach
from dpa.models.erasure import Erasure, ErasureEvidence
from dpa.models.rules import AnnexAddition, RetentionRule

__all__ = [
    "AffectedTenant",
    "AnnexAddition",
    "BreachDelivery",
    "BreachNotice",
    "BreachResponse",
    "DataBreach",
    "Erasure",
    "ErasureEvidence",
    "RetentionRule",
]
