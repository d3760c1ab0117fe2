"""Words and tones of a payment's states."""

from django.utils.translation import gettext_lazy

from billing.payments.policy.bank import Wrong

#: Why a bank's file can't be read; `value` is what stands there.
BAD_FILES = {
    Wrong.ABOVE: gettext_lazy(
        "it stands above the titles, and would not be read: move it below them, or take it away."
    ),
    Wrong.AMOUNT: gettext_lazy("“%(value)s” is no amount in the currency of its line."),
    Wrong.ATTRIBUTE: gettext_lazy("the attribute %(value)s doesn’t belong here."),
    Wrong.BALANCE: gettext_lazy(
        "it says a balance or a total that the other lines don’t make up: take it away, or write in its "
        "label what it pays if it is a payment."
    ),
    Wrong.BOTH: gettext_lazy("it says two different amounts: a debit, a credit (%(value)s)."),
    Wrong.CELLS: gettext_lazy(
        "it hasn’t as many cells as there are titles (%(value)s): it is cut, or a cell holds the separator."
    ),
    Wrong.CURRENCIES: gettext_lazy("several currencies stand for it in this file (%(value)s)."),
    Wrong.CURRENCY: gettext_lazy("“%(value)s” is no currency."),
    Wrong.DAY: gettext_lazy("“%(value)s” is no day as they are written in this file."),
    Wrong.DECIMALS: gettext_lazy("“%(value)s” has more than two decimals."),
    Wrong.DISTANT: gettext_lazy("“%(value)s” is no day from 2000 to 2099."),
    Wrong.DOCTYPE: gettext_lazy("a document type isn’t accepted."),
    Wrong.EMPTY: gettext_lazy("no booked line is in it."),
    Wrong.ENCODING: gettext_lazy("its letters are in none of the encodings that banks use."),
    Wrong.LACKING: gettext_lazy("something is missing in it; expected: %(value)s."),
    Wrong.LARGE: gettext_lazy("“%(value)s” is more than an account can move."),
    Wrong.LONG: gettext_lazy("this value is longer than %(value)s characters."),
    Wrong.MISPLACED: gettext_lazy("it isn’t expected here; expected: %(value)s."),
    Wrong.NUL: gettext_lazy("a NUL character stands in it: the file is damaged."),
    Wrong.QUOTE: gettext_lazy("a quotation mark isn’t closed, or stands in the middle of a cell."),
    Wrong.REVERSED: gettext_lazy(
        "most debits of this file have a minus and this one has none: write all debits the same way, and "
        "what takes one back as a credit."
    ),
    Wrong.SCHEMA: gettext_lazy("this isn’t as the format wants it (%(value)s)."),
    Wrong.SIDE: gettext_lazy(
        "“%(value)s” says neither debit nor credit: write D or C there, a sign (+ or -) before each amount, "
        "or name the column of what left."
    ),
    Wrong.TWICE: gettext_lazy("two columns are called %(value)s: give each its own title."),
    Wrong.STATE: gettext_lazy("“%(value)s” doesn’t say whether this line is booked."),
    Wrong.TEXT: gettext_lazy("text stands between its elements."),
    Wrong.TITLES: gettext_lazy("no line holds all titles of the mapping; the file has: %(value)s."),
    Wrong.TOO_BIG: gettext_lazy("it is larger than %(value)s MB."),
    Wrong.TOO_MANY: gettext_lazy("it has more than %(value)s lines."),
    Wrong.TRUNCATED: gettext_lazy("this XML file is cut: it ends too soon."),
    Wrong.UNBOOKED: gettext_lazy(
        "“%(value)s” may mean that this line isn’t booked yet: take the line out of the file, or empty this "
        "column if it says something else."
    ),
    Wrong.UNTITLED: gettext_lazy("“%(value)s” stands under no title: give that column one, or empty it."),
    Wrong.UNNAMED: gettext_lazy("the attribute %(value)s is missing."),
    Wrong.VALUE: gettext_lazy("“%(value)s” isn’t a value the format allows here."),
    Wrong.VERSION: gettext_lazy("it is neither camt.053.001.02 nor camt.053.001.08, but %(value)s."),
    Wrong.WIDE: gettext_lazy("a cell is too wide: a quotation mark may not be closed."),
    Wrong.XML: gettext_lazy(
        "this isn’t well-formed XML: the file is damaged, or a sign stands there bare (&, <)."
    ),
    Wrong.ZERO: gettext_lazy("all its lines are of zero: none moves money."),
}

PAYMENT_STATES = {
    "received": (gettext_lazy("to be credited"), "wait", ""),
    "proved": (gettext_lazy("proved, to be credited"), "accent", ""),
    "credited": (gettext_lazy("credited"), "good", ""),
    "bounced": (gettext_lazy("refused by the bank"), "wrong", ""),
}
