from datetime import date

from django.utils import formats, translation


def test_english_puts_the_day_before_the_month():
    with translation.override("en"):
        assert formats.date_format(date(2026, 9, 7), "SHORT_DATE_FORMAT") == "07/09/2026"
        assert formats.date_format(date(2026, 9, 7), "DATE_FORMAT") == "7 September 2026"
        assert formats.sanitize_separators("1,234.5") == "1234.5"
