"""What was promised, with the evidence, and the terms as they were published."""

from contracts.views.clause import ClausePage, ConsoleClausePage, TenantClausePage
from contracts.views.promises import ConsolePromises, Promises, PublicPromises
from contracts.views.terms import TermsList, TermsText

__all__ = [
    "ClausePage",
    "ConsoleClausePage",
    "ConsolePromises",
    "Promises",
    "PublicPromises",
    "TenantClausePage",
    "TermsList",
    "TermsText",
]
