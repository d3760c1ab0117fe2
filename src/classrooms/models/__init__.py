"""The rows of the classroom."""

from classrooms.models.families import (
    AccountDeclaration,
    Guardian,
    GuardianInformation,
    Guardianship,
    ReadReceipt,
)
from classrooms.models.imports import ImportBatch
from classrooms.models.record import (
    ChangesStudent,
    Competency,
    Observation,
    ObservationChanges,
    ObservationCompetency,
    ObservationStudent,
    Photo,
)
from classrooms.models.removals import Removal
from classrooms.models.students import Enrolment, Group, GroupStudent, Household, Student
from classrooms.models.years import SchoolClass, SchoolYear, Teaching

__all__ = [
    "AccountDeclaration",
    "ChangesStudent",
    "Competency",
    "Enrolment",
    "Group",
    "GroupStudent",
    "Guardian",
    "GuardianInformation",
    "Guardianship",
    "Household",
    "ImportBatch",
    "Observation",
    "ObservationChanges",
    "ObservationCompetency",
    "ObservationStudent",
    "Photo",
    "ReadReceipt",
    "Removal",
    "SchoolClass",
    "SchoolYear",
    "Student",
    "Teaching",
]
