"""The ledger's lines: ids only, bound to one another."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from dpa.policy.ledger import BrokenLedger, Line, is_kept, read, written

AT = datetime(2026, 11, 17, 2, 5, tzinfo=UTC)


def line(**changes):
    values = {
        "deletion": uuid4(),
        "tenant": uuid4(),
        "kind": "student",
        "subjects": (uuid4(),),
        "asked_at": AT,
        "erased_at": AT,
    }
    return Line(**values | changes)


def chain(*lines):
    texts = []
    for one in lines:
        texts.append(written(one, previous=texts[-1] if texts else ""))
    return texts


def test_what_is_written_is_read():
    lines = [line(subjects=tuple(sorted((uuid4(), uuid4()), key=str))), line(kind="guardian")]
    assert list(read(chain(*lines))) == lines


def test_a_line_holds_ids_and_instants_only():
    assert set(json.loads(chain(line())[0])) == {
        "deletion",
        "tenant",
        "kind",
        "subjects",
        "asked_at",
        "erased_at",
        "after",
    }


def test_a_line_taken_out_is_found():
    texts = chain(line(), line(), line())
    with pytest.raises(BrokenLedger) as broken:
        list(read([texts[0], texts[2]]))
    assert broken.value.number == 2


def test_a_changed_line_is_found_at_the_next():
    texts = chain(line(), line())
    texts[0] = texts[0].replace("student", "teacher")
    with pytest.raises(BrokenLedger):
        list(read(texts))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"deletion": 1}'])
def test_what_is_no_line_is_named_by_its_number(text):
    with pytest.raises(BrokenLedger, match="line 1"):
        list(read([text]))


def test_pruned_lines_leave_the_rest_readable():
    texts = chain(line(), line(), line())
    assert len(list(read(texts[1:]))) == 2


def test_a_line_is_kept_seven_months():
    assert is_kept(line(), today=date(2027, 6, 16))
    assert not is_kept(line(), today=date(2027, 6, 17))
