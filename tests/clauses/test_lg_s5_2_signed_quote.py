"""LG-S5.2: a signed quote is a firm order; what was signed can't be edited, or its seal no longer fits."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Order, QuoteVersion
from billing.money.policy.digest import digest
from billing.quotes.policy.signed_pdf import MAX_BYTES, NotAPdf, TooLarge, seal_of_pdf
from demo.factories.billing import ContactFactory, quote_sent
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, read, sign, visitor

SIGNED = {
    "number": "D-2026-0188-2",
    "lines": [["Préau École, un an", 218, 490, "20.00"], ["Frais de chèque", 1, 1500, "20.00"]],
    "term_months": 12,
    "gross_cents": 130_000,
}


def test_the_seal_is_the_same_whatever_the_order_of_its_keys():
    assert digest(SIGNED) == digest(dict(reversed(SIGNED.items())))
    assert len(digest(SIGNED)) == 64


@given(st.sampled_from(sorted(SIGNED)), st.one_of(st.integers(), st.text(max_size=9), st.none()))
def test_any_change_of_a_line_price_term_or_total_breaks_the_seal(field, value):
    assert digest(SIGNED | {field: value}) != digest(SIGNED)


def test_one_more_profile_on_one_line_breaks_the_seal():
    lines = [["Préau École, un an", 219, 490, "20.00"], SIGNED["lines"][1]]
    assert digest(SIGNED | {"lines": lines}) != digest(SIGNED)


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def test_a_signed_pdf_is_kept_with_its_own_seal():
    assert seal_of_pdf(PDF) == sha256(PDF).hexdigest()
    assert seal_of_pdf(PDF) != seal_of_pdf(PDF + b"\n")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-", b"PK\x03\x04" + PDF[8:], b"<html>%%EOF", b"\x00" * 1024 + PDF, PDF + b" " * 4096],
)
def test_only_a_whole_pdf_is_taken_whatever_its_name(content):
    with pytest.raises(NotAPdf):
        seal_of_pdf(content)


def test_a_file_too_large_is_refused():
    with pytest.raises(TooLarge):
        seal_of_pdf(b"%PDF-" + b"0" * MAX_BYTES + b"%%EOF")


@pytest.mark.story(
    "LG-S5.2",
    door="page",
    fr="Le vendeur révise un devis que l’école lit déjà : l’ancienne version ne se signe plus ; la "
    "nouvelle, signée au portail, est une commande ferme, et plus personne ne la modifie.",
)
def test_a_quote_revised_while_it_is_read_is_signed_anew_or_not_at_all(browse, now):
    """The seller revises a quote the school is reading: the old version can't be signed any more; the new
    one, signed in the portal, is a firm order, and nobody edits it.
    """
    with inside_operator():
        contact = ContactFactory()
        first = quote_sent(contact, now=now, method="transfer", quantity=100)
    school = visitor(browse, contact)
    assert "490,00 €" in read(school.get(url("portal_quote", first.pk)))
    finance = desk(browse, now)
    finance.post(url("quote_revise", first.pk))
    assert "Ce devis ne peut plus être signé" in read(sign(school, first))
    assert rows_of(Order.objects) == []
    second = next(row for row in rows_of(QuoteVersion.objects) if row.pk != first.pk)
    finance.post(url("quote_send", second.pk))
    assert "commande est ferme" in read(sign(school, second))
    (firm,) = rows_of(Order.objects)
    assert (firm.state, firm.gross_cents) == ("waiting", 58800)
    before = read(school.get(url("portal_quote", second.pk)))
    assert finance.post(url("quote_edit", second.pk), {}).status_code == 302  # nothing to edit any more
    refused = read(finance.post(url("quote_revise", second.pk), follow=True))
    assert "est signé et sa commande tient" in refused
    assert read(school.get(url("portal_quote", second.pk))) == before
