"""The addresses of desk."""

from django.urls import path

from billing.desk.views import contacts, customers, mailings, notes, search, todo
from billing.desk.views import portal as portal_pages
from billing.desk.views import tenant as tenant_pages

console = [
    path("todo/", todo.Todo.as_view(), name="todo"),
    path("customers/", customers.CustomerList.as_view(), name="customers"),
    path("customers/new/", customers.EditCustomer.as_view(), name="customer_new"),
    path("customers/<uuid:customer_id>/", customers.CustomerPage.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.EditCustomer.as_view(), name="customer_edit"),
    path("customers/<uuid:customer_id>/contacts/", customers.AddContact.as_view(), name="contact_add"),
    path("contacts/<uuid:contact_id>/close/", customers.CloseContact.as_view(), name="contact_close"),
    path("contacts/<uuid:contact_id>/reopen/", customers.ReopenContact.as_view(), name="contact_reopen"),
    path("contacts/<uuid:contact_id>/erase/", contacts.EraseContact.as_view(), name="contact_erase"),
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

portal = [
    path("", portal_pages.PortalHome.as_view(), name="portal"),
]

tenant = [
    path("licences/", tenant_pages.Licences.as_view(), name="licences"),
    path("invoices/", tenant_pages.TenantInvoices.as_view(), name="tenant_invoices"),
    path(
        "invoices/<uuid:invoice_id>/pdf/", tenant_pages.TenantInvoicePdf.as_view(), name="tenant_invoice_pdf"
    ),
]
