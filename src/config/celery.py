"""The worker's application and the whole beat list.

One tick a minute finds what is due; the heads of the audit trails are signed once an hour.
"""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("preau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=2000,
    broker_connection_retry_on_startup=True,
    beat_schedule={
        "tick": {"task": "agenda.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
        "sign-heads": {
            "task": "tenants.tasks.sign_heads",
            "schedule": crontab(minute=7),
            "options": {"expires": 3000},
        },
    },
)
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery says no types
def log_as_the_web_does(**_: Any) -> None:
    """Let worker and beat log as Django's settings say, not in a format of Celery's own."""
    dictConfig(settings.LOGGING)
