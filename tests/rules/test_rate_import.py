"""New interest rates come in checked and shown; a hole, a jump or a silent change never does."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.money.gateways.rate_tables import FOLDER, interest_rates, table_file
from billing.money.labels import rate
from billing.money.policy.rate_import import ECB, STATUTORY, merge
from billing.money.policy.rates import BadTable, HalfYear, UnknownRate

HEAD = "half_year,starts,individual_creditor_pct,other_creditor_pct,confidence\n"
KNOWN = HEAD + "2026H1,2026-01-01,6.67,2.62,checked\n2026H2,2026-07-01,6.84,2.75,checked\n"
NEW = "starts,individual_creditor_pct,other_creditor_pct\n2027-01-01,6.90,2.80\n"
ECB_KNOWN = "in_force_from,rate_pct\n2026-06-17,2.40\n2026-09-16,2.65\n"


def statutory(incoming, known=KNOWN):
    return merge(STATUTORY, known=known, incoming=incoming, source="JO 2026-12-28")


def test_a_new_half_year_is_added_with_its_source():
    found = statutory(NEW)
    (change,) = found.changes
    assert (change.day, change.before, change.after) == (
        date(2027, 1, 1),
        None,
        (Decimal("6.90"), Decimal("2.80")),
    )
    assert found.text == KNOWN + "2027H1,2027-01-01,6.90,2.80,JO 2026-12-28\n"
    assert not found.rewrites
    assert statutory(found.text, known=found.text).changes == ()


def test_a_row_that_would_change_is_named():
    (change,) = statutory(HEAD + "2026H2,2026-07-01,6.85,2.75,other\n").rewrites
    assert change.before == (Decimal("6.84"), Decimal("2.75"))


@pytest.mark.parametrize(
    "incoming",
    [
        "",
        HEAD,
        "starts,individual_creditor_pct\n2027-01-01,6.9\n",
        NEW.replace("2027-01-01", "2027-07-01"),  # a half-year left out
        NEW.replace("2027-01-01", "2027-02-01"),  # starts no half-year
        NEW.replace("6.90", "690"),
        NEW.replace("6.90", "-1"),
        NEW.replace("6.90", "11.00"),
        NEW.replace("2.80", "n/a"),
        NEW + "2027-01-01,6.90,2.80\n",
    ],
)
def test_what_can_not_be_is_refused(incoming):
    with pytest.raises(BadTable):
        statutory(incoming)


def test_the_portals_daily_series_becomes_changes_and_a_confirmation():
    series = "KEY,TIME_PERIOD,OBS_VALUE\n" + "".join(
        f"FM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-{day},{rate}\n"
        for day, rate in [("09-15", "2.40"), ("09-16", "2.65"), ("09-17", "2.65"), ("12-22", "2.65")]
    )
    found = merge(ECB, known=ECB_KNOWN, incoming=series, source="")
    assert [change.day for change in found.changes] == [date(2026, 9, 15), date(2026, 12, 22)]
    assert found.text.endswith("2026-12-22,2.65\n")
    with pytest.raises(BadTable):
        merge(ECB, known=ECB_KNOWN, incoming="TIME_PERIOD,OBS_VALUE\n2026-Q4,2.65\n", source="")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("FM.B.U2.EUR.4F.KR.DFR.LEV,2026-12-22,2.40,A", "line 2.*main refinancing rate"),
        ("FM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22,0,M", "line 2.*OBS_STATUS"),
    ],
)
def test_another_series_and_an_observation_that_is_missing_are_refused(row, said):
    with pytest.raises(BadTable, match=said):
        merge(ECB, known=ECB_KNOWN, incoming=f"KEY,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n{row}\n", source="")


def test_a_day_more_than_a_year_ahead_is_refused():
    told = {"known": ECB_KNOWN, "source": "", "today": date(2026, 11, 29)}
    assert merge(ECB, incoming="in_force_from,rate_pct\n2027-11-29,2.65\n", **told).changes
    with pytest.raises(BadTable, match="a year ahead"):
        merge(ECB, incoming="in_force_from,rate_pct\n2027-12-01,2.65\n", **told)


def test_a_cell_under_no_title_is_refused():
    with pytest.raises(BadTable, match="line 2"):
        merge(ECB, known=ECB_KNOWN, incoming="in_force_from,rate_pct,\n2026-12-20,2,40\n", source="")


@pytest.mark.parametrize(
    ("day", "rate", "rewrites"),
    [
        ("2026-09-15", "2.40", 0),
        ("2026-09-15", "2.50", 1),
        ("2026-06-16", "2.40", 1),
        ("2026-09-17", "2.50", 0),
    ],
)
def test_a_row_among_the_known_ones_that_says_another_rate_changes_them(day, rate, rewrites):
    found = merge(ECB, known=ECB_KNOWN, incoming=f"in_force_from,rate_pct\n{day},{rate}\n", source="")
    assert len(found.rewrites) == rewrites


def test_a_folder_that_can_not_be_made_is_said(files, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PREAU_RATES", str(tmp_path / "file" / "rates"))
    with pytest.raises(CommandError, match="can't be written"):
        run("--statutory", str(files[0]), "--apply")


SERIES = "KEY;TIME_PERIOD;OBS_VALUE;TITLE\n"


@pytest.mark.parametrize(
    ("incoming", "said"),
    [
        (NEW + '2027-07-01,"6.90,2.80\n2028-01-01,6.90,2.80\n', "line 3"),  # it would swallow the next row
        (NEW + "2027-07-01,6.90\n", "line 3"),
        (NEW + "2027-07-01,6.90,2.80,9\n", "line 3"),
        ("# a note\n\n" + NEW + "2027-07-01,abc,2.80\n", "line 5"),
        (NEW.replace("2.80", "2_80"), "line 2"),
        (NEW.replace("2.80", "1e1"), "line 2"),
        (NEW.replace("2027-01-01", "20270101"), "line 2"),
        (NEW.replace("2027-01-01", "2027-02-01"), "line 2"),
        (NEW + "2027-01-01,6.95,2.80\n", "line 3"),
        (NEW.replace("6.90", "6.9\0"), "line 2"),
        (NEW.replace("6.90", "6.9\ufffd"), "line 2"),
        (NEW.replace("other_creditor_pct", "starts"), "twice"),
    ],
)
def test_what_can_not_be_read_whole_is_refused_with_its_line(incoming, said):
    with pytest.raises(BadTable, match=said):
        statutory(incoming)


@pytest.mark.parametrize(
    ("series", "said"),
    [
        ("KEY,TIME_PERIOD\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22\n", "missing columns: OBS_VALUE"),
        (
            "KEY,TIME_PERIOD,OBS_VALUE\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-21,2.65\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22\n",
            "line 3",
        ),
        ("KEY,TIME_PERIOD,OBS_VALUE\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22,\n", "line 2"),
        (
            "KEY,TIME_PERIOD,OBS_VALUE\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22,2.65\nFM.B.U2.EUR.4F.KR.MRR_FR.LEV,2026-12-22,2.40\n",
            "two rates",
        ),
    ],
)
def test_a_series_that_is_not_whole_is_refused_with_its_line(series, said):
    with pytest.raises(BadTable, match=said):
        merge(ECB, known=ECB_KNOWN, incoming=series, source="")


def test_a_french_series_is_read_and_no_rate_is_rounded():
    series = (
        SERIES + "FM.B.U2.EUR.4F.KR.MRR_FR.LEV;2026-12-22;2,65;Taux, « refi »\n"
        "FM.B.U2.EUR.4F.KR.MRR_FR.LEV;2027-02-10;2,125;Taux\n"
    )
    found = merge(ECB, known=ECB_KNOWN, incoming=series, source="")
    assert found.text.endswith("2026-12-22,2.65\n2027-02-10,2.125\n")
    assert found.changes[-1].after == (Decimal("2.125"),)
    assert rate(Decimal("12.125"), 2).startswith("12,125")  # nor where it is shown
    assert rate(Decimal("12.4"), 2).startswith("12,40")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-15", "cp1252"])
def test_a_file_is_read_in_the_encoding_it_was_exported_in(files, encoding):
    new, _ecb = files
    source = "starts,individual_creditor_pct,other_creditor_pct,confidence\n2027-01-01,6.90,2.80,vérifié\n"
    new.write_bytes(source.encode(encoding))
    run("--statutory", str(new), "--apply")
    assert "2027H1,2027-01-01,6.90,2.80,vérifié\n" in table_file(STATUTORY).read_text(encoding="utf-8")


def test_bytes_that_are_no_text_are_refused_with_the_reason(files):
    new, _ecb = files
    new.write_bytes(NEW.encode("utf-16")[:-1])
    with pytest.raises(CommandError, match="encoding"):
        run("--statutory", str(new))
    new.write_bytes(NEW.encode("utf-16-le"))  # without its mark: each second byte is a NUL
    with pytest.raises(CommandError, match="line 1"):
        run("--statutory", str(new))


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("PREAU_RATES", str(tmp_path / "rates"))
    new = tmp_path / "new.csv"
    ecb = tmp_path / "ecb.csv"
    new.write_text(NEW)
    ecb.write_text("in_force_from,rate_pct\n2027-01-01,2.65\n")
    return new, ecb


def run(*arguments):
    out = StringIO()
    call_command("import_rates", *arguments, stdout=out)
    return out.getvalue()


def test_nothing_is_written_without_apply_and_all_of_it_with(files):
    new, ecb = files
    with pytest.raises(UnknownRate):
        interest_rates().statutory(HalfYear(2027, 1))
    shown = run("--statutory", str(new), "--ecb", str(ecb))
    assert "+ 2027-01-01  6.90 % / 2.80 %" in shown
    assert "Nothing is written" in shown
    assert table_file(STATUTORY).parent == FOLDER
    run("--statutory", str(new), "--ecb", str(ecb), "--apply")
    assert interest_rates().statutory(HalfYear(2027, 1)).other_pct == Decimal("2.80")
    assert interest_rates().ecb(HalfYear(2027, 1)) == Decimal("2.65")
    assert "nothing new" in run("--statutory", str(new), "--apply")


def test_a_known_row_changes_only_when_it_is_said(files):
    new, _ecb = files
    new.write_text(HEAD + "2026H2,2026-07-01,6.80,2.75,corrected\n")
    with pytest.raises(CommandError, match="--correct"):
        run("--statutory", str(new), "--apply")
    assert "~ 2026-07-01" in run("--statutory", str(new), "--apply", "--correct")
    assert interest_rates().statutory(HalfYear(2026, 2)).individual_pct == Decimal("6.80")


def test_bad_input_says_what_is_wrong(files, tmp_path):
    with pytest.raises(CommandError, match="name a file"):
        run()
    with pytest.raises(CommandError, match="No such file"):
        run("--ecb", str(tmp_path / "none.csv"))
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="Statutory"):
        run("--statutory", str(bad))
