"""CSV as French and English spreadsheets open it: UTF-8 with its mark, semicolons, no cell that computes."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from people.policy.files import file_name, safe_cell

MARK = "\ufeff"


def csv_lines(header: Sequence[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the first after the mark that tells spreadsheets it is UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
    yield MARK
    for row in chain([header], rows):
        writer.writerow([safe_cell(_in_words(cell)) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def csv_text(header: Sequence[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a whole CSV file."""
    return "".join(csv_lines(header, rows))


def csv_response(name: str, header: Sequence[object], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return a list as a CSV download called `name`.csv.

    Times are the reader's own. Built in full before it is sent: a body that streams would leave the database
    before its rows are read.
    """
    local = ([_here(cell) for cell in row] for row in rows)
    response = HttpResponse(csv_text(header, local), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{file_name(name)}.csv")
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_words(cell: object) -> object:
    return (_("yes") if cell else _("no")) if isinstance(cell, bool) else cell


def _here(cell: object) -> object:
    return timezone.localtime(cell) if isinstance(cell, datetime) and timezone.is_aware(cell) else cell
