"""The addresses of quotes."""

from django.urls import path

from billing.quotes.views import (
    administrators,
    amendments,
    portal_agreements,
    pro_formas,
    quote_desk,
    quotes,
    signed,
    specific_terms,
)
from billing.quotes.views import portal as portal_pages
from billing.quotes.views import (
    renewals as again,
)

console = [
    path(
        "tenants/<uuid:tenant_id>/administrator/",
        administrators.AskForAdministrator.as_view(),
        name="administrator_new",
    ),
    path("quotes/", quotes.QuoteList.as_view(), name="quotes"),
    path("quotes/new/", quote_desk.QuoteDesk.as_view(), name="quote_new"),
    path("quotes/<uuid:version_id>/", quotes.QuotePage.as_view(), name="quote"),
    path("quotes/<uuid:version_id>/edit/", quote_desk.QuoteRewrite.as_view(), name="quote_edit"),
    path("quotes/<uuid:version_id>/send/", quotes.SendQuote.as_view(), name="quote_send"),
    path("quotes/<uuid:version_id>/revise/", quotes.ReviseQuote.as_view(), name="quote_revise"),
    path("quotes/<uuid:version_id>/pdf/", quotes.QuotePdf.as_view(), name="quote_pdf"),
    path("quotes/<uuid:version_id>/upload/", signed.UploadSigned.as_view(), name="quote_upload"),
    path("quotes/<uuid:version_id>/signed/", signed.SignedFile.as_view(), name="quote_signed"),
    path(
        "quotes/<uuid:version_id>/terms/",
        specific_terms.AttachSpecificTerms.as_view(),
        name="specific_terms_attach",
    ),
    path(
        "quotes/<uuid:version_id>/terms/pdf/",
        specific_terms.SpecificTermsFile.as_view(),
        name="specific_terms_pdf",
    ),
    path("quotes/<uuid:version_id>/withdraw/", quotes.WithdrawQuote.as_view(), name="quote_withdraw"),
    path("quotes/<uuid:version_id>/amendment/", amendments.RewriteAmendment.as_view(), name="amendment_edit"),
    path("quotes/<uuid:version_id>/pro-forma/", pro_formas.IssueProForma.as_view(), name="pro_forma_issue"),
    path("customers/<uuid:customer_id>/amend/", amendments.Amend.as_view(), name="amend"),
    path(
        "subscriptions/<uuid:subscription_id>/quote/", again.PrepareRenewal.as_view(), name="renewal_prepare"
    ),
]

portal = [
    path(
        "administrators/<uuid:demand_id>/",
        administrators.PortalAdministrator.as_view(),
        name="portal_administrator",
    ),
    path("quotes/", portal_pages.PortalQuotes.as_view(), name="portal_quotes"),
    path("quotes/<uuid:version_id>/", portal_pages.PortalQuote.as_view(), name="portal_quote"),
    path("quotes/<uuid:version_id>/pdf/", portal_pages.PortalQuotePdf.as_view(), name="portal_quote_pdf"),
    path("quotes/<uuid:version_id>/upload/", signed.PortalUpload.as_view(), name="portal_upload"),
    path("quotes/<uuid:version_id>/signed/", signed.PortalSignedFile.as_view(), name="portal_signed"),
    path(
        "quotes/<uuid:version_id>/terms/pdf/",
        specific_terms.PortalSpecificTerms.as_view(),
        name="portal_specific_terms",
    ),
    path("contracts/", portal_agreements.PortalAgreements.as_view(), name="portal_agreements"),
    path("subscriptions/<uuid:subscription_id>/again/", again.PortalAgain.as_view(), name="portal_renew"),
]
