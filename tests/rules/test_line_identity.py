"""A bank's line is one line in whatever file it stands; two equal payments are two."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.policy import line_identity
from billing.payments.policy.bank import Entry
from billing.payments.policy.line_identity import identity_of, is_same_line, recognised, with_counterparts
from billing.payments.policy.statement_gaps import StatementSpan, statement_gaps

DAY = date(2026, 11, 12)


def camt(**said):
    """Return the identity of a CAMT's entry."""
    return identity_of(Entry(DAY, 1000, "EUR", **said), account="a", format="camt.053.001.08")


def csv(**said):
    """Return the identity of a CSV's line of an account it doesn't say."""
    return identity_of(Entry(DAY, 1000, "EUR", **said), account="", format="csv")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (camt(bank_reference="R1", text="a"), camt(bank_reference="R1", text="b"), True),
        (camt(bank_reference="R1", text="a"), camt(bank_reference="R2", text="a"), False),
        (
            camt(bank_reference="R1", text="FA-1", name="Ecole A"),
            camt(bank_reference="R1", text="FA-2", name="Mairie"),
            False,
        ),
        (
            camt(bank_reference="R1", text="FA-1", name="Ecole A"),
            camt(bank_reference="R1", text="FA-2", name="Ecole"),
            True,
        ),
        (camt(bank_reference="R1", text="FA-1", name="Ecole"), camt(bank_reference="R1", text="FA-2"), True),
        (camt(bank_reference="R1", reference="E1"), camt(bank_reference="R1", reference="E2"), False),
        (camt(bank_reference="NONREF", text="a"), camt(bank_reference="0", text="A"), True),
        (camt(reference="E1", text="a"), camt(reference="E1", text="a"), True),
        (camt(reference="E1", text="a"), camt(reference="E2", text="a"), False),
        (camt(text="a", name="x"), camt(text="a", name="y"), False),
        (camt(text="FA-1", name="École"), csv(text="VIR ECOLE FA 1"), True),
        (camt(text="FA-1", name="Mairie"), csv(text="VIR ECOLE FA 1"), False),
        (camt(bank_reference="R1", text="x"), csv(bank_reference="R1", reference="R1", text="y"), True),
        (camt(reference="E1", text="x"), csv(bank_reference="E1", reference="E1", text="y"), True),
        (camt(text="FA\u20111", name="Ecole"), csv(text="ECOLE FA-1"), True),
        (camt(bank_reference="Ｒ１", text="x"), camt(bank_reference="R1", text="y"), True),
        (camt(text=""), csv(text=""), False),
        (camt(text="Оплата", name="Школа"), camt(text="Возврат", name="Школа"), False),
        (camt(text="Оплата", name="Школа"), csv(text="ШКОЛА ОПЛАТА"), True),
        (camt(text="教育费"), camt(text="午餐费"), False),
        (camt(text="★★"), camt(text="☆☆"), False),
        (camt(text="Cœur", name="Straße"), csv(text="STRASSE COEUR"), True),
        (camt(text="a"), replace(camt(text="a"), account="b"), False),
        (camt(text="a"), replace(camt(text="a"), cents=-1000), False),
        (camt(bank_reference="R1"), replace(camt(bank_reference="R1"), booked_on=DAY + timedelta(5)), True),
        (camt(bank_reference="R1"), replace(camt(bank_reference="R1"), booked_on=DAY + timedelta(6)), False),
    ],
)
def test_what_makes_two_lines_one(one, other, same):
    assert (is_same_line(one, other), is_same_line(other, one)) == (same, same)


def known_again(lines, known):
    """Return for each line whether it is known."""
    return [each is not None for each in recognised(lines, known)]


class TestCounterparts:
    """A known line answers for one line of the other format only, on one account."""

    def test_one_csv_line_does_not_answer_for_three_references(self):
        known = [csv(text="VIR ECOLE FA 1")]
        later = [camt(bank_reference=f"R{number}", text="FA 1", name="Ecole") for number in (1, 2, 3)]
        for number, line in enumerate(later):
            again = recognised([line], known)
            assert (again[0] is not None) is (number == 0)
            known = with_counterparts(known, [line], again)
        assert known_again(later[:1], known) == [True]

    def test_nor_for_another_account(self):
        known = [csv(text="VIR ECOLE FA 1")]
        line = camt(bank_reference="R1", text="FA 1", name="Ecole")
        known = with_counterparts(known, [line], recognised([line], known))
        assert known_again([replace(line, account="b")], known) == [False]
        assert known_again([replace(csv(text="VIR ECOLE FA 1"), account="b")], known) == [False]

    def test_a_camt_line_answers_for_one_csv_line(self):
        known = [camt(bank_reference="R1", text="FA 1", name="Ecole")]
        line = csv(text="VIR ECOLE FA 1")
        known = with_counterparts(known, [line], recognised([line], known))
        assert known_again([line], known) == [True]
        assert known_again([csv(text="VIR ECOLE FA 1 BIS")], known) == [False]
        assert known_again(list(with_counterparts(known, [], [])), known) == [True]

    def test_a_file_without_account_is_of_one(self):
        known = [camt(text="FA 1", name="Ecole"), replace(camt(text="FA 1", name="Ecole"), account="b")]
        assert known_again([csv(text="ECOLE FA 1")] * 2, known) == [True, False]


LINES = st.lists(
    st.builds(camt, text=st.sampled_from("ab"), bank_reference=st.sampled_from(["", "R1", "R2"])), max_size=8
)


@given(first=LINES, more=LINES)
def test_a_file_that_holds_another_brings_only_what_is_more(first, more):
    assert known_again(first, []) == [False] * len(first)
    assert known_again(first, first) == [True] * len(first)
    assert sum(known_again([*first, *more], first)) == len(first)


@pytest.mark.parametrize("make", [camt, csv])
@pytest.mark.parametrize("text", ["PRLV", "PRLV {}"])
def test_many_equal_amounts_are_not_each_compared_with_each(monkeypatch, make, text):
    compared = []
    told = line_identity.is_same_line
    monkeypatch.setattr(line_identity, "is_same_line", lambda *pair: compared.append(pair) or told(*pair))
    known = [camt(bank_reference=f"R{number}", text=text.format(number)) for number in range(300)]
    again = [make(text=f"VIR {text.format(number + 150)}") for number in range(300)]
    assert sum(known_again(again, known)) == (0 if make is camt else 300 if text == "PRLV" else 150)
    assert len(compared) < 3000


def span(key, opening, closing, opened, closed, account="a"):
    """Return a statement, by days of November."""
    return StatementSpan(
        key, account, "5693", "EUR", opening, date(2026, 11, opened), closing, date(2026, 11, closed)
    )


@pytest.mark.parametrize(
    ("spans", "gaps"),
    [
        ([span("1", 0, 10, 1, 1), span("2", 10, 20, 2, 2)], []),
        ([span("1", 0, 10, 1, 1), span("2", 10, 20, 1, 2)], []),
        ([span("2", 10, 20, 2, 2), span("1", 0, 10, 1, 1)], []),
        ([span("1", 0, 10, 1, 1), span("3", 20, 30, 3, 3)], [("1", "3")]),
        ([span("1", 0, 10, 1, 1), span("2", 10, 20, 2, 2), span("3", 20, 30, 3, 3)], []),
        ([span("1", 0, 10, 1, 1), span("m", 0, 99, 1, 30)], []),
        ([span("m", 0, 99, 1, 29), span("2", 10, 20, 2, 2), span("n", 99, 100, 30, 30)], []),
        ([span("1", 0, 10, 1, 1), span("2", 20, 20, 2, 2, account="b")], []),
        ([span("1", 0, 10, 1, 1), span("again", 0, 10, 1, 1)], []),
        (
            [
                span("1", 0, 10, 1, 1),
                span("p", 10, 15, 2, 2),
                span("q", 15, 20, 2, 2),
                span("3", 20, 30, 3, 3),
            ],
            [],
        ),
        ([span("1", 0, 10, 1, 1), span("q", 15, 20, 2, 2)], [("1", "q")]),
        ([span("1", 0, 10, 1, 1), span("p", 10, 15, 2, 2), span("3", 20, 30, 3, 3)], [("p", "3")]),
        ([span("1", 0, 10, 1, 1), span("2", 15, 15, 2, 2), span("2 again", 15, 15, 2, 2)], [("1", "2")]),
    ],
)
def test_a_gap_is_where_one_closes_on_what_the_next_does_not_open_on(spans, gaps):
    assert [(gap.before.key, gap.after.key) for gap in statement_gaps(spans)] == gaps
