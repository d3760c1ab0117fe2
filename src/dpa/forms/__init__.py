"""What is filled in on the pages of the privacy centre and of the operator's desk."""

from dpa.forms.annexes import ContactsForm, PurposesForm
from dpa.forms.backups import DrillForm
from dpa.forms.breaches import (
    AuthorityForm,
    BreachForm,
    CloseForm,
    DraftForm,
    NotifiedForm,
    PeopleForm,
    ScopeForm,
)
from dpa.forms.centre import AfterEndForm, RefusalForm, RetentionForm
from dpa.forms.processors import (
    SETTLEMENTS,
    GarForm,
    LetterForm,
    ObjectionForm,
    ProcessorForm,
    SettlementForm,
)
from dpa.forms.requests import (
    AnswerForm,
    AskForm,
    DropForm,
    ExtendForm,
    HoldForm,
    InstructionForm,
    OutcomeForm,
    PlaceForm,
    PublicRequestForm,
    ReceivedForm,
    RecordRequestForm,
    SubjectsForm,
)
from dpa.labels import CATEGORIES

__all__ = [
    "CATEGORIES",
    "SETTLEMENTS",
    "AfterEndForm",
    "AuthorityForm",
    "BreachForm",
    "CloseForm",
    "ContactsForm",
    "DraftForm",
    "GarForm",
    "HoldForm",
    "LetterForm",
    "NotifiedForm",
    "ObjectionForm",
    "PeopleForm",
    "ProcessorForm",
    "PurposesForm",
    "RefusalForm",
    "RetentionForm",
    "ScopeForm",
    "SettlementForm",
    "AnswerForm",
    "AskForm",
    "DrillForm",
    "DropForm",
    "ExtendForm",
    "InstructionForm",
    "OutcomeForm",
    "PlaceForm",
    "PublicRequestForm",
    "ReceivedForm",
    "RecordRequestForm",
    "SubjectsForm",
]
