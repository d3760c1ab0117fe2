"""The addresses of payments."""

from django.urls import path

from billing.payments.views import bank, money, payments

console = [
    path("payments/", payments.PaymentList.as_view(), name="payments"),
    path("payments/new/", payments.ReceivePayment.as_view(), name="payment_new"),
    path("payments/<uuid:payment_id>/", payments.PaymentPage.as_view(), name="payment"),
    path("payments/<uuid:payment_id>/credit/", payments.CreditPayment.as_view(), name="payment_credit"),
    path("payments/<uuid:payment_id>/bounce/", payments.BouncePayment.as_view(), name="payment_bounce"),
    path("payments/<uuid:payment_id>/allocate/", money.Allocate.as_view(), name="payment_allocate"),
    path("payments/<uuid:payment_id>/refund/", money.RefundPayment.as_view(), name="payment_refund"),
    path("allocations/<uuid:allocation_id>/release/", money.Release.as_view(), name="allocation_release"),
    path("invoices/<uuid:invoice_id>/give-back/", money.RefundNote.as_view(), name="note_refund"),
    path("refunds/<uuid:refund_id>/sent/", money.RefundSent.as_view(), name="refund_sent"),
    path("refunds/<uuid:refund_id>/returned/", money.RefundReturned.as_view(), name="refund_returned"),
    path("customers/<uuid:customer_id>/account/", money.CustomerAccount.as_view(), name="customer_statement"),
    path(
        "customers/<uuid:customer_id>/account/pdf/",
        money.CustomerAccountPdf.as_view(),
        name="customer_statement_pdf",
    ),
    path("slips/", bank.ChequeDeposits.as_view(), name="cheque_deposits"),
    path("slips/<uuid:slip_id>/", bank.ChequeDepositPage.as_view(), name="cheque_deposit"),
    path("slips/<uuid:slip_id>/pdf/", bank.ChequeDepositPdf.as_view(), name="cheque_deposit_pdf"),
    path("bank/", bank.Bank.as_view(), name="bank"),
    path("bank/mappings/new/", bank.EditMapping.as_view(), name="bank_mapping_new"),
    path("bank/mappings/<uuid:mapping_id>/", bank.EditMapping.as_view(), name="bank_mapping"),
    path("bank/lines/<uuid:statement_line_id>/undo/", bank.UndoPayout.as_view(), name="payout_undo"),
    path("bank/<uuid:statement_id>/", bank.StatementPage.as_view(), name="bank_statement"),
]

portal = [
    path("account/", money.PortalStatement.as_view(), name="portal_statement"),
    path("account/pdf/", money.PortalAccountPdf.as_view(), name="portal_statement_pdf"),
]
