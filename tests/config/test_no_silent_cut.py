"""A list that is cut says so: a slice of a fixed length stands only where a reason stands for it below.

A page comes from a paginator; a first few say how many there are. What is cut of one text (a column's
length, a digest, a code) is no list.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

ONE_TEXT = re.compile(
    r"caption|content|digits|failure|file_name|guardians_name|hex|intent_id|kind|language|name|path|plain|"
    r"pupils_name|reason|reference|session_id|siren|siret|slug|text|typed|user_agent|version"
)
TEXT_OF = re.compile(r"digest|get|get_language|hexdigest|join|redacted|replace|slugify|str|strip")

REASONED = {
    "dpa/queries/sections.py: rows[:MAX_WAITING]": "the panel says how many more wait, and leads to them",
    "audit/policy/note.py: said[:4]": "the part of a signature that says whose it is",
    "audit/data/verify_preau.py: said[:4]": "the part of a signature that says whose it is",
    "audit/data/verify_preau.py: lines[:4]": "the four lines a head is told by",
    "audit/data/verify_preau.py: signature[:32]": "the first half of a signature",
    "classrooms/policy/csv_file.py: data[:4096]": "the beginning tells which kind of file it is",
    "classrooms/policy/csv_file.py: start[:64]": "the beginning tells which kind of file it is",
    "billing/accounting/actions/post_vat.py: due.label[:120]": "one text, to the length of its column",
    "billing/accounting/actions/write_entries.py: draft.label[:200]": "one text, to the length of its column",
    "billing/accounting/queries/letters.py: row[:2]": "two cells of one row",
    "billing/collections/queries/documents.py: days[:MAX_DAYS]": "the paper says how many days are left off",
    "billing/customers/actions/file_sent.py: recipient[:300]": "one text, to the length of its column",
    "billing/customers/actions/file_sent.py: subject[:300]": "one text, to the length of its column",
    "billing/customers/views/sent.py: document.sha256[:8]": "one text, part of a file's name",
    "billing/desk/actions/send_many.py: waiting[:ROWS_A_STEP]": "the next step takes the next ones",
    "billing/desk/actions/erase_contact.py: islice(forgettable(today=today), MAX_A_DAY)": (
        "the next night takes the next ones"
    ),
    "billing/desk/keepers/mailings.py: found[:MAX_ATTACHED]": "the mail says where the others are",
    "billing/desk/policy/search.py: tuple(plain.split())[:MAX_WORDS]": "words of a question, no rows",
    "billing/desk/policy/search.py: tuple(rest.split())[:MAX_WORDS]": "words of a question, no rows",
    "billing/desk/queries/search.py: found[:FIRST_HITS]": "told with their number and a link to all",
    "exports/labels.py: found[:MAX_SHOWN]": "ends in dots; the packages named are those of all",
    "billing/orders/models/order.py: self.sites.all()[:2]": "asks whether there is one, or more",
    "billing/payments/policy/bank.py: value[:200]": "a value in an error's words",
    "billing/payments/policy/csv_statement.py: longest[:20]": "titles of columns in an error's words",
    "billing/payments/views/bank.py: Customer.objects.filter(name__iexact=name)[:2]": "one, none or several",
    "billing/payments/policy/matching.py: likeliest[:MAX_INVOICES]": "any other is found by its number",
    "classrooms/actions/prepare_import.py: row[:3]": "cells of one row",
    "classrooms/policy/matching.py: key[:2]": "two parts of a key",
    "classrooms/policy/plan.py: key[:2]": "two parts of a key",
    "classrooms/queries/class_page.py: pair[:2]": "two parts of a key",
    "classrooms/queries/imports.py: row[:3]": "cells of one row",
    "contracts/actions/read_proof.py: nearest[:MAX_CALLERS]": "the page says how many more there are",
    "contracts/forms/searched.py: rows[:MAX_LISTED]": "the page says how many, and how to find one",
    "dpa/actions/enforce_retention.py: due.pupils[:MAX_A_DAY]": "the next ones go the night after",
    "dpa/actions/print_record.py: record.parts[:OBSERVATIONS_ON_PAPER]": "the paper says it",
    "dpa/views/doubts.py: islice(_rows(shown, kept), MAX_SHOWN)": "the page says how many more there are",
    "dpa/views/doubts.py: request.POST.getlist('shown_doubt')[:MAX_SHOWN]": "no page shows more",
    "learning/queries.py: results_of([student.pk])[:6]": "under a link to all results",
    "people/templatetags/people.py: re.split('[ /]', user_agent)[0][:30]": "one name",
}

IN_TEMPLATES = {
    "classrooms/class.html": "says how many more there are",
    "contracts/promises.html": "says how many more there are",
}


def is_fixed(bound: ast.expr | None) -> bool:
    """Return whether a bound is written down, and more than the first of a list."""
    if isinstance(bound, ast.Constant):
        return isinstance(bound.value, int) and bound.value > 1
    return called(bound).isupper()


def called(node: ast.expr | None) -> str:
    """Return the last word of a name, nothing for what has none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_text(cut: ast.expr) -> bool:
    """Return whether what is cut is one text, by what it is called or made of."""
    if isinstance(cut, ast.JoinedStr):
        return True
    if isinstance(cut, ast.BoolOp):
        return any(isinstance(each, ast.Constant) or is_text(each) for each in cut.values)
    if isinstance(cut, ast.Subscript):
        return isinstance(cut.slice, ast.Constant) and bool(ONE_TEXT.fullmatch(str(cut.slice.value)))
    if isinstance(cut, ast.Call):
        return bool(TEXT_OF.fullmatch(called(cut.func)))
    return bool(ONE_TEXT.fullmatch(called(cut)))


def cuts(tree: ast.AST) -> Iterator[str]:
    """Yield each slice of a fixed length that is not of one text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            if is_fixed(node.slice.upper) and not is_text(node.value):
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("islice"):
            yield ast.unparse(node)


def cuts_of_the_product() -> set[str]:
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        place = path.relative_to(ROOT / "src")
        if place.parts[0] != "demo" and "migrations" not in place.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {f"{place}: {cut}" for cut in cuts(tree)}
    return found


def test_no_list_is_cut_without_a_reason():
    assert cuts_of_the_product() - REASONED.keys() == set()


def test_every_reason_is_still_needed():
    assert REASONED.keys() - cuts_of_the_product() == set()


def test_a_template_that_cuts_says_how_many_more_there_are():
    folder = ROOT / "templates"
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r"\|slice:", path.read_text(encoding="utf-8"))
    }
    assert found == set(IN_TEMPLATES)
    for name in IN_TEMPLATES:
        assert "and {{ n }} more" in (folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "orders.all()[:20]",
        "list(rows)[:MOST]",
        "rows.order_by('x')[:limits.MOST]",
        "rows[0:50]",
        "islice(rows, 10)",
        "itertools.islice(rows, 10)",
    ],
)
def test_a_new_cut_is_found(source):
    assert list(cuts(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["reason[:300]", "rows[:1]", "rows[first:end]", "x.hexdigest()[:8]", "rows[2:]"]
)
def test_a_text_a_page_and_the_first_are_no_cut(source):
    assert not list(cuts(ast.parse(source)))
