"""Billing's addresses: the console and the portal on the public host, a school's own pages on its host."""

from django.urls import URLPattern, path

from billing import urls_subscriptions
from billing.views import (
    amendments,
    catalogue,
    customers,
    documents,
    invoices,
    late,
    online,
    orders,
    payments,
    portal,
    price_lists,
    quote_desk,
    quotes,
    signed,
    tenant,
    todo,
)

_console = [
    path("todo/", todo.Todo.as_view(), name="todo"),
    path("quotes/", quotes.QuoteList.as_view(), name="quotes"),
    path("quotes/new/", quote_desk.QuoteDesk.as_view(), name="quote_new"),
    path("quotes/<uuid:version_id>/", quotes.QuotePage.as_view(), name="quote"),
    path("quotes/<uuid:version_id>/edit/", quote_desk.QuoteRewrite.as_view(), name="quote_edit"),
    path("quotes/<uuid:version_id>/send/", quotes.SendQuote.as_view(), name="quote_send"),
    path("quotes/<uuid:version_id>/revise/", quotes.ReviseQuote.as_view(), name="quote_revise"),
    path("quotes/<uuid:version_id>/pdf/", quotes.QuotePdf.as_view(), name="quote_pdf"),
    path("quotes/<uuid:version_id>/upload/", signed.UploadSigned.as_view(), name="quote_upload"),
    path("quotes/<uuid:version_id>/signed/", signed.SignedFile.as_view(), name="quote_signed"),
    path("quotes/<uuid:version_id>/withdraw/", quotes.WithdrawQuote.as_view(), name="quote_withdraw"),
    path("quotes/<uuid:version_id>/amendment/", amendments.RewriteAmendment.as_view(), name="amendment_edit"),
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<uuid:order_id>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<uuid:order_id>/cancel/", orders.CancelOrder.as_view(), name="order_cancel"),
    path("invoices/", invoices.InvoiceList.as_view(), name="invoices"),
    path("invoices/<uuid:invoice_id>/", invoices.InvoicePage.as_view(), name="invoice"),
    path("invoices/<uuid:invoice_id>/pdf/", invoices.InvoicePdf.as_view(), name="invoice_pdf"),
    path("invoices/<uuid:invoice_id>/defer/", invoices.Defer.as_view(), name="invoice_defer"),
    path("invoices/<uuid:invoice_id>/dispute/", invoices.OpenDispute.as_view(), name="dispute_open"),
    path("invoices/<uuid:invoice_id>/dispute/close/", invoices.CloseDispute.as_view(), name="dispute_close"),
    path("invoices/<uuid:invoice_id>/xml/", documents.InvoiceXml.as_view(), name="invoice_xml"),
    path("invoices/<uuid:invoice_id>/credit/", documents.CreditInvoice.as_view(), name="invoice_credit"),
    path("invoices/<uuid:invoice_id>/answer/", documents.NoteAnswer.as_view(), name="answer_note"),
    path("invoices/<uuid:invoice_id>/send-again/", documents.SendAgain.as_view(), name="send_again"),
    path("orders/<uuid:order_id>/final/", documents.IssueFinal.as_view(), name="order_final"),
    path("quotes/<uuid:version_id>/pro-forma/", documents.IssueProForma.as_view(), name="pro_forma_issue"),
    path("pro-formas/<uuid:pro_forma_id>/pdf/", documents.ProFormaPdf.as_view(), name="pro_forma_pdf"),
    path("reports/", documents.Reports.as_view(), name="reports"),
    path("reports/<uuid:report_id>/csv/", documents.ReportFile.as_view(), name="report_file"),
    path("payments/", payments.PaymentList.as_view(), name="payments"),
    path("payments/new/", payments.ReceivePayment.as_view(), name="payment_new"),
    path("payments/<uuid:payment_id>/", payments.PaymentPage.as_view(), name="payment"),
    path("payments/<uuid:payment_id>/credit/", payments.CreditPayment.as_view(), name="payment_credit"),
    path("payments/<uuid:payment_id>/bounce/", payments.BouncePayment.as_view(), name="payment_bounce"),
    path("customers/", customers.CustomerList.as_view(), name="customers"),
    path("customers/new/", customers.EditCustomer.as_view(), name="customer_new"),
    path("customers/<uuid:customer_id>/", customers.CustomerPage.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.EditCustomer.as_view(), name="customer_edit"),
    path("customers/<uuid:customer_id>/contacts/", customers.AddContact.as_view(), name="contact_add"),
    path("customers/<uuid:customer_id>/amend/", amendments.Amend.as_view(), name="amend"),
    path("late/", late.LateList.as_view(), name="late"),
    path("late/<uuid:invoice_id>/", late.LateInvoice.as_view(), name="late_invoice"),
    path("late/<uuid:invoice_id>/draw/", late.DrawStatement.as_view(), name="late_draw"),
    path("late/<uuid:invoice_id>/notice/", late.GiveNotice.as_view(), name="notice_give"),
    path("claims/<uuid:claim_id>/", late.ClaimPage.as_view(), name="claim"),
    path("claims/<uuid:claim_id>/pdf/", late.ClaimPdf.as_view(), name="claim_pdf"),
]
_online = [
    path("hooks/stripe/", online.StripeHook.as_view(), name="stripe_hook"),
    path("portal/invoices/<uuid:invoice_id>/pay/", online.PayOnline.as_view(), name="portal_pay"),
    path("portal/paid/<uuid:checkout_id>/", online.Paid.as_view(), name="portal_paid"),
    path("products/", catalogue.ProductList.as_view(), name="products"),
    path("products/new/", catalogue.EditProduct.as_view(), name="product_new"),
    path("products/<uuid:product_id>/", catalogue.ProductPage.as_view(), name="product"),
    path("products/<uuid:product_id>/edit/", catalogue.EditProduct.as_view(), name="product_edit"),
    path(
        "products/<uuid:product_id>/requirements/", catalogue.PublishRequirements.as_view(), name="product_requirements"
    ),
    path("products/<uuid:product_id>/promotion/", catalogue.RunPromotion.as_view(), name="product_promotion"),
    path("products/<uuid:product_id>/phase-out/", catalogue.PhaseOut.as_view(), name="product_phaseout"),
    path("products/<uuid:product_id>/stock/", catalogue.MoveStock.as_view(), name="product_stock"),
    path("price-lists/", price_lists.PriceListList.as_view(), name="price_lists"),
    path("price-lists/new/", price_lists.NewPriceList.as_view(), name="price_list_new"),
    path("price-lists/<uuid:price_list_id>/", price_lists.PriceListPage.as_view(), name="price_list"),
    path("price-lists/<uuid:price_list_id>/drop/", price_lists.DropPriceList.as_view(), name="price_list_drop"),
]
_portal = [
    path("", portal.PortalHome.as_view(), name="portal"),
    path("sign-in/", portal.Knock.as_view(), name="knock"),
    path("enter/<str:token>/", portal.Enter.as_view(), name="enter"),
    path("leave/", portal.Leave.as_view(), name="leave"),
    path("quotes/", portal.PortalQuotes.as_view(), name="portal_quotes"),
    path("quotes/<uuid:version_id>/", portal.PortalQuote.as_view(), name="portal_quote"),
    path("quotes/<uuid:version_id>/pdf/", portal.PortalQuotePdf.as_view(), name="portal_quote_pdf"),
    path("quotes/<uuid:version_id>/upload/", signed.PortalUpload.as_view(), name="portal_upload"),
    path("quotes/<uuid:version_id>/signed/", signed.PortalSignedFile.as_view(), name="portal_signed"),
    path("orders/<uuid:order_id>/", portal.PortalOrder.as_view(), name="portal_order"),
    path("invoices/", portal.PortalInvoices.as_view(), name="portal_invoices"),
    path("invoices/<uuid:invoice_id>/", portal.PortalInvoice.as_view(), name="portal_invoice"),
    path("invoices/<uuid:invoice_id>/pdf/", portal.PortalInvoicePdf.as_view(), name="portal_invoice_pdf"),
    path("invoices/<uuid:invoice_id>/xml/", portal.PortalInvoiceXml.as_view(), name="portal_invoice_xml"),
]


def _under(prefix: str, patterns: list[URLPattern]) -> list[URLPattern]:
    return [path(f"{prefix}{each.pattern}", each.callback, name=each.name) for each in patterns]


public_urlpatterns = [
    *_online,
    *_under("console/", [*_console, *urls_subscriptions.console]),
    *_under("portal/", [*_portal, *urls_subscriptions.portal]),
]
tenant_urlpatterns = [
    path("licences/", tenant.Licences.as_view(), name="licences"),
    path("invoices/", tenant.TenantInvoices.as_view(), name="tenant_invoices"),
    path("invoices/<uuid:invoice_id>/pdf/", tenant.TenantInvoicePdf.as_view(), name="tenant_invoice_pdf"),
]
