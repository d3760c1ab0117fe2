"""The addresses of collections."""

from django.urls import path

from billing.collections.views import claim_list, claims, disputes, invoice, late, write_off
from billing.collections.views import portal as portal_pages

console = [
    path("invoices/<uuid:invoice_id>/", invoice.InvoicePage.as_view(), name="invoice"),
    path("invoices/<uuid:invoice_id>/defer/", invoice.ExtendDueDate.as_view(), name="invoice_extension"),
    path("invoices/<uuid:invoice_id>/dispute/", invoice.OpenDispute.as_view(), name="dispute_open"),
    path("invoices/<uuid:invoice_id>/dispute/close/", invoice.CloseDispute.as_view(), name="dispute_close"),
    path(
        "invoices/<uuid:invoice_id>/write-off/",
        write_off.WriteOffInvoice.as_view(),
        name="invoice_write_off",
    ),
    path("claims/<uuid:claim_id>/write-off/", write_off.WriteOffClaim.as_view(), name="claim_write_off"),
    path("write-offs/<uuid:write_off_id>/undo/", write_off.UndoWriteOff.as_view(), name="write_off_undo"),
    path("late/", late.LateList.as_view(), name="late"),
    path("late/<uuid:invoice_id>/", late.LateInvoice.as_view(), name="late_invoice"),
    path("late/<uuid:invoice_id>/draw/", late.IssueInterestClaim.as_view(), name="late_draw"),
    path("late/<uuid:invoice_id>/notice/", late.RecordFormalNotice.as_view(), name="formal_notice_new"),
    path("claims/", claim_list.ClaimList.as_view(), name="interest_claims"),
    path("claims/<uuid:claim_id>/", claims.InterestClaimPage.as_view(), name="interest_claim"),
    path("claims/<uuid:claim_id>/pay/", claims.PayClaim.as_view(), name="interest_claim_pay"),
    path("claims/<uuid:claim_id>/pdf/", claims.ClaimPdf.as_view(), name="interest_claim_pdf"),
    path(
        "pro-formas/<uuid:pro_forma_id>/dispute/",
        disputes.DisputeProForma.as_view(),
        name="pro_forma_dispute",
    ),
    path("claims/<uuid:claim_id>/dispute/", claims.DisputeClaim.as_view(), name="interest_claim_dispute"),
    path("late/<uuid:invoice_id>/notice/pdf/", late.FormalNoticePdf.as_view(), name="notice_pdf"),
    path("late/<uuid:invoice_id>/notice/letter/", late.UpdateLetterTracking.as_view(), name="notice_follow"),
]

portal = [
    path("claims/", portal_pages.PortalClaims.as_view(), name="portal_claims"),
    path("claims/<uuid:claim_id>/", portal_pages.PortalClaim.as_view(), name="portal_claim"),
    path("claims/<uuid:claim_id>/pdf/", portal_pages.PortalClaimPdf.as_view(), name="portal_claim_pdf"),
]
