"""The product's settings, with django-tenants' own connection, middleware and Django's own way to sign in."""

from config.settings import *  # noqa: F403
from config.settings import _migrator

TENANT_DB_ALIAS = "default"
DATABASES = {
    "default": {**_migrator, "CONN_MAX_AGE": 600}
}  # persistent, and signed in as who owns the tables
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SESSION_COOKIE_NAME = "sessionid"
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "_naive.urls"
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "_naive.views.WhatTemplatesRead",
]
