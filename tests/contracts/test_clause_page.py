"""The page of a clause: what a lawyer reads, from the promise to its evidence; and the same by a command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contracts.policy.cases import Case
from contracts.policy.clauses import PLANNED
from contracts.queries import clause_rows

pytestmark = pytest.mark.django_db
LATE = "/promises/LG-S6.3p/"


def read(browse, url, tenant=None, person=None, language="en"):
    answer = browse(tenant, person).get(url, secure=True, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_promise_its_rule_and_its_callers_stand_on_one_page(browse):
    page = read(browse, LATE)
    assert "simple interest on the unpaid balance" in page
    assert "def professional_rate(due_on" in page
    assert "late_interest.py:" in page
    assert "The higher of three times the statutory rate" in page
    assert "billing.management.commands.late_interest.Command.handle" in page
    assert "script/manage clause LG-S6.3p" in page


def test_in_french(browse):
    page = read(browse, LATE, language="fr")
    assert "intérêts simples" in page
    assert "La règle, telle qu’elle tourne" in page


def test_every_clause_has_its_page(browse):
    client = browse(None)
    for row in clause_rows():
        assert client.get(f"/promises/{row.id}/", secure=True).status_code == 200, row.id


def test_what_is_planned_pretends_nothing(browse):
    planned = next(row for row in clause_rows() if row.state == PLANNED and not row.functions)
    page = read(browse, f"/promises/{planned.id}/")
    assert "Nothing keeps this promise by itself yet" in page
    assert "The rule, as it runs" not in page


def test_nobody_was_promised_that(browse):
    assert browse(None).get("/promises/LG-S99/", secure=True).status_code == 404


def test_a_figure_that_differs_is_red_with_both(browse, monkeypatch):
    wrong = Case("LG-S6.3p", "A day late", "Un jour de retard", lambda: 5198, 5199, "cents")
    permission = Case("LG-S6.3p", "Paid in time", "Payée à temps", lambda: 0, 0, "cents")
    monkeypatch.setattr("contracts.actions.read_proof.cases_of", lambda clause: (permission, wrong))
    page = read(browse, LATE)
    assert page.count("€51.98") == page.count("€51.99") == 1
    assert (page.count("chip-wrong"), page.count(">equal<")) == (1, 1)


def test_a_command_says_the_same():
    out = StringIO()
    call_command("clause", "LG-S6.3p", stdout=out)
    assert "def professional_rate" in out.getvalue()
    assert "test_lg_s6_3p_late_interest.py" in out.getvalue()
    call_command("clause", "LG-S6.3p", "--json", stdout=(out := StringIO()))
    told = json.loads(out.getvalue())
    assert (told["id"], told["state"] in {"ruled", "proved"}) == ("LG-S6.3p", True)
    assert all(each["holds"] for each in told["cases"])


def test_a_clause_there_is_not():
    with pytest.raises(CommandError, match="No clause is called"):
        call_command("clause", "LG-S99")
