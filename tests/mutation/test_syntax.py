"""The changes of a guard's code: what each leaves out, and that nothing else changes."""

from tests.mutation.syntax import OPEN, changes


class Rows:
    """Rows that remember what they were narrowed by."""

    def __init__(self, *by):
        self.by = by

    def filter(self, **more):
        """Narrow them."""
        return Rows(*self.by, *more.items())

    def first(self):
        """Return what they are narrowed by."""
        return self.by


def seen_by(person):
    return Rows(("person", person))


def found(rows, person, token, version):
    if token != version:
        return None
    return rows.filter(pk=1, person_id=person, open=True).first()


def opens(is_active, revoked_at):
    return is_active and revoked_at is None


def listed(person, words):
    rows = seen_by(person)
    if words:
        rows = rows.filter(named=words)
    return rows.by


def everything(_rows):
    return Rows()


def played(function, args, **details):
    """Return what the function gives under each of its changes, by its words."""
    answers = {}
    original = function.__code__
    function.__globals__[OPEN] = everything
    for change in changes(function, **{"is_guard": True, "scopes": frozenset(), **details}):
        function.__code__ = change.code()
        answers[change.words] = function(*args)
        function.__code__ = original
    return answers


def test_an_argument_of_a_filter_is_dropped_but_not_what_it_looks_for():
    assert played(found, (Rows(), "me", 1, 1)) == {
        "if token != version: skipped (line 2 of it)": (("pk", 1), ("person_id", "me"), ("open", True)),
        "without person_id=person (line 4 of it)": (("pk", 1), ("open", True)),
        "without open=True (line 4 of it)": (("pk", 1), ("person_id", "me")),
    }


def test_a_check_is_skipped():
    answers = played(found, (Rows(), "me", 1, 2))
    assert answers["if token != version: skipped (line 2 of it)"] is not None
    assert answers["without open=True (line 4 of it)"] is None


def test_each_part_of_a_condition_is_left_out():
    assert played(opens, (False, None)) == {
        "without is_active (line 2 of it)": True,
        "without revoked_at is None (line 2 of it)": False,
    }
    assert played(opens, (True, "today"))["without revoked_at is None (line 2 of it)"] is True


def test_of_another_function_only_what_says_whose_is_dropped():
    words = played(found, (Rows(), "me", 1, 1), is_guard=False)
    assert list(words) == ["without person_id=person (line 4 of it)"]


def test_rows_a_guard_narrowed_are_taken_whole():
    answers = played(listed, ("me", "Lina"), is_guard=False, scopes=frozenset({"seen_by"}))
    assert sorted(answers.values()) == [(), (("named", "Lina"),), (("named", "Lina"),)]
    assert listed("me", "Lina") == (("person", "me"), ("named", "Lina"))
