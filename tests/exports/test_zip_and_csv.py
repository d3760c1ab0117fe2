"""Archives written as they are made, lists as spreadsheets open them."""

import io
import tracemalloc
import zipfile

from exports.gateways.csv import csv_response, csv_text
from exports.gateways.zip import Entry, archive


def test_the_archive_is_whole_and_pdfs_are_stored():
    entries = [
        Entry("élèves/Zoé.pdf", lambda: [b"%PDF", b"x" * 10]),
        Entry("tables/a.csv", lambda: [b"a;b\r\n" * 1000]),
    ]
    with zipfile.ZipFile(io.BytesIO(b"".join(archive(entries)))) as made:
        assert made.testzip() is None
        assert made.namelist() == ["élèves/Zoé.pdf", "tables/a.csv"]
        assert made.getinfo("élèves/Zoé.pdf").compress_type == zipfile.ZIP_STORED
        assert made.getinfo("tables/a.csv").compress_size < 200


def test_memory_stays_flat_and_files_are_opened_in_their_turn():
    opened = []

    def pieces(number):
        def give():
            opened.append(number)
            for _piece in range(64):
                yield b"\xff" * 65536

        return give

    stream = archive(Entry(f"{n}.jpg", pieces(n)) for n in range(10))
    next(stream)
    assert len(opened) <= 1
    tracemalloc.start()
    size = sum(len(piece) for piece in stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 40 * 1024 * 1024
    assert peak < 3 * 1024 * 1024


def test_a_list_opens_in_a_spreadsheet():
    text = csv_text(["Nom", "Né le"], [["Zoé; dite « Zo »", None], ['=1+"2"', 3]])
    assert text == '\ufeffNom;Né le\r\n"Zoé; dite « Zo »";\r\n"\'=1+""2""";3\r\n'


def test_its_name_is_fit_for_a_download():
    response = csv_response("élèves / CE1", ["a"], [])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9l%C3%A8ves%20CE1.csv"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
