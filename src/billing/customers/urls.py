"""The addresses of customers."""

from django.urls import path

from billing.customers.views import references, sent, sign_in

console = [
    path("customers/<uuid:customer_id>/reference/", references.MarkReference.as_view(), name="reference"),
    path(
        "customers/<uuid:customer_id>/reference/revoke/",
        references.RevokeReference.as_view(),
        name="reference_revoke",
    ),
    path("sent/<uuid:document_id>/", sent.SentDocumentPage.as_view(), name="sent_document"),
    path("sent/<uuid:document_id>/file/", sent.SentDocumentFile.as_view(), name="sent_document_file"),
    path(
        "sent/<uuid:document_id>/enclosures/<int:number>/",
        sent.SentEnclosure.as_view(),
        name="sent_enclosure",
    ),
]

portal = [
    path("sign-in/", sign_in.RequestSignInLink.as_view(), name="portal_sign_in"),
    path("enter/<str:token>/again/", sign_in.RenewLink.as_view(), name="portal_link_renew"),
    path("confirm/", sign_in.Confirm.as_view(), name="portal_confirm"),
    path("enter/<str:token>/", sign_in.SignIn.as_view(), name="portal_sign_in_link"),
    path("leave/", sign_in.SignOut.as_view(), name="portal_sign_out"),
]
