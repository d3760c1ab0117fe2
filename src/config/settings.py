"""Settings, read from the environment; docs/operating.md says what each variable does."""

import logging
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url

from config.cache import cache_of
from config.generics import allow_type_arguments
from config.storage import storage_of
from isolation.policy.names import roles

allow_type_arguments()

BASE_DIR = Path(__file__).resolve().parents[2]


def _flag(name: str) -> bool:
    """Return whether a variable is set; "False", "No" and "0" switch off like nothing at all."""
    return os.environ.get(name, "").strip().lower() not in {"", "0", "false", "no", "off"}


DEMO = _flag("PREAU_DEMO")
HAS_DEMO_APP = DEMO or _flag("PREAU_DEMO_APP")  # the checks read its words and its world without serving it
LOCAL_APPS = [
    "isolation",
    "contracts",
    "agenda",
    "audit",
    "tenants",
    "people",
    "exports",
    "support",
    "classrooms",
    "learning",
    "billing",
    "dpa",
    "website",
    *(["demo"] if HAS_DEMO_APP else []),
]
DEBUG = _flag("PREAU_DEBUG")
STATE = Path(os.environ.get("PREAU_STATE", BASE_DIR / ".state" / "local"))
SHARED_TENANT = "familles"  # the address of the tenant where customers of a shared offer live together
PUBLIC_HOST = os.environ.get("PREAU_PUBLIC_HOST", "localhost")
PORT = os.environ.get("PREAU_PORT", "")
INSECURE_HTTP = DEMO or _flag("PREAU_INSECURE_HTTP")  # the demo speaks plain http on loopback
SECRET_KEY = os.environ.get("SECRET_KEY") or ("demo and tests only " * 3 if DEMO or DEBUG else "")
ALLOWED_HOSTS = [
    "*"
]  # a host is allowed when it is the public one or a tenant's: tenants.middleware answers the rest
USE_X_FORWARDED_HOST = False
if _flag("PREAU_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = int(
    os.environ.get("PREAU_TRUSTED_PROXIES", "0")
)  # whose X-Forwarded-For says where requests come from
ALLAUTH_TRUSTED_PROXY_COUNT = (
    0  # config.middleware.ClientAddress has looked through the proxies before allauth asks
)

INSTALLED_APPS = [
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    *(["django_linear_migrations"] if find_spec("django_linear_migrations") else []),  # a developer's tool
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    *LOCAL_APPS,
]
SHARED_APPS = INSTALLED_APPS  # django-tenants wants both lists; isolation.router decides by each model's home
TENANT_APPS = INSTALLED_APPS
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PUBLIC_SCHEMA_NAME = "public"
TENANT_SYNC_ROUTER = "isolation.router.SchemaRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
TENANT_DB_ALIAS = "migrator"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "config.middleware.NameRequest",
    "website.middleware.AnswerProbes",
    "config.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.CompressPages",
    "config.static.StampedStatic",
    "config.middleware.ContentSecurityPolicy",
    "tenants.middleware.EnterTenant",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "people.middleware.ChooseLanguage",
    "people.middleware.SayWhatIsWrong",
    "people.middleware.RefuseLargeBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "people.middleware.KnowThePerson",
    "people.middleware.AcceptTermsFirst",
    "people.middleware.PermissionMiddleware",
    "people.once.AnswerFormsOnce",
    "billing.api.once.AnswerOnce",
]
ROOT_URLCONF = "config.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["contracts.templatetags.dates", "billing.templatetags.once"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.messages.context_processors.messages",
                "people.context.layout",
                *(["demo.context.doors"] if DEMO else []),
            ],
        },
    }
]

# The database: `default` signs in as the application, `migrator` owns the tables (docs/operating.md).
_URL = os.environ.get("DATABASE_URL", "postgresql:///preau")
_MIGRATOR_URL = os.environ.get("MIGRATOR_DATABASE_URL", "")
_default = dj_database_url.parse(_URL)
_migrator = dj_database_url.parse(_MIGRATOR_URL or _URL)
DATABASE_APP_ROLE = _default["USER"] if _MIGRATOR_URL else ""
for _database in (_default, _migrator):
    _database["NAME"] = os.environ.get("PREAU_DATABASE", _database["NAME"])
_default |= {
    "ENGINE": "isolation.backend",
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,  # a server that was started again costs nobody an error
    "OPTIONS": {**_default.get("OPTIONS", {}), "options": "-c search_path="},
}
_migrator |= {
    "ENGINE": "django_tenants.postgresql_backend",
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": 0,
    "OPTIONS": {**_migrator.get("OPTIONS", {}), "options": f"-c role={roles(_migrator['NAME']).migrator}"},
}
DATABASES = {"default": _default, "migrator": _migrator}

AUTH_USER_MODEL = "people.Person"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Cookies: host-only, so none crosses sub-domains; the __Host- prefix wherever the connection is encrypted.
_prefix = "" if INSECURE_HTTP else "__Host-"
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["models.E006", "fields.E210"][:0]

# people: sign-in (allauth), what guards it, who rules the views that don't say so themselves
AUTHENTICATION_BACKENDS = ["people.backend.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "people.gateways.passwords.PasswordRule"}]
PASSWORD_RESET_TIMEOUT = 4 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
VIEW_PERMISSIONS = "config.access.VIEW_PERMISSIONS"
CSRF_FAILURE_VIEW = "people.views.problems.csrf_failed"
OPERATOR_LOCK_AFTER_MINUTES = int(os.environ.get("PREAU_LOCK_AFTER_MINUTES", "30"))
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.sign_in.SignInForm",
    "change_email": "people.forms.sign_in.ChangeAddressForm",
    "reauthenticate": "people.forms.sign_in.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # an address is proved by the link of the invitation, or when it is changed
)
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_HMAC = (
    False  # its link signs an integer key, which is another address in the next tenant
)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_USER_DISPLAY = "people.context.display"
ACCOUNT_RATE_LIMITS = {  # a key is an account from one address: a school behind one address isn't locked out
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/300s/key",
    "login_failed_anywhere": "40/h/key",  # here it is an account, wherever it is tried from
    "reset_password": "10/m/ip,3/h/key",
}
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "people.forms.sign_in.CodeForm",
    "reauthenticate": "people.forms.sign_in.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALES = Path(
    os.environ.get("PREAU_LOCALE", BASE_DIR / "locale")
)  # elsewhere when the checkout can't be written
LOCALE_PATHS = [LOCALES / app for app in ("common", *LOCAL_APPS)]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # a changed file has another address
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.StampedFiles"},
}
if _storage := os.environ.get("PREAU_STORAGE", ""):
    STORAGES["default"] = storage_of(_storage)
MEDIA_ROOT = Path(os.environ.get("PREAU_MEDIA_ROOT", STATE / "media"))
MEDIA_URL = "/never-served/"  # files are handed out by views that check who asks
ERASURE_LEDGER = Path(os.environ.get("PREAU_ERASURE_LEDGER", STATE / "erasure-ledger.jsonl"))
AUDIT_HEADS = Path(os.environ.get("PREAU_AUDIT_HEADS", STATE / "audit-heads"))  # signed, a folder a trail
SIGNING_KEYS = Path(os.environ.get("PREAU_SIGNING_KEYS", STATE / "signing-keys"))
EINVOICE_DROP = Path(
    os.environ.get("PREAU_EINVOICE_DROP", STATE / "einvoices")
)  # where documents leave the house
EINVOICE_UBL = frozenset(
    os.environ.get("PREAU_EINVOICE_UBL", "").split()
)  # channels that want UBL; CII otherwise
EINVOICE_GATEWAYS: dict[
    str, str
] = {}  # channel -> dotted class; a channel that isn't here leaves by the folder above
BACKUP_DIR = os.environ.get("PREAU_BACKUP_DIR", "")  # a backup is made there every night
BACKUPS_CONFIGURED = bool(BACKUP_DIR) or _flag("PREAU_BACKUPS")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a form's fields, or what a program sends
UPLOAD_LIMIT = int(os.environ.get("PREAU_UPLOAD_MB", "64")) * 1024 * 1024  # a form with its files, in all
VISITOR_LIMIT = 1024 * 1024  # whatever is sent by who isn't signed in
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Payments online: the account at the provider; without one nothing is offered online. A stand-in is for
# demonstrations.
STRIPE_API_KEY = os.environ.get("STRIPE_API_KEY", "")
STRIPE_WEBHOOK_SECRETS = [each for each in os.environ.get("STRIPE_WEBHOOK_SECRET", "").split(",") if each]
STRIPE_BASE = os.environ.get("PREAU_STRIPE_DOUBLE", "") if DEMO else ""

# How many machines serve the same installation, and the folders that all of them mount.
HOSTS = int(os.environ.get("PREAU_HOSTS", "1"))
SHARED_FOLDERS = tuple(Path(each) for each in os.environ.get("PREAU_SHARED_FOLDERS", "").split(":") if each)

MAILBOX_DIR = Path(os.environ.get("PREAU_MAILBOX_DIR", STATE / "mail"))
DEFAULT_FROM_EMAIL = os.environ.get("PREAU_MAIL_FROM", "Préau <ne-pas-repondre@preau.example>")
if os.environ.get("EMAIL_HOST"):
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = True
elif DEMO:
    EMAIL_BACKEND = "demo.gateways.mailbox.EmailBackend"
else:  # mails that reach nobody are kept where they can be looked at
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAILBOX_DIR

CELERY_BROKER_URL = os.environ.get("BROKER_URL", "")
CACHES = {"default": cache_of(cache_url=os.environ.get("CACHE_URL", ""), broker_url=CELERY_BROKER_URL)}

METRICS_TOKEN = os.environ.get("PREAU_METRICS_TOKEN", "")  # who shows it reads /metrics

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.api.bearer.Bearer"
    ],  # never a session: no request can be forged
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["people.api.parsers.ShallowJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "people.api.bearer.AlwaysJson",
    "DEFAULT_PAGINATION_CLASS": "people.api.bearer.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["people.api.bearer.PerToken"],
    "DEFAULT_THROTTLE_RATES": {"token": os.environ.get("PREAU_API_RATE", "120/min")},
    "EXCEPTION_HANDLER": "people.api.problems.answer",
    "DEFAULT_PERMISSION_CLASSES": [],  # PermissionMiddleware rules first, fail closed
    "UNAUTHENTICATED_USER": None,
}
LOG_FORMATS: dict[str, dict[str, Any]] = {"text": {"filters": ["tokens"]}, "json": {"formatter": "json"}}
LOG_FORMAT = os.environ.get("PREAU_LOG_FORMAT", "text")
logging.captureWarnings(LOG_FORMAT == "json")  # else a warning's lines stand between the others
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "config.logs.HideTokens"}},
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            **LOG_FORMATS[LOG_FORMAT],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("PREAU_LOG_LEVEL", "WARNING")},
}
