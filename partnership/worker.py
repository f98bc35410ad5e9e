"""What every task of the worker has: the name of what asked for it, and where nobody pressed anything, its own."""

import time

import pghistory
from celery import Task
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership.request_ids import ASKED_AT, IN_TASKS, current


class NamedInHistory(Task):
    """A task's name, like ``send_reminders``, stands with all that it writes, and the request that asked for it."""

    abstract = True

    def apply_async(self, args=None, kwargs=None, *, headers=None, **options):
        asked = current()
        headers = {**(headers or {}), ASKED_AT: time.time(), **({IN_TASKS: asked} if asked else {})}
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args, **kwargs):
        with pghistory.context(task=self.name.rpartition(".")[2], request=current()):
            return super().__call__(*args, **kwargs)

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        keep_fault = import_string("partnership.operations.faults.keep_fault")  # by name: no models when this is loaded
        keep_fault("task", self.name, exc, at=timezone.now())
