"""The addresses of invoicing."""

from django.urls import path

from billing.invoicing.views import documents, invoices
from billing.invoicing.views import portal as portal_pages

console = [
    path("invoices/", invoices.InvoiceList.as_view(), name="invoices"),
    path("invoices/<uuid:invoice_id>/pdf/", invoices.InvoicePdf.as_view(), name="invoice_pdf"),
    path("invoices/<uuid:invoice_id>/xml/", documents.InvoiceXml.as_view(), name="invoice_xml"),
    path("invoices/<uuid:invoice_id>/credit/", documents.CreditInvoice.as_view(), name="invoice_credit"),
    path("invoices/<uuid:invoice_id>/answer/", documents.NoteAnswer.as_view(), name="answer_note"),
    path("invoices/<uuid:invoice_id>/send-again/", documents.SendAgain.as_view(), name="send_again"),
    path("pro-formas/<uuid:pro_forma_id>/pdf/", documents.ProFormaPdf.as_view(), name="pro_forma_pdf"),
    path("answers/", documents.Answers.as_view(), name="platform_answers"),
    path("reports/", documents.Reports.as_view(), name="reports"),
    path("reports/<uuid:report_id>/csv/", documents.ReportFile.as_view(), name="report_file"),
    path("pro-formas/<uuid:pro_forma_id>/", documents.ProFormaPage.as_view(), name="pro_forma"),
]

portal = [
    path("invoices/", portal_pages.PortalInvoices.as_view(), name="portal_invoices"),
    path("invoices/<uuid:invoice_id>/", portal_pages.PortalInvoice.as_view(), name="portal_invoice"),
    path(
        "invoices/<uuid:invoice_id>/pdf/", portal_pages.PortalInvoicePdf.as_view(), name="portal_invoice_pdf"
    ),
    path(
        "invoices/<uuid:invoice_id>/xml/", portal_pages.PortalInvoiceXml.as_view(), name="portal_invoice_xml"
    ),
]
