"""How gunicorn serves the pages: `gunicorn config.wsgi --config deploy/gunicorn.conf.py`."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
threads = 4
max_requests = 5000  # a connection keeps about 1 MB per tenant it has visited
max_requests_jitter = 500
graceful_timeout = 30

if os.environ.get("PREAU_LOG_FORMAT") == "json":
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": os.environ.get("PREAU_LOG_LEVEL", "WARNING"), "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
    }
