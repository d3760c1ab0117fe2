"""Deletions and what proves them, retention, the annexes, breaches, sub-processors, requests."""

from dpa.models.annexes import AnnexDraft, AnnexVersion
from dpa.models.backups import RestoreDrill
from dpa.models.breaches import AffectedTenant, BreachDelivery, BreachNotice, BreachResponse, DataBreach
from dpa.models.erasure import Erasure, ErasureEvidence
from dpa.models.holds import Hold
from dpa.models.processors import (
    ChangeNotice,
    ChangeObjection,
    GarTenant,
    ProcessorChange,
    ProcessorTenant,
    ProcessorVersion,
)
from dpa.models.requests import DataRequest, Instruction, ReceivedRequest, Restriction
from dpa.models.rules import AnnexAddition, RetentionRule

__all__ = [
    "AffectedTenant",
    "AnnexAddition",
    "AnnexDraft",
    "AnnexVersion",
    "BreachDelivery",
    "BreachNotice",
    "BreachResponse",
    "DataBreach",
    "DataRequest",
    "Erasure",
    "ErasureEvidence",
    "ChangeNotice",
    "ChangeObjection",
    "GarTenant",
    "Hold",
    "Instruction",
    "ProcessorChange",
    "ProcessorTenant",
    "ProcessorVersion",
    "ReceivedRequest",
    "RestoreDrill",
    "Restriction",
    "RetentionRule",
]
