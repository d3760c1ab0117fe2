"""The API's addresses, under /api/v1/ on the public host."""

from django.urls import path

from billing.api import customers, views

patterns = [
    path("api/v1/customers/", customers.Customers.as_view(), name="api_customers"),
    path("api/v1/customers/<uuid:customer_id>/", customers.OneCustomer.as_view(), name="api_customer"),
    path("api/v1/customers/<uuid:customer_id>/contacts/", customers.Contacts.as_view(), name="api_contacts"),
    path("api/v1/products/", customers.Products.as_view(), name="api_products"),
    path("api/v1/quotes/", views.Quotes.as_view(), name="api_quotes"),
    path("api/v1/quotes/<uuid:version_id>/", views.OneQuote.as_view(), name="api_quote"),
    path("api/v1/quotes/<uuid:version_id>/send/", views.SendQuote.as_view(), name="api_quote_send"),
    path("api/v1/orders/", views.Orders.as_view(), name="api_orders"),
    path("api/v1/orders/<uuid:order_id>/", views.OneOrder.as_view(), name="api_order"),
    path("api/v1/invoices/", views.Invoices.as_view(), name="api_invoices"),
    path("api/v1/invoices/<uuid:invoice_id>/", views.OneInvoice.as_view(), name="api_invoice"),
    path("api/v1/invoices/<uuid:invoice_id>/pdf/", views.InvoicePdf.as_view(), name="api_invoice_pdf"),
    path("api/v1/invoices/<uuid:invoice_id>/xml/", views.InvoiceXml.as_view(), name="api_invoice_xml"),
    path("api/v1/payments/", views.Payments.as_view(), name="api_payments"),
    path("api/v1/payments/<uuid:payment_id>/", views.OnePayment.as_view(), name="api_payment"),
    path(
        "api/v1/payments/<uuid:payment_id>/credit/", views.CreditPayment.as_view(), name="api_payment_credit"
    ),
]
