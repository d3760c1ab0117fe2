"""Settings of the tests: plain http, a quick hasher, files and mail that go nowhere."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("PREAU_INSECURE_HTTP", "1")
os.environ.setdefault("SECRET_KEY", "tests only " * 5)
os.environ.setdefault("PREAU_DEMO_APP", "1")
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
)  # a browser's driver leaves a loop running in this thread
if "PREAU_STATE" not in os.environ:
    os.environ["PREAU_STATE"] = tempfile.mkdtemp(prefix="preau-tests-")
    atexit.register(shutil.rmtree, os.environ["PREAU_STATE"], ignore_errors=True)

from config.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = ""
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "isolation.backend.cache.place_key",
    }
}
# A statement that runs away is ended by the server: ended by the test alone, it would keep its locks, and
# hold up every test after it.
for _each in DATABASES.values():  # noqa: F405
    _options = _each.setdefault("OPTIONS", {})
    _options["options"] = f"{_options.get('options', '')} -c statement_timeout=300000".strip()
