"""The bank's files: what they say, in either version or as CSV, and how a bad one is refused."""

from datetime import date

import pytest

from billing.payments.gateways.bank_files import as_text, looks_like_xml, read_camt
from billing.payments.policy.bank import BadFile, Balance, Entry, Wrong
from billing.payments.policy.csv_statement import read_csv
from tests.billing.bank_files import CSV, CSV_COLUMNS, IBAN, balance, camt, entry, tx

DAY = date(2026, 11, 12)
TOLD = {"columns": CSV_COLUMNS, "delimiter": ";", "day_format": "%d/%m/%Y"}


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_statement_says_the_same_in_both_versions(version):
    content = camt(
        entry(
            129984,
            tx(129984, text="Facture FA-2026-000001", end_to_end="E2E-7", version=version),
            version=version,
        ),
        entry(-990, ref="R2", version=version),
        entry(500, ref="R3", status="PDNG", version=version),
        version=version,
    )
    found = read_camt(content)
    assert (found.format, found.reference, found.pending) == (f"camt.053.001.{version}", "RELEVE-12", 1)
    assert found.entries == (
        Entry(DAY, 129984, "EUR", "Ecole des Erables", "Facture FA-2026-000001", "E2E-7", "R1"),
        Entry(DAY, -990, "EUR", "", "", "", "R2"),
    )
    assert IBAN not in repr(found)
    assert found.parts[0].account == "FR7699999000010000012345693"
    assert (found.parts[0].opening, found.parts[0].difference_cents) == (Balance(10000, DAY), 0)


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_batch_is_split_when_it_says_all_its_amounts(version):
    parts = [tx(cents, text=f"n° {cents}", version=version) for cents in (1000, 2000)]
    found = read_camt(camt(entry(3000, *parts, version=version), version=version))
    assert [(each.cents, each.bank_reference) for each in found.entries] == [(1000, "R1/1"), (2000, "R1/2")]
    silent = [tx(cents, version=version, amount=False) for cents in (1000, 2000)]
    whole = read_camt(camt(entry(3000, *silent, version=version), version=version))
    assert [each.cents for each in whole.entries] == [3000]


@pytest.mark.parametrize(
    ("kinds", "opening", "difference"),
    [
        (["OPBD 100", "ITBD 150"], 10000, 0),
        (["ITBD 100", "CLBD 150"], 10000, 0),
        (["ITBD 100", "ITBD 150"], 10000, 0),
        (["OPBD 100", "ITBD 120", "ITBD 150"], 10000, 0),
        (["OPBD 100", "ITBD 120", "CLBD 150"], 10000, 0),
        (["OPBD 100", "ITBD 160"], 10000, 1000),
        (["ITBD 150"], None, 0),
    ],
)
def test_a_page_stands_between_interim_balances(kinds, opening, difference):
    said = [each.split() for each in kinds]
    rows = "".join(balance(kind, int(amount) * 100, "2026-11-12") for kind, amount in said)
    content = camt(entry(5000)).decode()
    page = content[: content.index("<Bal>")] + rows + content[content.rindex("</Bal>") + len("</Bal>") :]
    (part,) = read_camt(page.encode()).parts
    assert (part.opening and part.opening.cents, part.difference_cents) == (opening, difference)


def test_account_numbers_in_the_words_are_not_kept():
    found = read_camt(camt(entry(1000, tx(1000, text=f"VIR DE {IBAN} FA-2026-000001"))))
    assert found.entries[0].text == "VIR DE ••• FA-2026-000001"


@pytest.mark.parametrize(
    ("content", "line", "element"),
    [
        (
            camt(entry(1000)).replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<CdtDbtInd>IN</CdtDbtInd><Sts>"),
            5,
            "CdtDbtInd",
        ),
        (camt(entry(1000)).replace(b"<BookgDt><Dt>2026-11-12", b"<BookgDt><Dt>2026-13-12"), 5, "Dt"),
        (camt(entry(1000)).replace(b"<Id>RELEVE-12</Id>", b""), 4, ""),
        (b"<Document/>", 1, "Document"),
        (
            b'<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"/>',
            1,
            "Document",
        ),
        (b"<Document>\n<a></Document>", 2, ""),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document>&e;</Document>', 1, ""),
    ],
)
def test_a_bad_file_says_where(content, line, element):
    with pytest.raises(BadFile) as bad:
        read_camt(content)
    assert bad.value.line == line
    assert bad.value.why
    assert element in (bad.value.element, "")


def test_a_bomb_of_entities_does_not_go_off():
    bomb = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
    with pytest.raises(BadFile):
        read_camt(bomb)


def test_a_csv_is_read_by_its_titles():
    found = read_csv(CSV, **TOLD)
    assert [(each.cents, each.text, each.bank_reference) for each in found.entries] == [
        (129984, "VIR ECOLE DES ERABLES FA-2026-000001", "B1"),
        (-990, "COTISATION; MENSUELLE", "B2"),
    ]
    assert as_text(CSV.encode("utf-8-sig")) == CSV
    assert "Libellé" in as_text("Date;Libellé".encode("cp1252"))
    assert looks_like_xml(b"\xef\xbb\xbf <x/>")
    assert not looks_like_xml(CSV.encode())


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (CSV.replace("Libellé", "Texte"), 0, "Texte"),
        (CSV.replace("12/11/2026;VIR", "2026-11-12;VIR"), 4, "2026-11-12"),
        (CSV.replace("1 299,84", "1 299,8x"), 4, "1 299,8x"),
        (CSV.replace(";-9,90;", ";;"), 5, "no amount"),
    ],
)
def test_a_bad_csv_says_where(text, line, why):
    with pytest.raises(BadFile, match=why) as bad:
        read_csv(text, **TOLD)
    assert bad.value.line == line


def test_the_texts_of_two_payments_are_not_glued():
    parts = [tx(1000, text=text, amount=False) for text in ("FA-2026-0000", "12 MERCI")]
    (whole,) = read_camt(camt(entry(2000, *parts))).entries
    assert (whole.text, whole.joined) == ("FA-2026-0000 | 12 MERCI", "")
    broken = tx(1000, text="FA-2026-0000</Ustrd><Ustrd>12 MERCI", amount=False)
    (whole,) = read_camt(camt(entry(2000, broken, parts[0]))).entries
    assert whole.joined == "FA-2026-000012 MERCI"


@pytest.mark.parametrize("inside", ["<!-- a note -->", "<?page 2?>"])
@pytest.mark.parametrize("value", ["100.00", "FA-2026-000101", "CRDT", "BOOK", "2026-11-12"])
def test_a_note_inside_a_value_does_not_cut_it(value, inside):
    content = camt(entry(10000, tx(10000, text="FA-2026-000101")))
    cut = content.replace(f">{value}<".encode(), f">{value[:3]}{inside}{value[3:]}<".encode())
    assert cut != content
    assert read_camt(cut).entries == read_camt(content).entries


def test_what_else_the_bank_says_is_looked_at_beside_the_text():
    told = tx(1000, text="VIR").replace(
        "</RmtInf>",
        "<Strd><AddtlRmtInf>FA-2026-000012</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>TX</AddtlTxInf>",
    )
    content = camt(entry(1000, told).replace("</Ntry>", "<AddtlNtryInf>NTRY</AddtlNtryInf></Ntry>"))
    (found,) = read_camt(content).entries
    assert (found.text, found.joined) == ("VIR", "FA-2026-000012 | TX | NTRY")


PLAIN = {"columns": {"booked_on": "Date", "amount": "Montant", "text": "Libelle"}, "day_format": "%d/%m/%Y"}


def read(text, delimiter=";"):
    """Return the entries of a CSV with a day, an amount and a label."""
    return read_csv(text, delimiter=delimiter, **PLAIN).entries


def refused(text, delimiter=";"):
    """Return why a CSV is refused and at which line."""
    with pytest.raises(BadFile) as bad:
        read(text, delimiter)
    return bad.value.why, bad.value.line


class TestCells:
    """A line holds as many cells as there are titles."""

    @pytest.mark.parametrize(
        ("text", "delimiter"),
        [
            ("Date,Montant,Libelle\n02/11/2026,251,75,VIR FA-2026-000001\n", ","),
            ("Date;Libelle;Montant\n02/11/2026;VIR FA-2026-000001\n", ";"),
            ("Date;Montant;Libelle\n02/11/2026;251,75\n", ";"),
            ("Date;Montant;Libelle;Devise\n02/11/2026;251,75;VIR\n", ";"),
            ("Date;Libelle;Montant;Solde\n02/11/2026;VIR;1 2", ";"),
            ("Date;Montant;Libelle\n02/11/2026;251,75;VIR;FA-2026-000001\n", ";"),
        ],
    )
    def test_another_number_of_them_is_refused(self, text, delimiter):
        assert refused(text, delimiter) == (Wrong.CELLS, 2)

    @pytest.mark.parametrize(
        "text",
        [
            "Date;Montant;Libelle\n02/11/2026;251,75;VIR;;\n",
            "Date;Montant;Libelle;;\n02/11/2026;251,75;VIR\n",
            "Date;Montant;Libelle;Note;Agence\n02/11/2026;251,75;VIR;\n",
        ],
    )
    def test_empty_ones_at_the_end_say_nothing(self, text):
        assert [each.cents for each in read(text)] == [25175]

    @pytest.mark.parametrize(
        "text",
        [
            'Libelle;Date;Montant\n"VIR A;17/11/2026;575,00\nVIR B";18/11/2026;576,00\n',
            'Libelle;Date;Montant\n"VIR A;2026-11-17;575,00\nVIR B";18/11/2026;576,00\n',
            'Date;Libelle;Montant\n17/11/2026;"VIR A;575,00\n18.11.26;VIR B";576,00\n',
            'Libelle;Montant;Date\n"VIR A;575,00;17 nov. 2026\nVIR B";576,00;18/11/2026\n',
        ],
    )
    def test_a_mark_that_swallowed_a_line_is_refused(self, text):
        assert refused(text) == (Wrong.QUOTE, 2)

    def test_a_label_of_several_lines_may_hold_the_separator(self):
        text = 'Date;Montant;Libelle\n17/11/2026;5,00;"VIR A; FA 1\nTel; 06 12 34 56 78"\n'
        assert [each.text for each in read(text)] == ["VIR A; FA 1 Tel; 06 12 34 56 78"]

    def test_so_is_one_in_the_titles(self):
        text = 'Date;Montant;Libelle;"Note\n17/11/2026;575,00;VIR A;"\n18/11/2026;5,00;VIR B;\n'
        assert refused(text) == (Wrong.QUOTE, 1)

    @pytest.mark.parametrize(
        "text",
        [
            "Date;Montant;Libelle;\n02/11/2026;251;75;VIR\n",
            "Date;Libelle;Montant;;\n02/11/2026;VIR;1;25,00\n",
            "Date;;Montant;Libelle\n02/11/2026;x;25,00;VIR\n",
        ],
    )
    def test_one_under_no_title_is_refused(self, text):
        assert refused(text) == (Wrong.UNTITLED, 2)

    @pytest.mark.parametrize("amount", ["30,00", "-30,00", "1 030,00 €", "EUR 30", "30.00 EUR"])
    def test_a_line_above_the_titles_is_refused(self, amount):
        text = f"Banque\n02/11/2026;{amount};W\nDate;Montant;Libelle\n03/11/2026;5,00;W\n"
        assert refused(text) == (Wrong.ABOVE, 2)

    @pytest.mark.parametrize(
        "above",
        [
            "Solde au;02/11/2026;30,00",
            "02/11/2026;Solde;30,00",
            "Solde au 02/11/2026;30,00",
            "02/11/2026",
            "02/11/2026;;",
        ],
    )
    def test_what_the_bank_writes_above_them_is_not(self, above):
        assert [each.cents for each in read(f"{above}\nDate;Montant;Libelle\n03/11/2026;5,00;W\n")] == [500]


class TestCurrency:
    """A currency that a file says anywhere is never read as euros."""

    @pytest.mark.parametrize(
        ("text", "currency"),
        [
            ("Date;Montant;Libelle;Code devise\n02/11/2026;30,00;W;USD\n", "USD"),
            ("Date;Montant;Libelle;Währung\n02/11/2026;30,00;W;HUF\n", "HUF"),
            ("Date;Montant;Libelle;Devise du compte\n02/11/2026;30,00;W;XPF\n", "XPF"),
            ("Date;Montant;Libelle;Valuta\n02/11/2026;30,00;W;02/11/2026\n", "EUR"),
            ("Titulaire;GIP FORMATION;\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "EUR"),
            ("SAR DUPONT\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "EUR"),
            ("Solde : 12,00 USD\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "USD"),
            ("Compte (USD)\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "USD"),
            ("Date;Montant;Libelle;Montant en devise\n02/11/2026;30,00;W;30,00\n", "EUR"),
            ("Date;Montant;Libelle;Solde (HUF)\n02/11/2026;30,00;W;1,00\n", "HUF"),
            ("Devise;USD\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "USD"),
            ("Compte en PLN\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "PLN"),
            ("Devise : mad\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "MAD"),
            ("TOP MONTANT\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "EUR"),
            ("Solde;12,00 $\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "USD"),
            ("Devise;EUR\nTaux USD\nDate;Montant;Libelle\n02/11/2026;30,00;W\n", "EUR"),
            ("Solde;EUR;USD\nDate;Montant;Libelle;Devise\n02/11/2026;30,00;W;CHF\n", "CHF"),
        ],
    )
    def test_it_is_found_where_it_stands(self, text, currency):
        assert [each.currency for each in read(text)] == [currency]

    def test_it_is_found_in_the_title_of_an_amount(self):
        columns = {"booked_on": "Date", "amount": "Montant (HUF)", "text": "Libelle"}
        text = "Date;Montant (HUF);Libelle\n02/11/2026;30,00;W\n"
        found = read_csv(text, columns=columns, delimiter=";", day_format="%d/%m/%Y")
        assert [each.currency for each in found.entries] == ["HUF"]

    def test_an_amount_in_euros_is_not_of_the_currency_of_another_column(self):
        columns = {"booked_on": "Date", "amount": "Montant (EUR)", "text": "Libelle"}
        text = "Date;Montant (EUR);Libelle;Devise d’origine\n02/11/2026;30,00;W;USD\n"
        with pytest.raises(BadFile, match=Wrong.CURRENCIES):
            read_csv(text, columns=columns, delimiter=";", day_format="%d/%m/%Y")

    def test_two_of_them_are_refused_and_so_is_a_word(self):
        text = "Comptes EUR et USD\nDate;Montant;Libelle\n02/11/2026;30,00;W\n"
        assert refused(text) == (Wrong.CURRENCIES, 3)
        text = "Date;Montant;Libelle;Code devise\n02/11/2026;30,00;W;Dollar\n"
        assert refused(text) == (Wrong.CURRENCY, 2)

    @pytest.mark.parametrize("title", ["Devise", "Code devise"])
    @pytest.mark.parametrize("code", ["VIR", "XYZ", "abc"])
    def test_three_letters_that_are_no_currency_are_refused(self, title, code):
        text = f"Date;Montant;Libelle;{title}\n02/11/2026;30,00;W;{code}\n"
        with pytest.raises(BadFile, match=Wrong.CURRENCY) as bad:
            read_csv(
                text, delimiter=";", columns=PLAIN["columns"] | {"currency": title}, day_format="%d/%m/%Y"
            )
        assert (bad.value.line, bad.value.element) == (2, title)
        assert refused(text) == (Wrong.CURRENCY, 2)

    @pytest.mark.parametrize(
        "amount", ["30,00 €", "€30,00", "30,00EUR", "EUR 30,00", "+€ 30,00", "30,00 € ", "+30,00"]
    )
    def test_it_stands_at_an_end_of_its_amount(self, amount):
        assert [each.cents for each in read(f"Date;Montant;Libelle\n02/11/2026;{amount};W\n")] == [3000]
        minus = "-" + amount.removeprefix("+")
        assert [each.cents for each in read(f"Date;Montant;Libelle\n02/11/2026;{minus};W\n")] == [-3000]

    @pytest.mark.parametrize("amount", ["12€50", "12 € 50", "12EUR50", "1€2€3", "EUR"])
    def test_inside_an_amount_it_is_refused(self, amount):
        assert refused(f"Date;Montant;Libelle\n02/11/2026;{amount};W\n") == (Wrong.AMOUNT, 2)


class TestState:
    """A line that isn't booked moves nothing."""

    @pytest.mark.parametrize("title", ["Statut", "State", "Status", "État", "Statut de l'opération"])
    @pytest.mark.parametrize("state", ["Refusé", "En attente", "pending", "REVERTED", "annulée"])
    def test_it_is_left_out_and_counted(self, title, state):
        head = f"Date;Montant;Libelle;{title}\n"
        rows = f"02/11/2026;5,00;A;Exécuté\n02/11/2026;7,00;B;{state}\n;0,00;C;{state}\n"
        found = read_csv(head + rows, delimiter=";", **PLAIN)
        assert ([each.text for each in found.entries], found.pending, found.zeros) == (["A"], 2, 0)

    @pytest.mark.parametrize("state", ["Peut-être", "", "7"])
    def test_a_state_that_is_not_known_is_refused(self, state):
        rows = f"02/11/2026;5,00;A;COMPLETED\n02/11/2026;7,00;B;{state}\n"
        assert refused(f"Date;Montant;Libelle;State\n{rows}") == (Wrong.STATE, 3)

    def test_an_empty_column_says_nothing(self):
        assert [each.cents for each in read("Date;Montant;Libelle;Statut\n02/11/2026;5,00;A;\n")] == [500]

    @pytest.mark.parametrize(
        ("title", "booked", "state"),
        [
            ("Info", "Umsatz gebucht", "Umsatz vorgemerkt"),
            ("Type", "Booked", "Pending"),
            ("Situation", "Comptabilisée", "À venir"),
            ("Opération", "Passée", "Non comptabilisé"),
            ("Buchungsstatus", "Gebucht", "Vorgemerkt"),
            ("Umsatzstatus", "gebucht", "nicht gebucht"),
            ("Estado", "Contabilizado", "Pendiente"),
            ("Booked", "yes", "no"),
            ("Comptabilisé", "Oui", "NON"),
            ("Pending", "false", "true"),
            ("En attente", "0", "1"),
            ("Statut de l’opération", "Validé", "En attente de validation"),
            ("Statut", "Comptabilisé", "Non comptabilisé"),
        ],
    )
    def test_it_is_found_by_what_stands_in_it(self, title, booked, state):
        rows = f"02/11/2026;5,00;A;x;{booked}\n02/11/2026;7,00;B;y;{state}\n"
        found = read_csv(f"Date;Montant;Libelle;Note;{title}\n{rows}", delimiter=";", **PLAIN)
        assert ([each.text for each in found.entries], found.pending) == (["A"], 1)

    @pytest.mark.parametrize(
        ("title", "first", "second"),
        [
            ("Type", "Virement", "Pending"),
            ("Info", "", "Umsatz vorgemerkt"),
            ("Détail", "Virement reçu", "Virement à venir"),
            ("Nature", "VIR", "en cours de traitement"),
        ],
    )
    def test_a_word_for_what_is_not_booked_is_never_money(self, title, first, second):
        text = f"Date;Montant;Libelle;{title}\n02/11/2026;5,00;A;{first}\n02/11/2026;7,00;B;{second}\n"
        with pytest.raises(BadFile) as bad:
            read(text)
        told = (bad.value.why, bad.value.line, bad.value.element, bad.value.value)
        assert told == (Wrong.UNBOOKED, 3, title, second)

    def test_one_answer_nobody_knows_is_refused(self):
        rows = "02/11/2026;5,00;A;yes\n02/11/2026;7,00;B;soon\n"
        assert refused(f"Date;Montant;Libelle;Booked\n{rows}") == (Wrong.STATE, 3)

    @pytest.mark.parametrize(
        "row",
        [
            "02/11/2026;5,00;ACHAT EN COURS;PRLV REJETE",
            "02/11/2026;5,00;Pending;Facture de la classe des petits en cours",
            "02/11/2026;5,00;A;Programme scolaire",
            "02/11/2026;5,00;A;Comptabilisé",
            "02/11/2026;5,00;A;no",
        ],
    )
    def test_words_about_something_else_hold_nothing_back(self, row):
        assert [each.cents for each in read(f"Date;Montant;Libelle;Note\n{row}\n")] == [500]


class TestSide:
    """A column says which amounts left."""

    @pytest.mark.parametrize("title", ["Sens", "D/C", "Débit/Crédit", "Sens de l'opération", "CdtDbtInd"])
    @pytest.mark.parametrize(
        ("side", "cents"), [("D", -31200), ("C", 31200), ("Débit", -31200), ("CRDT", 31200), ("-", -31200)]
    )
    def test_a_debit_left(self, title, side, cents):
        text = f"Date;Montant;Libelle;{title}\n02/11/2026;312,00;W;{side}\n"
        assert [each.cents for each in read(text)] == [cents]

    @pytest.mark.parametrize(
        "title", ["Type", "Sens D/C", "+/-", "Direction", "Cr/Db", "Soll/Haben-Kennzeichen"]
    )
    @pytest.mark.parametrize(
        ("debit", "credit"),
        [
            ("Débit", "Crédit"),
            ("D", "C"),
            ("DBIT", "CRDT"),
            ("Af", "Bij"),
            ("-", "+"),
            ("Lastschrift", "Gutschrift"),
            ("Retrait", "Versement"),
            ("Décaissement", "Encaissement"),
            ("Débité", "Crédité"),
            ("Émis", "Reçu"),
            ("Virement émis", "Virement reçu"),
            ("Paiement", "Encaissement"),
            ("Withdrawal", "Deposit"),
            ("Money out", "Money in"),
            ("Paid out", "Paid in"),
            ("Sent", "Received"),
            ("Payment", "Receipt"),
            ("Outflow", "Inflow"),
            ("Ausgang", "Eingang"),
            ("Debe", "Haber"),
            ("Uit", "In"),
            ("D", "K"),
            ("Wn", "Ma"),
            ("ДТ", "КТ"),
            ("Дебит", "Кредит"),
            ("RC", "RD"),
        ],
    )
    def test_so_it_does_under_whatever_title(self, title, debit, credit):
        head = f"Date;Montant;Libelle;Note;{title}\n"
        rows = f"02/11/2026;312,00;W;x;{debit}\n03/11/2026;5,00;W;-;{credit}\n"
        assert [each.cents for each in read(head + rows)] == [-31200, 500]

    def test_one_debit_alone_left_whatever_the_title(self):
        assert [each.cents for each in read("Date;Montant;Libelle;Type\n02/11/2026;5,00;W;Débit\n")] == [-500]
        assert refused("Date;Montant;Libelle;Type\n02/11/2026;5,00;W;Débit\n03/11/2026;5,00;W;\n") == (
            Wrong.SIDE,
            3,
        )

    @pytest.mark.parametrize("cells", ["--", "C ", "CC", "xy", "  "])
    def test_what_may_mean_anything_else_is_no_side(self, cells):
        head = "Date;Montant;Libelle;Note;\n"
        assert [
            each.cents for each in read(head + "".join(f"02/11/2026;5,00;W;{cell}\n" for cell in cells))
        ] == [500] * 2

    @pytest.mark.parametrize(
        ("title", "cells", "line"),
        [
            ("Direction", ["OUT", "IN", "NEUTRAL"], 4),
            ("Note", ["D", "x"], 3),
            ("Type", ["credit", "debit card"], 3),
            ("Type", ["Retrait", "Carte", "Virement", "Chèque", "Prime"], 3),
            ("Nature", ["Zut", "C"], 2),
            ("Nature", ["Voor", "Tegen", "Voor"], 2),
            ("Indicateur débit crédit", ["Zut"], 2),
            ("Soll/Haben-Kennzeichen", ["Zut"], 2),
            ("Дт/Кт", ["Zut"], 2),
        ],
    )
    def test_words_that_may_say_a_side_are_refused_where_no_amount_has_a_sign(self, title, cells, line):
        head, sign = f"Date;Montant;Libelle;{title}\n", "{}"
        text = head + "".join(f"02/11/2026;{sign}5,00;W;{cell}\n" for cell in cells)
        with pytest.raises(BadFile) as bad:
            read(text.replace(sign, ""))
        told = (bad.value.why, bad.value.line, bad.value.element, bad.value.value)
        assert told == (Wrong.SIDE, line, title, cells[line - 2])
        if len(cells) > 1:
            assert {each.cents for each in read(text.replace(sign, "+"))} == {500}
            assert {each.cents for each in read(text.replace(sign, "-"))} == {-500}

    @pytest.mark.parametrize(
        "cells",
        [
            ["Virement", "Chèque", "Virement"],
            ["Payment", "Payment"],
            ["oui", "non", "oui"],
            ["Ecole des Erables", "Mairie de Lyon", "Ecole des Erables"],
            ["FA 1", "FA 2", "FA 1"],
            ["un", "deux", "trois", "quatre", "un"],
        ],
    )
    def test_words_that_say_none_are_not(self, cells):
        text = "Date;Montant;Libelle;Type\n" + "".join(f"02/11/2026;5,00;W;{cell}\n" for cell in cells)
        assert {each.cents for each in read(text)} == {500}

    @pytest.mark.parametrize("side", ["", "X", "5,00"])
    def test_what_says_neither_is_refused(self, side):
        text = f"Date;Montant;Sens;Libelle\n02/11/2026;312,00;{side};W\n"
        assert refused(text) == (Wrong.SIDE, 2)

    @pytest.mark.parametrize(
        ("debit", "credit", "cents"),
        [("0,00", "12,00", 1200), ("12,00", "0,00", -1200), ("12,00", "12,00", 0), ("-12,00", "-12,00", 0)],
    )
    def test_a_debit_and_a_credit_on_one_line_are_refused(self, debit, credit, cents):
        text = f"Date;Libellé;Débit;Crédit;Référence\n12/11/2026;VIR;{debit};{credit};B1\n"
        if cents:
            assert [each.cents for each in read_csv(text, **TOLD).entries] == [cents]
        else:
            with pytest.raises(BadFile, match=Wrong.BOTH):
                read_csv(text, **TOLD)

    @pytest.mark.parametrize("minus", ["-", "\u2212", "- "])
    @pytest.mark.parametrize(
        ("debits", "moved"),
        [
            (["50,00", "{}50,00"], [-5000, 5000]),
            (["50,00", "60,00", "{}60,00", "0,00"], [-5000, -6000, 6000]),
            (["{}50,00", "{}60,00"], [-5000, -6000]),
            (["50,00", "60,00"], [-5000, -6000]),
            (["{}50,00", "0,00"], [-5000]),
        ],
    )
    def test_a_debit_with_a_minus_beside_others_is_taken_back(self, debits, moved, minus):
        rows = [f"12/11/2026;FRAIS;{cell.format(minus)}" for cell in debits]
        own = "Date;Libellé;Débit;Crédit;Référence\n" + "".join(f"{row};;\n" for row in rows)
        assert [each.cents for each in read_csv(own, **TOLD).entries] == moved
        said = "Date;Libelle;Montant;Sens\n" + "".join(f"{row};D\n" for row in rows) + "12/11/2026;B;7,00;C\n"
        assert [each.cents for each in read(said)] == [*moved, 700]

    def test_where_most_have_a_minus_the_one_without_is_refused(self):
        rows = "12/11/2026;F;-5,00;;\n12/11/2026;F;-6,00;;\n12/11/2026;F;6,00;;\n"
        with pytest.raises(BadFile, match=Wrong.REVERSED) as bad:
            read_csv(f"Date;Libellé;Débit;Crédit;Référence\n{rows}", **TOLD)
        assert (bad.value.line, bad.value.element) == (4, "Débit")
