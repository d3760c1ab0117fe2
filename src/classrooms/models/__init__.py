"""The rows of the classroom."""

from classrooms.models.families import (
    AccountDeclaration,
    Guardian,
    GuardianInformation,
    Guardianship,
    ReadReceipt,
)
from classrooms.models.imports import ImportBatch
from classrooms.models.record import Competency, Observation, ObservationCompetency, ObservationStudent, Photo
from classrooms.models.removals import Removal
from classrooms.models.students import Enrolment, Group, GroupStudent, Household, Student
from classrooms.models.years import SchoolClass, SchoolYear, Teaching

__all__ = [
    "AccountDeclaration",
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
