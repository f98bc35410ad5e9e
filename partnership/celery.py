"""The Celery application: what the worker and beat run, and what a page hands work to."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")

app = Celery("partnership", task_cls="partnership.worker:NamedInHistory")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
