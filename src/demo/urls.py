"""Addresses that exist on a demonstration only: the mailbox, and who can sign in."""

from django.conf import settings
from django.urls import path

from demo import views

demo_urlpatterns = [
    path("demo/", views.WhoCanSignIn.as_view(), name="people"),
    path("mailbox/", views.Mailbox.as_view(), name="mailbox"),
    path("mailbox/<str:key>/", views.MailPage.as_view(), name="mail"),
    path("mailbox/<str:key>/html/", views.MailAsSent.as_view(), name="mail_html"),
    path("mailbox/<str:key>/<int:number>/", views.Attachment.as_view(), name="attachment"),
]
public_urlpatterns = demo_urlpatterns if settings.DEMO else []
