"""The words of refusals: what is wrong, and what to do next."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from classrooms.policy.csv_file import GUARDIANS, PUPILS, RowError
from classrooms.policy.licences import LicencesUsedUp
from classrooms.policy.removals import REQUEST, RETENTION, SCHOOL, Removed
from contracts.labels import LOST_LETTER, UNREADABLE, day_text

REASONS = {
    "empty_file": gettext_lazy("The file is empty. Export it again from ONDE."),
    "not_csv": gettext_lazy(
        "This isn’t a CSV file. In ONDE, export as CSV; don’t open it in a spreadsheet first."
    ),
    "separator": gettext_lazy("The columns must be separated by semicolons, as ONDE writes them."),
    "column_missing": gettext_lazy("The file has no such column. Check that it is the right export."),
    "column_twice": gettext_lazy("The file has this column twice. Keep one of them."),
    "not_allowed": gettext_lazy(
        "Your annex B doesn’t list this, so it can’t be kept; without it pupils can’t be imported."
    ),
    "empty": gettext_lazy("It is empty."),
    "unreadable": UNREADABLE,
    "lost_letter": LOST_LETTER,
    "not_a_name": gettext_lazy("This has no letter: it can’t be a name."),
    "too_long": gettext_lazy("This is longer than %(longest)s characters."),
    "open_quote": gettext_lazy(
        "A quotation mark is opened and never closed; the lines after it can’t be read."
    ),
    "nul": gettext_lazy("A NUL character stands in it: the file is damaged. Export it again."),
    "cut_short": gettext_lazy("The line has %(found)s cells, fewer than the file has columns: it was cut."),
    "damaged_text": gettext_lazy("A letter is damaged in this line. Export the file again."),
    "unknown_encoding": gettext_lazy("This isn’t text we can read. Export the file again as CSV, in UTF-8."),
    "old_encoding": gettext_lazy(
        "This file is written in the encoding “%(name)s”, where letters with accents are lost. Export it as "
        "CSV in UTF-8."
    ),
    "encoded_twice": gettext_lazy(
        "Letters with accents were damaged (“Ã©” for “é”). Export the file again; don’t open it in between."
    ),
    "siecle": gettext_lazy(
        "This is an export of SIECLE, for collèges and lycées. Export the pupils from ONDE."
    ),
    "oneroster": gettext_lazy("This is a OneRoster file, which isn’t read yet. Export the pupils from ONDE."),
    "guardians_file": gettext_lazy("This is the file of the guardians. Give it as the second file."),
    "pupils_file": gettext_lazy("This is the file of the pupils. Give it as the first file."),
    "unknown_level": gettext_lazy("No such level. Known are: %(known)s."),
    "cells_beyond": gettext_lazy(
        "The line has %(found)s cells, and the file %(wanted)s columns: a semicolon too many shifts what "
        "follows. Correct it in ONDE, then export again."
    ),
    "not_a_date": gettext_lazy("This isn’t a date such as 31/12/2018."),
    "no_such_day": gettext_lazy("There is no such day in the calendar."),
    "in_the_future": gettext_lazy("This date is still to come."),
    "too_long_ago": gettext_lazy("This date is more than a hundred years ago."),
    "twice_in_file": gettext_lazy(
        "The same pupil is on line %(other)s already. If it is another child, say so below."
    ),
    "several_pupils": gettext_lazy(
        "%(count)s pupils have these names and this birth date. Choose below which one is meant."
    ),
    "being_deleted": gettext_lazy(
        "This pupil is being deleted. Undo the deletion first, or wait until it is done."
    ),
    "unknown_child": gettext_lazy("No pupil among those imported has this name."),
    "several_children": gettext_lazy(
        "%(count)s pupils have this name. Add the guardian from the pupil’s page."
    ),
    "no_address": gettext_lazy("There is no e-mail address: this guardian can’t be invited."),
    "not_an_address": gettext_lazy("This isn’t an e-mail address."),
    "no_child": gettext_lazy("No child is named beside this guardian."),
}


FILES = {PUPILS: gettext_lazy("pupils"), GUARDIANS: gettext_lazy("guardians")}


def file_words(refusal: RowError) -> str:
    """Return in which of the two files a row is refused."""
    return str(FILES[refusal.file])


def refusal_words(refusal: RowError) -> str:
    """Return why a row is refused, in the reader's language."""
    return str(REASONS[refusal.reason]) % dict(refusal.facts)


def licence_refusal(refused: LicencesUsedUp) -> str:
    """Return that the licences are used up, by how many, and how to extend."""
    facts = {
        "bought": refused.bought,
        "active": refused.active,
        "adding": refused.adding,
        "short": refused.short,
    }
    head = ngettext(
        "One licence is lacking: %(active)s pupils are active, %(adding)s more would be, for %(bought)s "
        "licences.",
        "%(short)s licences are lacking: %(active)s pupils are active, %(adding)s more would be, for "
        "%(bought)s licences.",
        refused.short,
    )
    then = _(
        "Nothing was done. Extend your subscription under Licences, or note which pupils have left, then try "
        "again."
    )
    return f"{head % facts} {then}"


def household_refusal(refused: LicencesUsedUp) -> str:
    """Return that a family's licences are used up, and how to extend."""
    words = ngettext(
        "Your subscription is for %(bought)s child. Extend it in your customer area, then try again.",
        "Your subscription is for %(bought)s children. Extend it in your customer area, then try again.",
        refused.bought,
    )
    return words % {"bought": refused.bought}


_REMOVED = {
    SCHOOL: gettext_lazy("Removed by the school on %(day)s."),
    REQUEST: gettext_lazy("Deleted at their own request on %(day)s."),
    RETENTION: gettext_lazy("Deleted on %(day)s, at the end of the retention period."),
}


def removal_words(removed: Removed) -> str:
    """Return when somebody was removed, and why."""
    return str(_REMOVED[removed.reason]) % {"day": day_text(removed.removed_on)}
