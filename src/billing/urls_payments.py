"""The addresses of money: by hand, on slips, in the bank's files, online."""

from django.urls import path

from billing.views import bank, money, online, saved

console = [
    path("payments/<uuid:payment_id>/allocate/", money.Allocate.as_view(), name="payment_allocate"),
    path("payments/<uuid:payment_id>/refund/", money.RefundPayment.as_view(), name="payment_refund"),
    path("allocations/<uuid:allocation_id>/release/", money.Release.as_view(), name="allocation_release"),
    path("refunds/<uuid:refund_id>/sent/", money.RefundSent.as_view(), name="refund_sent"),
    path("customers/<uuid:customer_id>/account/", money.CustomerAccount.as_view(), name="customer_account"),
    path(
        "customers/<uuid:customer_id>/account/pdf/",
        money.CustomerAccountPdf.as_view(),
        name="customer_account_pdf",
    ),
    path("slips/", bank.Slips.as_view(), name="slips"),
    path("slips/<uuid:slip_id>/", bank.SlipPage.as_view(), name="slip"),
    path("slips/<uuid:slip_id>/pdf/", bank.SlipPdf.as_view(), name="slip_pdf"),
    path("bank/", bank.Bank.as_view(), name="bank"),
    path("bank/mappings/new/", bank.EditMapping.as_view(), name="bank_mapping_new"),
    path("bank/mappings/<uuid:mapping_id>/", bank.EditMapping.as_view(), name="bank_mapping"),
    path("bank/<uuid:statement_id>/", bank.StatementPage.as_view(), name="bank_statement"),
]
portal = [
    path("account/", money.PortalAccount.as_view(), name="portal_account"),
    path("account/pdf/", money.PortalAccountPdf.as_view(), name="portal_account_pdf"),
    path("invoices/<uuid:invoice_id>/pay/", online.PayOnline.as_view(), name="portal_pay"),
    path("orders/<uuid:order_id>/pay/", online.PayOrder.as_view(), name="portal_order_pay"),
    path("method/", saved.PortalMethod.as_view(), name="portal_method"),
    path("method/new/", saved.PortalMethodNew.as_view(), name="portal_method_new"),
    path("method/revoke/", saved.PortalMethodRevoke.as_view(), name="portal_method_revoke"),
    path("method/saved/<uuid:setup_id>/", saved.PortalMethodSaved.as_view(), name="portal_method_saved"),
    path("subscriptions/<uuid:subscription_id>/trial/", saved.PortalTrial.as_view(), name="portal_trial"),
    path("paid/<uuid:checkout_id>/", online.Paid.as_view(), name="portal_paid"),
]
public = [path("hooks/stripe/", online.StripeHook.as_view(), name="stripe_hook")]
