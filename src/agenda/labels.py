"""What the pages of the agenda say."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADVICE = {
    "mail": _("The mail server doesn’t answer, or refuses: look at it. This is tried again by itself."),
    "database": _("The database was busy or away. This is tried again by itself."),
    "provider": _("The payment provider doesn’t answer. This is tried again by itself."),
    "key": _("The payment provider refuses the key: check STRIPE_API_KEY, then retry."),
    "rates": _("Rates are missing: read them in with import_rates, then retry."),
    "disk": _("A file or folder can’t be read or written: check the place and its disk, then retry."),
    "worker": _("No program here keeps it: start the workers of the newest version, then retry."),
    "report": _("Retry it once. If it fails again, report it with this line; nothing was half done."),
}

# What is done for each clause and kind of promise, as its line on the page says it.
PROMISES: dict[tuple[str, str], Promise] = {
    ("CCOM-L123-21", "recognition"): _("Count what a month served"),
    ("CCOM-L123-22", "year"): _("Count the documents kept for ten years"),
    ("CGI-289", "answer"): _("Learn what the platform made of a document"),
    ("CGI-289", "dispatch"): _("Send a document to its platform"),
    ("CGI-289", "statuses"): _("Read what became of the documents sent"),
    ("CGI-290", "report"): _("Report the sales of a period"),
    ("GDPR-5.1e", "contacts"): _("Forget the contacts whose time is over"),
    ("GDPR-5.1e", "note"): _("Erase the words of an old note"),
    ("HOUSE-MAIL", "mailing"): _("Send a message to many"),
    ("LG-D1", "authority"): _("Notify the authority of a breach of data we answer for"),
    ("LG-D10.2", "authority-reminder"): _("Remind a customer to notify the authority of a breach"),
    ("LG-D10.2", "notice"): _("Tell a customer of a breach of personal data"),
    ("LG-D10.2", "notice-alarm"): _("Give the alarm if a customer isn’t told of a breach"),
    ("LG-D4", "annexes-forgotten"): _("Delete the annexes of a place that is gone, five years later"),
    ("LG-D5", "retention"): _("Delete what has been kept long enough"),
    ("LG-D8", "processor-followed"): _("Follow a change of sub-processors to its last answer"),
    ("LG-D8", "processor-notice"): _("Announce a change of sub-processors to a customer"),
    ("LG-D8", "processor-silence"): _("Note that a customer let the days for objecting pass"),
    ("LG-DBr", "alarm"): _("Give the alarm if data isn’t erased"),
    ("LG-DBr", "erase"): _("Erase what was deleted"),
    ("LG-DBr", "prune"): _("Take out of the register what no backup holds any more"),
    ("LG-DBs", "import-forgotten"): _("Forget an import nobody confirmed"),
    ("LG-DCa", "review"): _("Ask who holds which rights"),
    ("LG-DCb", "destroyed"): _("Destroy the backups whose day has come"),
    ("LG-DCb", "nightly"): _("Make the night’s backup"),
    ("LG-DCl", "heads-sent"): _("Send the signed head of the audit trail"),
    ("LG-DCp", "expire"): _("Delete an archive whose link has ended"),
    ("LG-DCp", "export"): _("Build an archive"),
    ("LG-S10.1", "refund"): _("Pay back what isn’t replaced"),
    ("LG-S11", "announce"): _("Announce a major change of requirements"),
    ("LG-S12", "erasure-settled"): _("Open what waited for a deletion to be decided"),
    ("LG-S12", "open-access"): _("Open what was paid for"),
    ("LG-S14.2a", "term-end"): _("Renew or end a subscription"),
    ("LG-S14.2f", "term-end"): _("End a fixed term"),
    ("LG-S14.2n", "renewal-notice"): _("Announce a renewal"),
    ("LG-S14.3", "trial-end"): _("End or activate a trial"),
    ("LG-S14.3", "trial-reminder"): _("Remind of a trial’s end"),
    ("LG-S19", "breach-notice"): _("Give notice of a breach"),
    ("LG-S19", "suspend"): _("Stop access if nothing was remedied"),
    ("LG-S19", "suspension-notice"): _("Warn that access will stop"),
    ("LG-S20.1", "terminable"): _("Note that a breach wasn’t remedied"),
    ("LG-S20.3m", "terminable"): _("Note that an event has lasted too long"),
    ("LG-S21.2", "circle-destroyed"): _("Destroy the data of a household that has ended"),
    ("LG-S21.2", "data-destroyed"): _("Destroy the data kept after the end"),
    ("LG-S21.2", "files-destroyed"): _("Delete the files kept after the end"),
    ("LG-S22", "decision"): _("Decide on goods that came back incomplete"),
    ("LG-S22", "goods-back"): _("See whether the goods are back"),
    ("LG-S22", "refund"): _("Pay back a withdrawal"),
    ("LG-S5.1", "cart-forgotten"): _("Forget a cart nobody came back to"),
    ("LG-S5.1", "confirmation-sent"): _("Confirm an order"),
    ("LG-S5.1", "paid-online"): _("Cancel an order nobody paid online"),
    ("LG-S5.1r", "told"): _("Say why an order was refused"),
    ("LG-S5.2c", "cancellable"): _("Mark an order unpaid after its days"),
    ("LG-S5.2d", "proved-funds"): _("Flag a proved transfer that never came"),
    ("LG-S6.1", "quote-validity"): _("Close a quote whose time is over"),
    ("LG-S6.2k", "charge"): _("Charge an invoice as agreed"),
    ("LG-S6.2k", "detach"): _("Have a revoked payment method forgotten"),
    ("LG-S6.2k", "method-setup"): _("Learn whether a payment method was saved"),
    ("LG-S6.2k", "online-payment"): _("Learn what became of an online payment"),
    ("LG-S6.2k", "provider-event"): _("Follow a message of the payment provider"),
    ("LG-S6.2k", "refund"): _("Have money given back"),
    ("LG-S6.3c", "overdue"): _("Note what a consumer left unpaid"),
    ("LG-S6.3c", "reminder"): _("Remind a consumer of what is unpaid"),
    ("LG-S6.3p", "overdue"): _("Note what a professional left unpaid"),
    ("LG-S6.3p", "reminder"): _("Remind a professional of what is unpaid"),
    ("LG-S7", "dispatch"): _("See that the day’s parcel left"),
    ("LG-S7c", "delivered"): _("See that the goods have arrived"),
    ("LG-S7c", "refund"): _("Pay back a late delivery"),
    ("LG-U3.1o", "import"): _("Do a confirmed import"),
    ("LG-U3.3i", "invitation"): _("Close an invitation whose time is over"),
    ("LG-U3.3i", "staff invitation"): _("Close a staff invitation whose time is over"),
    ("LG-U4", "answer"): _("Have a request answered in time"),
    ("LPF-A47A", "validation"): _("Validate the accounting entries"),
    ("MC-1s", "end"): _("Follow the last terms of a product that goes"),
    ("MC-1s", "stop"): _("Take a product off sale"),
    ("MC-1s", "tell"): _("Announce that a product goes"),
    ("MC-3", "circle-destroyed"): _("Destroy the data kept of a part that has ended"),
    ("MC-3", "data-destroyed"): _("Destroy the data kept after a campus ends"),
    ("MC-7", "breach-notice"): _("Give notice of a misuse"),
    ("QW-6", "people"): _("Tell the people a breach is about"),
}


def promise_words(clause: str, kind: str) -> str:
    """Return what is done for a promise, "" for one that nobody has found words for."""
    return str(PROMISES.get((clause, kind), ""))


def promises_called(words: str) -> list[tuple[str, str]]:
    """Return the clause and kind of the promises whose line holds these words, in the language in use."""
    wanted = words.casefold()
    return [key for key, said in PROMISES.items() if wanted in str(said).casefold()]
