"""The addresses of returns."""

from django.urls import path

from billing.returns.views import returns, unavailable, withdrawals

console = [
    path("returns/", returns.ReturnList.as_view(), name="returns"),
    path("orders/<uuid:order_id>/return/", returns.OpenReturn.as_view(), name="return_new"),
    path("returns/<uuid:return_id>/", returns.ReturnPage.as_view(), name="return"),
    path("returns/<uuid:return_id>/slip/", returns.ReturnSlip.as_view(), name="return_slip"),
    path("returns/<uuid:return_id>/receive/", returns.ReceiveReturn.as_view(), name="return_receive"),
    path("returns/<uuid:return_id>/settle/", returns.ResolveReturn.as_view(), name="return_resolve"),
    path(
        "orders/<uuid:order_id>/impossible/",
        unavailable.ConfirmUnavailable.as_view(),
        name="unavailable_confirm",
    ),
    path(
        "orders/<uuid:order_id>/withdrawal/", withdrawals.RecordWithdrawal.as_view(), name="withdrawal_record"
    ),
    path("withdrawals/<uuid:withdrawal_id>/sent/", withdrawals.GoodsSent.as_view(), name="withdrawal_sent"),
]

portal = [
    path(
        "impossible/<uuid:impossible_id>/", unavailable.AnswerUnavailable.as_view(), name="portal_unavailable"
    ),
    path("orders/<uuid:order_id>/withdraw/", withdrawals.PortalWithdraw.as_view(), name="portal_withdraw"),
    path(
        "orders/<uuid:order_id>/withdrawal-form/",
        withdrawals.PortalWithdrawalForm.as_view(),
        name="portal_withdrawal_form",
    ),
    path("returns/<uuid:return_id>/slip/", withdrawals.PortalReturnSlip.as_view(), name="portal_return_slip"),
]
