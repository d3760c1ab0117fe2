"""How the numbers of entries are counted: one series for each journal, and for each currency in it."""


def series_of(journal: str, currency: str) -> str:
    """Return the name of a journal's series of numbers; the books are in euros, other currencies apart."""
    return f"entry {journal}" if currency == "EUR" else f"entry {journal} {currency}"
