"""How gunicorn serves the pages: `gunicorn config.wsgi --config deploy/gunicorn.conf.py`."""

import os
import signal
from contextlib import suppress
from typing import Any

from gunicorn.systemd import sd_notify

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


def when_ready(server: Any) -> None:
    """Tell systemd which master the service is: after an upgrade, the new one."""
    sd_notify(f"MAINPID={os.getpid()}", server.log)


def post_worker_init(worker: Any) -> None:
    """Let the master before this one answer what it has begun and end, once one of ours can answer.

    A release that can't start never comes here: the one before goes on.
    """
    before = os.environ.pop("GUNICORN_PID", "")
    if before:
        worker.log.info("Ready; the release before ends")
        with suppress(ProcessLookupError):
            os.kill(int(before), signal.SIGTERM)
