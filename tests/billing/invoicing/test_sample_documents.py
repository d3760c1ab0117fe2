"""One of every document: each is made, each electronic invoice is judged, each page holds the XML it was
issued with.
"""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from lxml import etree
from pypdf import PdfReader

from billing.invoicing.gateways.einvoice.cii import RAM
from billing.invoicing.gateways.einvoice.paper import xml_in
from billing.invoicing.gateways.einvoice.rules import findings
from billing.models import Invoice, NumberSeries
from billing.money.models import ClosedPeriod
from demo.samples.registry import made, samples
from isolation.context import inside_operator

pytestmark = pytest.mark.paper
NOT_FOR_FRENCH_PLATFORMS = {
    "facture-consommateur-allemagne-19",
    "facture-consommateur-livree-en-allemagne",
}  # VAT of Germany


def _amounts(tree, name):
    return [Decimal(node.text) for node in tree.iter(f"{{{RAM}}}{name}")]


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("name", sorted(samples()))
def test_a_sample(name, now):
    paper = samples()[name](now)
    assert paper.pdf or paper.text
    if paper.pdf:
        assert PdfReader(io.BytesIO(paper.pdf)).metadata.title
    if paper.xml is None:
        return
    assert findings(paper.xml, french=name not in NOT_FOR_FRENCH_PLATFORMS) == []
    assert xml_in(paper.pdf) == paper.xml
    root = PdfReader(io.BytesIO(paper.pdf)).trailer["/Root"]
    assert {"/OutputIntents", "/StructTreeRoot", "/Lang", "/AF"} <= set(root)  # PDF/A-3, tagged, with its XML
    assert root["/MarkInfo"]["/Marked"]
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part\W+3", metadata)
    assert "EN 16931" in metadata
    tree = etree.fromstring(paper.xml)
    (gross,), (net,) = _amounts(tree, "GrandTotalAmount"), _amounts(tree, "TaxBasisTotalAmount")
    made = Invoice.objects.get(number=tree.find(f".//{{{RAM}}}PaymentReference").text)
    assert (made.gross_cents, made.net_cents) == (gross * 100, net * 100)


@pytest.mark.parametrize("day", ["2026-02-28", "2027-01-02"])
def test_all_are_made_on_any_day(db, tmp_path, day):
    call_command("sample_documents", "--to", str(tmp_path), "--on", day)
    assert {path.stem for path in tmp_path.iterdir()} == set(samples())


def test_interest_is_claimed_on_the_last_days_whose_rate_is_known(db, tmp_path):
    call_command("sample_documents", "--to", str(tmp_path), "--on", "2029-12-31", "interets-de-retard")
    assert [path.name for path in tmp_path.iterdir()] == ["interets-de-retard.pdf"]


def test_all_are_made_where_the_books_of_last_month_are_closed(db, tmp_path, now):
    with inside_operator():
        details = {"closed_at": now, "figures": {}, "fec": b"", "fec_sha256": "0" * 64}
        closed = ClosedPeriod.objects.create(starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 1), **details)
    call_command("sample_documents", "--to", str(tmp_path), "--on", "2026-11-28")
    assert {path.stem for path in tmp_path.iterdir()} == set(samples())
    with inside_operator():
        assert list(ClosedPeriod.objects.active()) == [closed]


def test_one_that_fails_is_named_and_the_others_are_made(db, tmp_path, monkeypatch, capsys):
    def broken(name, now):
        if name == "pro-forma":
            raise LookupError("no such thing")
        return made(name, now)

    monkeypatch.setattr("demo.management.commands.sample_documents.made", broken)
    with pytest.raises(SystemExit) as ended:
        call_command("sample_documents", "--to", str(tmp_path), "pro-forma", "devis")
    assert ended.value.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["devis.pdf"]
    assert "pro-forma: LookupError: no such thing" in capsys.readouterr().err


def test_the_command_writes_files_and_keeps_nothing(db, tmp_path, capsys):
    with inside_operator():
        before = (
            Invoice.objects.count(),
            list(NumberSeries.objects.values_list("kind", "last").order_by("kind")),
        )
    call_command("sample_documents", "--to", str(tmp_path / "out"), "facture-professionnel", "pro-forma")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "facture-professionnel.pdf",
        "facture-professionnel.xml",
        "pro-forma.pdf",
    ]
    with inside_operator():
        after = (
            Invoice.objects.count(),
            list(NumberSeries.objects.values_list("kind", "last").order_by("kind")),
        )
    assert after == before


def test_the_command_names_what_there_is(db, tmp_path, capsys):
    with pytest.raises(SystemExit):
        call_command("sample_documents", "--to", str(tmp_path), "facture-inconnue")
    assert "facture-professionnel" in capsys.readouterr().err
