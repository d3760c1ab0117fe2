"""The addresses of finance's own pages in the console: accounts, closing, sending, notes, search."""

from django.urls import path

from billing.views import closing, documents, late, mailings, notes, revenue, search, vat

console = [
    path("accounting/revenue/", revenue.Revenue.as_view(), name="revenue"),
    path("accounting/deferred/", revenue.Deferred.as_view(), name="deferred"),
    path("accounting/vat/", vat.VatDue.as_view(), name="vat_due"),
    path("accounting/closing/", closing.Closings.as_view(), name="closings"),
    path("accounting/closing/<uuid:period_id>/", closing.Closing.as_view(), name="closing"),
    path("accounting/closing/<uuid:period_id>/fec/", closing.ClosedFec.as_view(), name="closing_fec"),
    path("pro-formas/<uuid:pro_forma_id>/", documents.ProFormaPage.as_view(), name="pro_forma"),
    path(
        "pro-formas/<uuid:pro_forma_id>/dispute/",
        documents.DisputeProForma.as_view(),
        name="pro_forma_dispute",
    ),
    path("claims/<uuid:claim_id>/dispute/", late.DisputeClaim.as_view(), name="claim_dispute"),
    path("notes/<str:note_kind>/<uuid:noted_id>/", notes.WriteNote.as_view(), name="note_write"),
    path("notes/<uuid:note_id>/erase/", notes.EraseNote.as_view(), name="note_erase"),
    path("mailings/", mailings.Mailings.as_view(), name="mailings"),
    path("mailings/invoices/", mailings.MailInvoices.as_view(), name="mail_invoices"),
    path("mailings/reminders/", mailings.MailReminders.as_view(), name="mail_reminders"),
    path("mailings/quotes/", mailings.MailQuotes.as_view(), name="mail_quotes"),
    path("mailings/<uuid:mailing_id>/", mailings.MailingPage.as_view(), name="mailing"),
    path("mailings/<uuid:mailing_id>/progress/", mailings.MailingProgress.as_view(), name="mailing_progress"),
    path("search/", search.Search.as_view(), name="search"),
]
